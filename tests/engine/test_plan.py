"""Plan: the cheapest next step, and what must never come first."""

from __future__ import annotations

from dataclasses import replace

import small_world as world

from chargelore.engine.case import SeenCode
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.model import Fixes, Knowledge, Step, StepId

KNOWLEDGE = world.knowledge()


def steps(diagnosis: Diagnosis) -> list[str]:
    return [each.step for each in diagnosis.steps]


def planned(knowledge: Knowledge = KNOWLEDGE, **more: object) -> list[str]:
    return steps(diagnose(knowledge, NOTHING_LEARNED, replace(world.case(world.AT_PLUG_IN), **more)))


def with_steps(*more: Step) -> Knowledge:
    return replace(KNOWLEDGE, steps={**KNOWLEDGE.steps, **{step.id: step for step in more}})


def test_the_cheap_repair_of_the_likely_cause_comes_before_the_dear_one() -> None:
    order = planned()
    assert order.index(world.DRY) < order.index(world.SWAP)


def test_a_step_that_was_tried_is_not_proposed_again() -> None:
    assert world.DRY not in planned(tried=(world.DRY,))


def test_a_question_that_was_answered_is_not_asked_again() -> None:
    assert world.ASK_RAIN not in planned(answers={world.RAIN: "yes"})


def test_a_repair_is_done_where_all_that_it_tells_is_answered() -> None:
    trial = Step(
        id=StepId("trial"), kind="repair", label="Try it dry", minutes=1, answers=(world.RAIN,),
        fixes=(Fixes(cause=world.WET, grade="always"),),
    )  # fmt: skip
    assert "trial" in planned(with_steps(trial))
    assert "trial" not in planned(with_steps(trial), answers={world.RAIN: "yes"})


def test_a_safety_fault_never_begins_with_a_reset() -> None:
    reset = Step(
        id=StepId("reset"), kind="reset", label="Reset", minutes=1, where="remote", fixes=(Fixes(cause=world.WET),)
    )
    assert planned(with_steps(reset))[0] != "reset"


def test_what_tells_the_first_suspects_apart_comes_before_sending_the_case_to_somebody_else() -> None:
    look = Step(id=StepId("look"), kind="test", label="See when", minutes=9, where="desk", answers=(world.WHEN,))
    both = (Fixes(cause=world.WET, grade="always"), Fixes(cause=world.CABLE, grade="always"))
    send = Step(id=StepId("send"), kind="refer", label="Send it", minutes=9, where="remote", fixes=both)
    wet = replace(KNOWLEDGE.causes[world.WET], prior=KNOWLEDGE.causes[world.CABLE].prior)
    causes = {**KNOWLEDGE.causes, world.WET: wet}
    known = replace(KNOWLEDGE, steps={look.id: look, send.id: send}, causes=causes)
    found = diagnose(known, NOTHING_LEARNED, world.case(faults=(world.TRIP,)))
    assert found.apart is not None
    assert steps(found) == ["look", "send"]


def test_an_irreversible_step_never_comes_first() -> None:
    cut = Step(
        id=StepId("cut"),
        kind="repair",
        label="Cut",
        minutes=1,
        reversible=False,
        fixes=(Fixes(cause=world.WET, grade="always"),),
    )
    assert planned(with_steps(cut))[0] != "cut"


def test_a_step_not_worth_its_minutes_is_left_out() -> None:
    endless = Step(id=StepId("endless"), kind="repair", label="Rebuild", minutes=6000, fixes=(Fixes(cause=world.WET),))
    assert "endless" not in planned(with_steps(endless))


def test_a_step_of_no_minutes_is_no_division_by_zero() -> None:
    free = Step(
        id=StepId("free"), kind="repair", label="Look", minutes=0, where="desk", fixes=(Fixes(cause=world.WET),)
    )
    assert planned(with_steps(free))


def test_with_nothing_left_to_do_and_little_known_the_case_goes_to_the_maker() -> None:
    bare = replace(KNOWLEDGE, steps={})
    case = world.case(world.IDLE, answers={})
    weak = replace(bare, causes={each: replace(cause, prior="never") for each, cause in bare.causes.items()})
    assert diagnose(weak, NOTHING_LEARNED, case).steps == ()


def test_where_a_charger_says_only_that_it_is_in_trouble_the_plan_looks_at_every_cause() -> None:
    ask = Step(id=StepId("ask-idle"), kind="question", label="Ask", minutes=1, where="desk", answers=(world.IDLE,))
    mend = Step(id=StepId("mend"), kind="repair", label="Mend", minutes=60, fixes=(Fixes(cause=world.NAT),))
    code = SeenCode(code="OtherError", vendor="", text="", channel="", fault=None, relation=None)
    silent, telling = (replace(world.case(), codes=codes) for codes in ((), (code,)))
    known = with_steps(ask, mend)
    assert diagnose(known, NOTHING_LEARNED, silent).steps == ()
    assert steps(diagnose(known, NOTHING_LEARNED, telling))[0] == "ask-idle"
    assert diagnose(known, NOTHING_LEARNED, telling).hypotheses == ()
