"""The rules that ship: every example does as it says in what runs live, and a reviewer has nothing to say."""

from __future__ import annotations

from collections import Counter

import pytest

from chargelore.engine.exercise import exercise
from chargelore.engine.infer import best
from chargelore.engine.lint import lint
from chargelore.engine.rule import SHIPPED, Rules, load_rules
from chargelore.kb.load import load


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


def test_the_first_slice_is_there(rules: Rules) -> None:
    assert len(rules.signal_rules) + len(rules.case_rules) >= 40


def test_every_file_of_the_folder_is_a_rule_in_its_place() -> None:
    for file in SHIPPED.rglob("*.yaml"):
        assert file.relative_to(SHIPPED).parts[0] in ("signals", "cases"), file
