"""Table: what is worked out once for a knowledge says of every case what the plain arithmetic says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import plain_arithmetic as plain
import pytest
import small_world as world
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.suspicion import Suspicion, chances, suspected
from chargelore.engine.firing import Conclusion
from chargelore.kb.learned import NOTHING_LEARNED, Learned, Tally
from chargelore.kb.model import (
    Cause,
    CauseId,
    Evidence,
    EvidenceId,
    Fault,
    FaultId,
    Fixes,
    Knowledge,
    Shows,
    Step,
    StepId,
)

CHARGER = Charger(id="c", vendor="Acme", model="One", firmware="1.0")
GRADES = st.sampled_from(["never", "rarely", "sometimes", "often", "always"])
FAULTS = [FaultId(f"fault-{number}") for number in range(3)]
SIGNS = [EvidenceId(f"sign-{number}") for number in range(8)]
CAUSES = [CauseId(f"cause-{number}") for number in range(7)]
STEPS = [StepId(f"step-{number}") for number in range(3)]
ANSWERS = {each: ("yes", "no") if place % 4 else ("hot", "cold", "no") for place, each in enumerate(SIGNS)}
TALLY = st.builds(Tally, yes=st.floats(0, 100), no=st.floats(0, 100), cases=st.integers(0, 9), held=st.integers(0, 9))


def shown() -> st.SearchStrategy[Shows]:
    pairs = st.sampled_from([(sign, answer) for sign in SIGNS for answer in (*ANSWERS[sign], "nonsense")])
    return st.builds(lambda pair, grade: Shows(evidence=pair[0], answer=pair[1], grade=grade), pairs, GRADES)


@st.composite
def knowledges(draw: st.DrawFn) -> Knowledge:
    groups = draw(st.lists(st.sampled_from(["", "", "heat", "trip"]), min_size=8, max_size=8))
    signs = [
        Evidence(id=each, question=each, answers=ANSWERS[each], group=group, leak=draw(GRADES))
        for each, group in zip(SIGNS, groups, strict=True)
    ]
    causes = [
        Cause(
            id=each,
            fault=draw(st.sampled_from(FAULTS)),
            label=each,
            prior=draw(GRADES),
            shows=tuple(draw(st.lists(shown(), max_size=6))),
            words=tuple(draw(st.sets(st.sampled_from(["smell", "click", "rain"])))),
            status=draw(st.sampled_from(["reviewed", "reviewed", "deprecated"])) if each != CAUSES[0] else "reviewed",
            replaced_by=CAUSES[0],
        )
        for each in CAUSES
    ]
    steps = [
        Step(id=each, kind="repair", label="", minutes=5, fixes=tuple(Fixes(cause=one) for one in CAUSES[place::3]))
        for place, each in enumerate(STEPS)
    ]
    faults = [Fault(id=each, label=each, domain="safety", definition="", responsible=("cso",)) for each in FAULTS]
    return Knowledge(
        sources={},
        faults={each.id: each for each in faults},
        codes=(),
        evidence={each.id: each for each in signs},
        causes={each.id: each for each in causes},
        steps={each.id: each for each in steps},
    )


def learned() -> st.SearchStrategy[Learned]:
    keys = st.tuples(st.sampled_from(CAUSES), st.sampled_from(SIGNS), st.sampled_from(["yes", "no", "hot"]))
    cures = st.tuples(st.sampled_from(STEPS), st.sampled_from(CAUSES))
    counted = st.builds(
        lambda shown, fixed: Learned(shown=shown, fixed=fixed, cases=len(shown)),
        st.dictionaries(keys, TALLY, max_size=9),
        st.dictionaries(cures, TALLY, max_size=4),
    )
    return st.one_of(st.just(NOTHING_LEARNED), counted)


@st.composite
def observations(draw: st.DrawFn) -> Observed:
    answers: Mapping[EvidenceId, str] = draw(
        st.dictionaries(st.sampled_from(SIGNS), st.sampled_from(["yes", "no", "hot", "??"]), max_size=5)
    )
    ends = st.builds(
        lambda cause, facts, grade: Conclusion(rule="r", facts=tuple(facts), cause=cause, grade=grade),
        st.sampled_from(CAUSES),
        st.lists(st.sampled_from(SIGNS), max_size=3),
        GRADES,
    )
    return Observed(
        answers=answers,
        absent=frozenset(draw(st.sets(st.sampled_from(SIGNS)))) - answers.keys(),
        faults=draw(st.dictionaries(st.sampled_from(FAULTS), st.sampled_from([0.02, 0.5, 0.9]), max_size=2)),
        conclusions=tuple(draw(st.lists(ends, max_size=2))),
        words=frozenset(draw(st.sets(st.sampled_from(["smell", "click", "rain", "zebra"])))),
    )


@given(knowledges(), learned(), observations(), st.lists(st.sampled_from(STEPS), max_size=3))
def test_what_is_worked_out_once_says_what_the_plain_arithmetic_says(
    knowledge: Knowledge, counts: Learned, seen: Observed, tried: list[StepId]
) -> None:
    found = suspected(knowledge, counts, CHARGER, seen, tuple(tried))
    stage, told = plain.scores(knowledge, counts, CHARGER, seen, tried)
    names = [*(each.id for each in found.causes), plain.UNLISTED]
    assert names[:-1] == sorted(stage.keys() - {plain.UNLISTED})
    assert dict(zip(names, found.stage, strict=True)) == pytest.approx(stage)
    assert dict(zip(names, found.told, strict=True)) == pytest.approx(told)
    shares = dict(zip(names, chances(found, 0.85), strict=True))
    assert shares == pytest.approx(plain.chances(stage, told, 0.85))


@given(knowledges(), observations())
def test_the_order_in_which_things_were_seen_changes_no_digit(knowledge: Knowledge, seen: Observed) -> None:
    turned = dict(reversed(list(seen.answers.items())))
    other = Observed(
        answers=turned,
        absent=frozenset(sorted(seen.absent, reverse=True)),
        faults=dict(reversed(list(seen.faults.items()))),
        conclusions=seen.conclusions,
        words=seen.words,
    )
    assert scores(suspected(knowledge, NOTHING_LEARNED, CHARGER, seen)) == scores(
        suspected(knowledge, NOTHING_LEARNED, CHARGER, other)
    )


def scores(found: Suspicion) -> tuple[object, ...]:
    return [each.id for each in found.causes], found.stage, found.told


def test_two_signs_of_one_event_count_once_and_the_louder_one() -> None:
    shows = (Shows(evidence=SIGNS[1], grade="often"), Shows(evidence=SIGNS[2], grade="always"))
    signs = [Evidence(id=each, question=each, group="one event", leak="rarely") for each in SIGNS[1:3]]
    knowledge = replace(
        world.knowledge(),
        evidence={each.id: each for each in signs},
        causes={CAUSES[0]: Cause(id=CAUSES[0], fault=world.TRIP, label="x", shows=shows)},
    )
    both = suspected(knowledge, NOTHING_LEARNED, CHARGER, saw(SIGNS[1], SIGNS[2]))
    loud = suspected(knowledge, NOTHING_LEARNED, CHARGER, saw(SIGNS[2]))
    assert both.told == loud.told
    assert [weight.evidence for weight in both.weights[0]] == [SIGNS[2]]


def saw(*signs: EvidenceId) -> Observed:
    answers = dict.fromkeys(signs, "yes")
    return Observed(answers=answers, absent=frozenset(), faults={}, conclusions=(), words=frozenset())
