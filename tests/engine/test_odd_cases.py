"""Odd cases: whatever a case, a finding or a change of knowledge holds, the diagnosis is an answer or a refusal."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import small_world as world
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.firing import Conclusion
from chargelore.engine.signal import Signal
from chargelore.kb.clock import Stamp
from chargelore.kb.errors import InputError
from chargelore.kb.events import Event, finding_event, in_time
from chargelore.kb.finding import Finding, Machine, StepTaken
from chargelore.kb.fold import fold
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.model import CauseId, EvidenceId, Fixes, StepId

KNOWLEDGE = world.knowledge()
NOW = datetime(2026, 3, 1, tzinfo=UTC)

causes = st.sampled_from([*world.knowledge().causes, "unknown", "not listed: a mouse", "gone-cause"])
evidence = st.dictionaries(
    st.sampled_from([world.AT_PLUG_IN, world.RAIN, world.WHEN, world.IDLE, EvidenceId("gone")]),
    st.sampled_from(["yes", "no", "plug-in", "load", "random", "unknown", "??", ""]),
)
tried = st.lists(st.sampled_from([world.DRY, world.SWAP, world.ASK_RAIN, StepId("gone")]), max_size=6).map(tuple)
machines = st.builds(
    Machine,
    vendor=st.sampled_from(["", "Acme", "acme ", "Other/Two", "株式会社"]),
    model=st.sampled_from(["", "One", "\x00"]),
    firmware=st.sampled_from(["", "1.9", "2.0"]),
)
taken = st.builds(StepTaken, id=st.sampled_from([world.DRY, StepId("gone")]), worked=st.booleans())
findings = st.builds(
    Finding,
    case=st.just("c"),
    fault=st.sampled_from([world.TRIP, world.LINK, "gone"]),
    cause=causes,
    charger=machines,
    codes=st.sampled_from([(), ("E7",)]),
    evidence=evidence,
    steps=st.lists(taken, max_size=3).map(tuple),
)
vendors, versions = st.sampled_from(["", "Acme", "Never Seen"]), st.sampled_from(["", "1.9", "x"])
chargers = st.builds(Charger, id=st.just("x"), vendor=vendors, firmware=versions)


def at(moment: datetime, number: int = 0) -> Stamp:
    return Stamp(int(moment.timestamp() * 1000) + number, 0, "r")


def told(some: list[Finding]) -> list[Event]:
    return [
        finding_event(each, stamp=at(NOW, place), author=f"a{place % 3}") for place, each in enumerate(some)
    ]  # fmt: skip


def sound(found: Diagnosis) -> None:
    shares = [each.probability for each in found.hypotheses]
    assert all(math.isfinite(share) and 0 < share < 1 for share in (*shares, found.unknown))
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) + found.unknown == pytest.approx(1, abs=0.05)  # what is below 1 in 200 is not shown
    points = [reason.points for each in found.hypotheses for reason in (*each.because, *each.against)]
    assert all(math.isfinite(each) for each in points)


@settings(deadline=None)
@given(
    st.lists(findings, max_size=40), evidence, tried, chargers, st.sets(st.sampled_from([world.AT_PLUG_IN, world.IDLE]))
)
def test_whatever_was_found_and_is_seen_the_chances_are_chances(
    some: list[Finding], said: dict[EvidenceId, str], done: tuple[StepId, ...], charger: Charger, seen: set[EvidenceId]
) -> None:
    case = replace(world.case(*sorted(seen), answers=said, charger=charger, faults=(world.TRIP,)), tried=done)
    sound(diagnose(KNOWLEDGE, fold(told(some)), case))


def test_a_person_who_contradicts_a_signal_is_believed() -> None:
    both = world.case(world.AT_PLUG_IN, answers={world.AT_PLUG_IN: "no"}, faults=(world.TRIP,))
    found = diagnose(KNOWLEDGE, NOTHING_LEARNED, both)
    sound(found)
    assert {reason.evidence for each in found.hypotheses for reason in each.against} == {world.AT_PLUG_IN}


def test_ten_thousand_signals_make_nothing_sure() -> None:
    signals = tuple(Signal(layer="ocpp", kind="heartbeat") for _ in range(10_000))
    case = replace(world.case(world.AT_PLUG_IN, world.IDLE, faults=(world.TRIP, world.LINK)), signals=signals)
    many = replace(case, firings=case.firings * 5_000)
    assert diagnose(KNOWLEDGE, NOTHING_LEARNED, many) == diagnose(KNOWLEDGE, NOTHING_LEARNED, case)
    sound(diagnose(KNOWLEDGE, NOTHING_LEARNED, many))


def test_signals_of_the_future_are_weighed_like_any_other() -> None:
    future = tuple(Signal(layer="ocpp", kind="heartbeat", at=NOW + timedelta(days=36_500)) for _ in range(40))
    case = replace(world.case(world.AT_PLUG_IN, faults=(world.TRIP,)), signals=future, opened_at=future[0].at)
    sound(diagnose(KNOWLEDGE, NOTHING_LEARNED, case))


def test_a_finding_from_a_clock_that_is_days_ahead_is_refused_with_a_cure() -> None:
    wet = Finding(case="c", fault=world.TRIP, cause=world.WET)
    early = finding_event(wet, stamp=at(NOW + timedelta(days=3)), author="olga")
    with pytest.raises(InputError, match="more than a day in the future") as refused:
        in_time(early, NOW)
    assert "clock" in str(refused.value)


def test_a_clock_that_is_hours_off_changes_no_count() -> None:
    cut = Finding(case="c", fault=world.TRIP, cause=world.CABLE, evidence={world.RAIN: "no"})
    on_time = [finding_event(cut, stamp=at(NOW, place), author=f"a{place}") for place in range(5)]
    wrong = [
        finding_event(cut, stamp=at(NOW + timedelta(hours=20 * (-1) ** place), place), author=f"a{place}")
        for place in range(5)
    ]
    assert fold(wrong).causes == fold(on_time).causes
    assert fold(wrong).shown == fold(on_time).shown


def test_a_cause_that_is_gone_from_the_knowledge_leaves_its_open_case_with_an_answer() -> None:
    rained = world.case(world.AT_PLUG_IN, answers={world.RAIN: "yes"}, faults=(world.TRIP,))
    concluded = Conclusion(rule="r", facts=(world.AT_PLUG_IN,), cause=world.WET)
    case = replace(rained, conclusions=(concluded,), tried=(world.DRY,))
    learned = fold(told([Finding(case="c", fault=world.TRIP, cause=world.WET, evidence={world.RAIN: "yes"})] * 12))
    bare = replace(
        KNOWLEDGE,
        causes={name: each for name, each in KNOWLEDGE.causes.items() if name != world.WET},
        steps={name: replace(each, fixes=()) for name, each in KNOWLEDGE.steps.items() if name != world.DRY},
    )
    found = diagnose(bare, learned, case)
    sound(found)
    assert world.WET not in {each.cause for each in found.hypotheses}


def test_a_knowledge_without_causes_knows_nothing_and_says_so() -> None:
    empty = replace(KNOWLEDGE, causes={}, steps={})
    found = diagnose(empty, NOTHING_LEARNED, world.case(world.AT_PLUG_IN, faults=(world.TRIP,)))
    assert (found.hypotheses, found.unknown, found.verdict) == ((), 1.0, "unknown")


def test_a_charger_that_nobody_has_ever_seen_is_diagnosed_by_what_was_found_on_others() -> None:
    some = [Finding(case="c", fault=world.TRIP, cause=world.CABLE, charger=Machine(vendor="Acme"))] * 3
    learned = fold([finding_event(each, stamp=at(NOW, n), author=f"a{n}") for n, each in enumerate(some * 8)])
    new = diagnose(KNOWLEDGE, learned, world.case(world.AT_PLUG_IN, charger=Charger(id="x", vendor="Never Seen")))
    assert new.hypotheses[0].cause == world.CABLE


@settings(deadline=None, max_examples=40)
@given(st.lists(st.booleans(), min_size=40, max_size=40), st.booleans())
def test_who_follows_the_plan_comes_to_an_end(answers: list[bool], is_free: bool) -> None:
    """Steps that cure one another's causes and ask again for what is known go round in no circle."""
    circle = {
        each.id: replace(each, minutes=0 if is_free else each.minutes,
                         fixes=(*each.fixes, Fixes(cause=world.WET), Fixes(cause=world.CABLE)))
        if each.fixes else each
        for each in KNOWLEDGE.steps.values()
    }  # fmt: skip
    knowledge = replace(KNOWLEDGE, steps=circle)
    case: Case = world.case(world.AT_PLUG_IN, faults=(world.TRIP,))
    for said in answers:
        found = diagnose(knowledge, NOTHING_LEARNED, case)
        if not found.steps:
            break
        step = knowledge.steps[found.steps[0].step]
        known = dict.fromkeys(step.answers, "yes" if said else "no")
        case = replace(case, answers={**case.answers, **known}, tried=(*case.tried, step.id))
    else:
        pytest.fail("the plan went on for ever")


def test_findings_of_a_cause_never_heard_of_reorder_nothing() -> None:
    ghost = [Finding(case="c", fault=world.TRIP, cause=CauseId("ghost"), evidence={world.RAIN: "yes"})] * 20
    learned = fold([finding_event(each, stamp=at(NOW, n), author=f"a{n}") for n, each in enumerate(ghost)])
    case = world.case(world.AT_PLUG_IN, faults=(world.TRIP,))
    haunted, plain = diagnose(KNOWLEDGE, learned, case), diagnose(KNOWLEDGE, Learned(), case)
    sound(haunted)
    assert [each.cause for each in haunted.hypotheses] == [each.cause for each in plain.hypotheses]
