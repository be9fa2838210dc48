"""Both inference engines conclude the same on every case, also when the child is killed in between."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.infer.chain import Chain
from chargelore.engine.infer.fact import Fact
from chargelore.engine.rule import CaseRule, Need
from chargelore.engine.rulefile import Conclude
from chargelore.kb.model import CauseId, EvidenceId

child = pytest.importorskip(
    "chargelore.engine.infer.child", reason="needs durable-rules, which cannot be had on Python 3.13 and later"
)
pytest.importorskip("durable", reason="durable-rules cannot be had on Python 3.13 and later; the chainer serves there")

SYMPTOMS = [f"s{number}" for number in range(8)]
CONNECTORS = [None, 1, 2]

needs = st.lists(
    st.builds(Need, symptom=st.sampled_from(SYMPTOMS), same_connector=st.booleans()),
    min_size=1,
    max_size=4,
    unique_by=lambda need: need.symptom,
)
conclusions = st.one_of(
    st.builds(Conclude, cause=st.sampled_from(["c1", "c2"])), st.builds(Conclude, symptom=st.sampled_from(SYMPTOMS))
)
rule_bodies = st.lists(st.tuples(needs, conclusions), min_size=1, max_size=8)
facts = st.lists(st.builds(Fact, st.sampled_from(SYMPTOMS), st.sampled_from(CONNECTORS)), max_size=10, unique=True)


def rule(number: int, wanted: list[Need], end: Conclude) -> CaseRule:
    return CaseRule(
        id=f"r{number}", needs=tuple(wanted), conclude=end, why="", status="stable", author="x",
        examples=(), version="1", place="test",
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(rule_bodies, st.lists(facts, min_size=1, max_size=20))
def test_any_rules_conclude_the_same_on_any_case(
    bodies: list[tuple[list[Need], Conclude]], cases: list[list[Fact]]
) -> None:
    rules = [rule(number, *body) for number, body in enumerate(bodies)]
    durable, chain = child.Durable(rules), Chain(rules)
    try:
        for case in cases:
            assert durable.conclude(case) == chain.conclude(case)
        assert durable.standing.restarts == 0
    finally:
        durable.close()


def worlds(seed: int, rules: int, cases: int) -> tuple[list[CaseRule], Iterator[list[Fact]]]:
    dice = random.Random(seed)  # noqa: S311  # draws cases, keeps no secret
    symptoms = [f"s{number}" for number in range(30)]

    def one(number: int) -> CaseRule:
        wanted = [
            Need(symptom=EvidenceId(each), same_connector=dice.random() < 0.4)
            for each in dice.sample(symptoms, dice.randint(1, 4))
        ]
        ends = Conclude(cause=CauseId(f"c{number}")), Conclude(symptom=EvidenceId(dice.choice(symptoms)))
        return rule(number, wanted, dice.choice(ends))

    made = [one(number) for number in range(rules)]
    drawn = (
        [Fact(EvidenceId(dice.choice(symptoms)), dice.choice(CONNECTORS)) for _ in range(dice.randint(0, 12))]
        for _ in range(cases)
    )
    return made, drawn


def test_two_thousand_drawn_cases_conclude_the_same() -> None:
    rules, cases = worlds(seed=7, rules=40, cases=2_000)
    durable, chain = child.Durable(rules), Chain(rules)
    try:
        assert all(durable.conclude(case) == chain.conclude(case) for case in cases)
    finally:
        durable.close()


def test_a_killed_child_is_replaced_and_nothing_changes() -> None:
    rules, cases = worlds(seed=3, rules=20, cases=200)
    dice = random.Random(5)  # noqa: S311  # as above
    durable, chain = child.Durable(rules), Chain(rules)
    try:
        for number, case in enumerate(cases):
            if number % 20 == 0 and durable.pid is not None:
                os.kill(durable.pid, dice.choice([signal.SIGSEGV, signal.SIGKILL]))
            assert durable.conclude(case) == chain.conclude(case)
        assert durable.standing.restarts >= 5
    finally:
        durable.close()


def test_seventy_rules_that_ask_for_one_symptom_are_more_than_a_set_carries_and_hold_all_the_same() -> None:
    rules = [rule(number, [Need(symptom=EvidenceId("s1"))], Conclude(cause=CauseId("c"))) for number in range(70)]
    durable = child.Durable(rules)
    try:
        assert len(durable.conclude([Fact(EvidenceId("s1"))])) == 70
    finally:
        durable.close()


def test_eight_symptoms_on_a_dozen_connectors_do_not_multiply() -> None:
    wanted = [Need(symptom=EvidenceId(f"s{number}")) for number in range(8)]
    durable = child.Durable([rule(0, wanted, Conclude(cause=CauseId("c")))])
    case = [Fact(need.symptom, connector) for need in wanted for connector in range(1, 13)]
    try:
        assert len(durable.conclude(case)) == 1
        assert durable.standing.restarts == 0
    finally:
        durable.close()


def test_the_answer_depends_on_the_case_alone_and_not_on_the_ones_before() -> None:
    rules = [rule(0, [Need(symptom=EvidenceId("s1")), Need(symptom=EvidenceId("s2"))], Conclude(cause=CauseId("c")))]
    durable = child.Durable(rules)
    try:
        assert durable.conclude([Fact(EvidenceId("s1")), Fact(EvidenceId("s2"))])
        assert durable.conclude([Fact(EvidenceId("s1"))]) == ()
        assert durable.conclude([Fact(EvidenceId("s2"))]) == ()
    finally:
        durable.close()
