"""A draft is a rule that can be read, passes its own examples, and holds nothing but what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moments import signal, status
from sessions import CAUSE, day, log, meter, session, trip

from chargelore.engine.drafting.draft import Material, drafted, read_back, rule_id
from chargelore.engine.drafting.learning import learn
from chargelore.engine.drafting.session import Session
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.grammar.ruletext import comment, flow
from chargelore.engine.lint import lint
from chargelore.engine.proving.exercise import exercise
from chargelore.engine.signal import Signal
from chargelore.kb.errors import RuleError
from chargelore.kb.load import shipped
from chargelore.kb.yamlfile import parse

QUIET = [*day(), status(9000, "Available")]
STORIES: dict[str, tuple[list[Signal], list[Signal]]] = {
    "a fault": ([*day(), trip(300)], QUIET),
    "a fault soon after plug-in": ([*day(), trip(109)], [*day(), trip(1700)]),
    "a limit": ([*day(), meter(400, 91.5)], QUIET),
    "a power below the offer": (
        [*day(), signal(400, "meter", {"current": 4.0, "current.offered": 16.0}, connector=1)], QUIET,
    ),
    "words": ([*day(), log(300, 'motor: "lock\tblocked" \x1b[31m#{x: y}')], [*day(), log(300, "motor: all is well")]),
    "a storm": ([*day(), *(status(300 + 9 * n, "Preparing") for n in range(8))], QUIET),
    "stuck": ([status(0, "Available"), status(60, "Finishing"), status(9000, "Available")],
              [status(0, "Available"), status(60, "Finishing"), status(400, "Available")]),
    "no session comes": ([status(0, "Available"), status(60, "Preparing"), signal(5000, "heartbeat"),
                          signal(5001, "start", connector=1)],
                         [status(0, "Available"), status(60, "Preparing"), signal(80, "start", connector=1),
                          signal(5000, "heartbeat")]),
    "a bare code": ([*day(), signal(300, "code", {"code": "0x0011", "vendor": "Alfen"}, connector=1)], QUIET),
}  # fmt: skip


def draft_of(ill: list[Session], well: list[Session]) -> str:
    learned = learn(ill, well)
    assert learned.best is not None
    material = Material(cause=shipped().causes[CAUSE], positives=ill, healthy=well, since="2024-05-01")
    return drafted("a-draft", learned, material, shipped())


@pytest.mark.parametrize("story", STORIES)
def test_a_draft_does_as_its_examples_say_and_lint_finds_no_error(story: str) -> None:
    ill, well = STORIES[story]
    text = draft_of([session(f"ill-{n}", ill, CAUSE) for n in range(3)], [session(f"ok-{n}", well) for n in range(2)])
    rule = read_back("a-draft", text)
    rules = Rules(signal_rules=(rule,))
    assert rule.status == "draft"
    assert {each.expect for each in rule.examples} == {"match", "no match"}, text
    assert [each.example for each in exercise(rules) if not each.passed] == []
    assert [each.what for each in lint(rules, shipped(), "error")] == []


def test_a_draft_says_from_how_many_it_was_learned_and_calls_one_case_weak() -> None:
    ill, well = STORIES["a fault"]
    text = draft_of([session("ill", ill, CAUSE)], [session("ok", well)])
    assert "WEAK" in text
    assert read_back("a-draft", text).limits.startswith("Weak: learned from 1 case and 1 healthy session")


@given(
    noise=st.lists(st.text(max_size=60), min_size=1, max_size=4),
    name=st.text(max_size=30),
    fields=st.dictionaries(
        st.text(max_size=12), st.one_of(st.text(max_size=20), st.floats(), st.integers()), max_size=4
    ),
)
def test_whatever_a_charger_writes_the_draft_reads_back_and_passes(
    noise: list[str], name: str, fields: dict[str, str | float]
) -> None:
    odd = [log(50 + n, f"lock blocked {text} {name}") for n, text in enumerate(noise)]
    odd.append(signal(70, "data-transfer", {**fields, "messageId": name}))
    odd.append(signal(71, "status", {**fields, "info": name}, connector=1))
    ill = [session(name or "ill", [*day(), *odd], CAUSE), session("other", [*day(), *odd], CAUSE)]
    text = draft_of(ill, [session("ok", day())])
    rule = read_back("a-draft", text)
    assert [each.example for each in exercise(Rules(signal_rules=(rule,))) if not each.passed] == []
    assert text.isprintable() or all(each.isprintable() or each == "\n" for each in text)


VALUES = st.recursive(
    st.one_of(st.text(), st.integers(-(10**9), 10**9), st.booleans(), st.floats(-1e9, 1e9).map(lambda n: round(n, 6))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(min_size=1), inner, max_size=3)),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_on_one_line_reads_back_as_itself(value: object) -> None:
    line = flow({"value": value})
    assert len(line.splitlines()) == 1
    assert parse(Path("x.yaml"), RuleError, line).value == {"value": value}


@given(st.text())
def test_a_remark_stays_on_its_line(text: str) -> None:
    assert parse(Path("x.yaml"), RuleError, f"a: 1  # {comment(text)}\nb: 2\n").value == {"a": 1, "b": 2}


def test_an_id_that_is_taken_gets_a_number() -> None:
    cause = shipped().causes[CAUSE]
    assert rule_id(cause, ()) == "water-in-coupler-seen"
    assert rule_id(cause, ("water-in-coupler-seen",)) == "water-in-coupler-seen-2"


def test_examples_leave_out_the_charger_and_long_numbers() -> None:
    ill = [
        session(
            f"ill-{n}", [*day(), log(300, f"C1 locking motor blocked, card 04a1b2c3d4, call +4912345{n}678")], CAUSE
        )
        for n in range(2)
    ]
    text = draft_of(ill, [session("ok", day())])
    assert "locking motor" in text
    assert not any(each in text for each in ("C1", "04a1b2c3d4", "4912345"))


def test_a_draft_says_where_the_cases_are_more_alike_than_their_cause_makes_them() -> None:
    boot = signal(1, "boot", {"vendor": "Alfen"})
    other = signal(1, "boot", {"vendor": "Zaptec"})
    text = draft_of(
        [session(f"ill-{n}", [boot, *day(), trip(300 + n)], CAUSE) for n in range(3)],
        [session(f"ok-{n}", [other, *day()]) for n in range(2)],
    )
    limits = read_back("a-draft", text).limits
    assert "All cases are of one charger." in limits
    assert "No healthy session is of a maker of the cases." in limits
