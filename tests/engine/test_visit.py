"""Visit: one way there and back, safe first, within what the person can do, and with the right parts."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import small_world as world
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Planned, Visit
from chargelore.engine.diagnosing.observed import observed
from chargelore.engine.diagnosing.person import ANYBODY, PLACES, Person, lacks
from chargelore.engine.diagnosing.plan import next_steps
from chargelore.engine.diagnosing.posterior import Posterior, posterior
from chargelore.engine.diagnosing.safe import at_once, safeguards
from chargelore.engine.diagnosing.visit import visit
from chargelore.engine.signal import Signal
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.model import EvidenceId, Fixes, Given, Knowledge, Step, StepId

KNOWLEDGE = world.knowledge()
OFF, DEAD = StepId("take-out-of-service"), StepId("prove-dead")
SAFE = (
    Step(id=OFF, kind="secure", label="Off", minutes=2, where="remote", needs="anyone",
         guards=("danger", "safety", "hazard", "cabinet")),
    Step(id=DEAD, kind="secure", label="Dead", minutes=10, where="cabinet", needs="electrician",
         tools=("voltage-tester",), first=(OFF,), guards=("cabinet",)),
)  # fmt: skip
LOOK = Step(id=StepId("look"), kind="test", label="Look when", minutes=2, answers=(world.WHEN,), needs="anyone")
DRY_INSIDE = replace(
    KNOWLEDGE.steps[world.DRY], where="cabinet", needs="electrician", hazard="Mains", tools=("multimeter",)
)


def having(*steps: Step, base: Knowledge = KNOWLEDGE) -> Knowledge:
    return replace(base, steps={**base.steps, **{each.id: each for each in steps}})


def odds(knowledge: Knowledge, case: Case) -> Posterior:
    return posterior(knowledge, NOTHING_LEARNED, case, observed(knowledge, case))


def planned(knowledge: Knowledge, case: Case | None = None, person: Person = ANYBODY) -> Visit:
    case = case or world.case(world.AT_PLUG_IN)
    return visit(knowledge, NOTHING_LEARNED, case, odds(knowledge, case), person)


def named(knowledge: Knowledge, case: Case) -> list[str]:
    return [each.step for each in next_steps(knowledge, NOTHING_LEARNED, case, odds(knowledge, case))]


def flat(found: Visit) -> list[Planned]:
    return [each for stop in found.stops for each in stop.steps]


def ids(found: Visit) -> list[str]:
    return [each.step.step for each in flat(found)]


SAFE_WORLD = having(*SAFE, LOOK, DRY_INSIDE)


# --- the order of a visit


def test_nobody_is_sent_back_and_forth() -> None:
    places = [PLACES.index(stop.where) for stop in planned(SAFE_WORLD).stops]
    assert len(places) == 3
    assert places == sorted(set(places))


def test_in_one_place_safety_comes_first_then_questions_then_repairs() -> None:
    for stop in planned(SAFE_WORLD).stops:
        kinds = [each.step.kind for each in stop.steps]
        assert kinds == sorted(kinds, key=("secure", "test", "question", "repair").index)


def test_what_is_tried_under_voltage_comes_before_the_place_is_locked_off() -> None:
    inside = replace(LOOK, where="at-charger"), replace(DRY_INSIDE, where="at-charger", first=(DEAD,))
    done = ids(planned(having(*SAFE, *inside)))
    assert done.index(OFF) < done.index(LOOK.id) < done.index(DEAD) < done.index(world.DRY)
    assert done.index(world.DRY) - done.index(DEAD) == 1


LOCKED = replace(SAFE[1], dead=True)
LIVE_TEST = replace(LOOK, where="cabinet", first=(OFF,), minutes=1)


def test_what_needs_voltage_in_the_open_cabinet_comes_before_the_lock_off() -> None:
    done = ids(planned(having(SAFE[0], LOCKED, LIVE_TEST, DRY_INSIDE)))
    assert done.index(LIVE_TEST.id) < done.index(DEAD) < done.index(world.DRY)


def test_a_dead_test_that_asks_for_the_lock_off_does_not_bring_it_before_a_live_one() -> None:
    rain = replace(KNOWLEDGE.steps[world.ASK_RAIN], where="cabinet", kind="test", first=(DEAD,))
    done = ids(planned(having(SAFE[0], LOCKED, LIVE_TEST, DRY_INSIDE, rain)))
    assert done.index(LIVE_TEST.id) < done.index(DEAD) < done.index(rain.id)


# --- what must be found out before


LOOK_FIRST = replace(DRY_INSIDE, given=(Given(evidence=world.RAIN, answer="no"),))


def test_what_must_be_found_out_before_a_step_is_planned_before_it() -> None:
    knowledge = having(*SAFE, LOOK_FIRST)
    done, following = ids(planned(knowledge)), named(knowledge, world.case(world.AT_PLUG_IN))
    assert done.index(world.ASK_RAIN) < done.index(world.DRY)
    assert following.index(world.ASK_RAIN) < following.index(world.DRY)


@pytest.mark.parametrize(("said", "is_there"), [("no", True), ("yes", False)])
def test_another_answer_than_the_step_waits_for_takes_it_out(said: str, is_there: bool) -> None:
    case = world.case(world.AT_PLUG_IN, answers={world.RAIN: said})
    only = replace(KNOWLEDGE.steps[world.SWAP], given=(Given(evidence=world.RAIN, answer="no"),))
    knowledge = having(*SAFE, only)
    assert (world.SWAP in ids(planned(knowledge, case))) is is_there


def test_a_step_that_waits_for_what_nobody_finds_out_is_never_proposed() -> None:
    case = world.case(world.AT_PLUG_IN)
    knowledge = having(*SAFE, replace(DRY_INSIDE, given=(Given(evidence=world.IDLE),)))
    assert world.DRY not in ids(planned(knowledge, case))
    assert world.DRY not in named(knowledge, case)


def test_a_visit_says_how_long_it_takes_and_how_often_it_ends_the_trouble() -> None:
    found = planned(SAFE_WORLD)
    assert 0 < found.minutes < found.at_most
    assert found.cured == pytest.approx(sum(each.cures for each in flat(found)))
    assert 0.3 < found.cured < 1


def test_an_answer_that_is_known_makes_no_step_of_the_visit() -> None:
    case = world.case(world.AT_PLUG_IN, answers={world.RAIN: "yes", world.WHEN: "plug-in"})
    assert {world.ASK_RAIN, LOOK.id}.isdisjoint(ids(planned(SAFE_WORLD, case)))


def test_a_case_without_suspects_has_no_visit() -> None:
    assert planned(SAFE_WORLD, world.case()).stops == ()


# --- safety is never weighed


def test_while_a_safety_fault_is_suspected_taking_out_of_service_comes_first() -> None:
    case = world.case(world.AT_PLUG_IN)
    assert named(SAFE_WORLD, case)[0] == OFF
    assert ids(planned(SAFE_WORLD, case))[0] == OFF


def test_while_a_safety_fault_is_reported_taking_out_of_service_comes_first() -> None:
    assert named(SAFE_WORLD, world.case(faults=(world.TRIP,)))[0] == OFF


@pytest.mark.parametrize("minutes", [1, 500])
def test_a_danger_that_was_seen_comes_before_everything_however_long_it_takes(minutes: int) -> None:
    rain = replace(KNOWLEDGE.evidence[world.RAIN], danger=("yes",))
    calm = {each: replace(fault, safety=False) for each, fault in KNOWLEDGE.faults.items()}
    off = replace(SAFE[0], minutes=minutes, guards=("danger",))
    knowledge = replace(having(off), evidence={**KNOWLEDGE.evidence, rain.id: rain}, faults=calm)
    assert named(knowledge, world.case(answers={world.RAIN: "yes"}))[0] == OFF
    assert OFF not in named(knowledge, world.case(answers={world.RAIN: "no"}))


def test_a_step_in_the_open_cabinet_waits_until_it_is_proved_dead() -> None:
    done = ids(planned(SAFE_WORLD))
    assert done.index(OFF) < done.index(DEAD) < done.index(world.DRY)


def test_what_was_made_safe_is_not_asked_for_again() -> None:
    case = replace(world.case(world.AT_PLUG_IN), tried=(OFF,))
    assert OFF not in ids(planned(SAFE_WORLD, case))
    assert named(SAFE_WORLD, case)[0] != OFF


@pytest.mark.parametrize(
    ("connector", "word", "status", "is_done"),
    [(0, "Inoperative", "Accepted", True), (2, "Inoperative", "Accepted", False), (0, "Operative", "Accepted", False),
     (0, "Inoperative", "Scheduled", False)],
)  # fmt: skip
def test_a_charger_that_was_taken_out_of_service_by_message_is_not_asked_again(
    connector: int, word: str, status: str, is_done: bool
) -> None:
    fields = {"action": "ChangeAvailability", "status": status, "request.type": word, "request.connectorId": connector}
    case = replace(
        world.case(world.AT_PLUG_IN), connector=1, signals=(Signal(layer="ocpp", kind="answer", fields=fields),)
    )
    knowledge = having(*SAFE, replace(SAFE[0], message="ChangeAvailability Inoperative"), LOOK, DRY_INSIDE)
    assert (named(knowledge, case)[0] != OFF) is is_done
    assert (OFF not in ids(planned(knowledge, case))) is is_done


def test_a_step_that_waits_for_itself_is_never_proposed() -> None:
    circle = replace(SAFE[1], first=(DEAD,)), replace(DRY_INSIDE, first=(DEAD,))
    knowledge = having(SAFE[0], *circle)
    assert world.DRY not in ids(planned(knowledge))
    assert world.DRY not in named(knowledge, world.case(world.AT_PLUG_IN))


def test_a_step_that_waits_for_what_is_not_there_is_never_proposed() -> None:
    assert world.DRY not in ids(planned(having(*SAFE, replace(DRY_INSIDE, first=(StepId("gone"),)))))


# --- who goes


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (Person(competence="technician"), "needs electrician"),
        (Person(tools=frozenset({"voltage-tester"})), "needs multimeter"),
        (Person(tools=frozenset({"multimeter"})), "needs voltage tester"),
        (Person(reach="at-charger"), "is done with the cabinet open"),
        (Person(takes_hazards=False), "is hazardous: Mains"),
    ],
)
def test_what_a_person_cannot_do_is_left_out_and_said_so(person: Person, why: str) -> None:
    found = planned(SAFE_WORLD, person=person)
    assert world.DRY not in ids(found)
    assert why in next(each.why for each in found.left_out if each.step == world.DRY)


def test_what_only_the_maker_may_do_can_be_handed_on_by_anybody() -> None:
    hand_on = Step(id=StepId("hand-on"), kind="refer", label="Have it mended", minutes=5, where="remote", needs="oem",
                   fixes=(Fixes(cause=world.WET),))  # fmt: skip
    nobody = Person(competence="anyone", tools=frozenset())
    assert hand_on.id in ids(planned(having(*SAFE, hand_on), person=nobody))
    assert hand_on.id not in ids(planned(having(*SAFE, replace(hand_on, kind="repair")), person=nobody))


def test_whoever_has_everything_is_refused_nothing() -> None:
    able = Person(
        competence="electrician", tools=frozenset({"multimeter", "voltage-tester"}), reach="cabinet", takes_hazards=True
    )
    assert planned(SAFE_WORLD, person=able) == planned(SAFE_WORLD)
    assert planned(SAFE_WORLD).left_out == ()


def test_whoever_may_do_nothing_still_makes_safe() -> None:
    nobody = Person(competence="anyone", tools=frozenset(), reach="remote", takes_hazards=False)
    assert ids(planned(SAFE_WORLD, person=nobody)) == [OFF]


# --- parts


def test_the_parts_are_those_of_the_likely_causes_and_what_they_leave_open_is_said() -> None:
    plug = replace(KNOWLEDGE.steps[world.DRY], parts=("plug",))
    wet = world.case(world.AT_PLUG_IN, answers={world.RAIN: "yes", world.WHEN: "plug-in"})
    found = planned(having(plug), wet).parts
    assert found.take == ("plug",)
    assert 0.85 <= found.covers < 1
    assert [(each.cause, each.parts) for each in found.uncovered] == [(world.CABLE, ("cable",))]


def test_a_part_that_serves_two_causes_is_carried_once_and_the_needless_stays_at_home() -> None:
    swaps = [
        Step(id=StepId(f"swap-{part}"), kind="repair", label=part, minutes=30, parts=(part,), fixes=fixes)
        for part, fixes in {
            "plug": (Fixes(cause=world.WET, grade="always"),),
            "set": (Fixes(cause=world.WET, grade="always"), Fixes(cause=world.CABLE, grade="always")),
        }.items()
    ]
    without = {each: step for each, step in KNOWLEDGE.steps.items() if each != world.DRY}
    found = planned(having(*swaps, base=replace(KNOWLEDGE, steps=without))).parts
    assert found.take == ("set",)
    assert found.covers == pytest.approx(1)
    assert found.uncovered == ()


def test_a_part_that_the_visit_plans_with_is_always_taken_along() -> None:
    plug = replace(KNOWLEDGE.steps[world.DRY], parts=("plug",))
    rare = replace(KNOWLEDGE.steps[world.SWAP], minutes=1)
    found = planned(having(plug, rare), world.case(world.AT_PLUG_IN, answers={world.WHEN: "plug-in"}))
    assert world.SWAP in ids(found)
    assert {"plug", "cable"} == set(found.parts.take)


def test_a_part_that_no_step_of_the_visit_uses_stays_at_home_and_is_told() -> None:
    plug = replace(KNOWLEDGE.steps[world.DRY], parts=("plug",))
    long = replace(KNOWLEDGE.steps[world.SWAP], minutes=590)
    found = planned(having(plug, long), world.case(world.AT_PLUG_IN, answers={world.WHEN: "random"}))
    assert world.SWAP not in ids(found)
    assert "cable" not in found.parts.take
    assert found.parts.covers < 0.995
    assert world.CABLE in {each.cause for each in found.parts.uncovered}


def test_where_no_cause_needs_a_part_nobody_carries_one() -> None:
    bare = {each: replace(step, parts=()) for each, step in KNOWLEDGE.steps.items()}
    assert planned(replace(KNOWLEDGE, steps=bare)).parts.take == ()


def test_a_safety_step_that_waits_for_what_makes_nothing_safe_is_not_planned() -> None:
    test = replace(KNOWLEDGE.steps[world.DRY], id=DEAD, kind="test", fixes=(), first=())
    waits = replace(KNOWLEDGE.steps[world.DRY], id=OFF, kind="secure", fixes=(), first=(DEAD,), guards=("safety",))
    found = ids(planned(having(test, waits), world.case(world.AT_PLUG_IN, faults=(world.TRIP,))))
    assert OFF not in found
    assert len(found) == len(set(found))


# --- whatever the knowledge and the case hold

NAMES = [OFF, DEAD, world.DRY, world.SWAP, world.ASK_RAIN, StepId("odd")]
EVIDENCE = [world.AT_PLUG_IN, world.RAIN, world.WHEN, world.IDLE]
fixes = st.builds(
    Fixes, cause=st.sampled_from([*KNOWLEDGE.causes]), grade=st.sampled_from(["never", "rarely", "often", "always"])
)
odd_steps = st.builds(
    Step,
    id=st.sampled_from(NAMES),
    kind=st.sampled_from(["test", "question", "repair", "reset", "refer", "secure"]),
    label=st.just("Odd"),
    minutes=st.sampled_from([-10, 0, 1, 10, 599, 10**12]),
    where=st.sampled_from(PLACES),
    needs=st.sampled_from(["anyone", "electrician", "oem"]),
    hazard=st.sampled_from(["", "Mains"]),
    reversible=st.booleans(),
    parts=st.lists(st.sampled_from(["plug", "cable", ""]), max_size=2).map(tuple),
    tools=st.sampled_from([(), ("multimeter",)]),
    first=st.lists(st.sampled_from([*NAMES, StepId("gone")]), max_size=2).map(tuple),
    guards=st.lists(st.sampled_from(["danger", "safety", "hazard", "cabinet"]), max_size=2).map(tuple),
    fixes=st.lists(fixes, max_size=2).map(tuple),
    answers=st.lists(st.sampled_from(EVIDENCE), max_size=2).map(tuple),
    dead=st.booleans(),
    given=st.lists(
        st.builds(Given, evidence=st.sampled_from(EVIDENCE), answer=st.sampled_from(["", "yes", "no"])), max_size=2
    ).map(tuple),
)
cases = st.builds(
    lambda seen, answers, faults, tried: replace(world.case(*seen, answers=answers, faults=faults), tried=tried),
    st.sets(st.sampled_from([world.AT_PLUG_IN, world.IDLE])),
    st.dictionaries(st.sampled_from([*EVIDENCE, EvidenceId("gone")]), st.sampled_from(["yes", "no", "plug-in", "?"])),
    st.sampled_from([(), (world.TRIP,), (world.TRIP, world.LINK)]),
    st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
)
persons = st.builds(
    Person,
    competence=st.sampled_from([None, "anyone", "electrician"]),
    tools=st.sampled_from([None, frozenset(), frozenset({"multimeter"})]),
    reach=st.sampled_from([None, *PLACES]),
    takes_hazards=st.booleans(),
)


@settings(deadline=None)
@given(st.lists(odd_steps, max_size=6), cases, persons)
def test_whatever_is_known_and_seen_a_visit_is_finite_safe_and_within_reach(
    steps: list[Step], case: Case, person: Person
) -> None:
    knowledge = having(*SAFE, *steps)
    found = planned(knowledge, case, person)
    sound(found)
    done = [StepId(each) for each in ids(found)]
    assert len(done) == len(set(done))
    assert set(done).isdisjoint(case.tried)
    assert {part for each in done for part in knowledge.steps[each].parts} <= set(found.parts.take)
    urgent = {each.id for each in at_once(knowledge, case, odds(knowledge, case).suspects)}
    assert not urgent or done[0] in urgent
    for place, each in enumerate(done):
        assert set(safeguards(knowledge).get(each, ())) <= {*done[:place], *case.tried}
        assert each in urgent or not lacks(person, knowledge.steps[each])


def sound(found: Visit) -> None:
    """Every number is one, and every chance a chance."""
    shares = [found.cured, found.named, found.parts.covers, found.parts.needed]
    shares += [share for each in flat(found) for share in (each.use, each.cures)]
    assert all(0 <= each <= 1 + 1e-9 for each in shares)
    assert math.isfinite(found.at_most)
    assert 0 <= found.minutes <= found.at_most + 1e-6


@settings(deadline=None)
@given(st.lists(odd_steps, max_size=6), cases)
def test_whatever_is_known_and_seen_the_next_step_is_safe_first_and_never_done_before(
    steps: list[Step], case: Case
) -> None:
    knowledge = having(*SAFE, *steps)
    done = [StepId(each) for each in named(knowledge, case)]
    assert len(done) == len(set(done))
    assert set(done).isdisjoint(case.tried)
    for place, each in enumerate(done):
        assert set(safeguards(knowledge).get(each, ())) <= {*done[:place], *case.tried}
