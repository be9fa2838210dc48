"""The rules that ship: every example does as it says in what runs live, and a reviewer has nothing to say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from chargelore.engine.grammar.rule import SHIPPED, Rules, load_rules
from chargelore.engine.infer import best
from chargelore.engine.lint import lint
from chargelore.engine.matching.network import START, compile_rules
from chargelore.engine.proving.exercise import exercise
from chargelore.engine.signal import Signal
from chargelore.kb.claim import Domain
from chargelore.kb.errors import RuleError
from chargelore.kb.load import load
from chargelore.kb.yamlfile import parse

ORDINARY = frozenset(
    {"socket-closed-in-log", "log-waiting-for-vehicle"}
)  # each weighs little, as it is often no trouble


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def test_every_example_of_every_rule_does_as_it_says(rules: Rules) -> None:
    inference = best(rules.case_rules)
    try:
        failed = [f"{each.place}: {each.example}" for each in exercise(rules, inference) if not each.passed]
    finally:
        inference.close()
    assert failed == []


def test_every_rule_has_a_match_and_a_near_miss(rules: Rules) -> None:
    for rule in (*rules.signal_rules, *rules.case_rules):
        told = Counter(example.expect for example in rule.examples)
        assert told["match"], rule.place
        assert told["no match"], rule.place


def test_a_reviewer_has_nothing_to_say(rules: Rules) -> None:
    assert [f"{each.code} {each.place}: {each.what}" for each in lint(rules, load())] == []


def test_every_stable_rule_says_who_answers_for_it_where_it_comes_from_and_what_it_cannot_tell() -> None:
    for file in SHIPPED.rglob("*.yaml"):
        written = parse(file, RuleError).value
        assert all(written.get(key) for key in ("examples", "author", "source", "limits")), file


def test_stable_rules_cover_every_domain_and_none_thinly(rules: Rules) -> None:
    stable = [rule for rule in (*rules.signal_rules, *rules.case_rules) if rule.status == "stable"]
    by_domain = Counter(Path(rule.place).parent.name for rule in stable)
    assert set(by_domain) == set(get_args(Domain))
    assert min(by_domain.values()) >= 5
    assert len(stable) >= 150


def test_every_file_of_the_folder_is_a_rule_in_its_place() -> None:
    for file in SHIPPED.rglob("*.yaml"):
        assert file.relative_to(SHIPPED).parts[0] in ("signals", "cases"), file


@pytest.mark.parametrize("log", ["healthy.log", "alike.log"])
def test_words_of_trouble_in_a_sound_log_are_no_symptom(rules: Rules, log: str) -> None:
    network = compile_rules(rules)
    told = [
        f"{firing.rule}: {line}"
        for line in (Path(__file__).parent / log).read_text(encoding="utf-8").splitlines()
        for firing in network.step(START, Signal(layer="firmware", kind="log", fields={"text": line}))[1]
        if firing.rule not in ORDINARY
    ]
    assert told == []
