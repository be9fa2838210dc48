"""What a maker answered counts in the next diagnosis of the same trouble: with its source, and never for certain."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small_world as world
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.case import Case, Charger, SeenCode
from chargelore.engine.diagnosing.diagnose import diagnose
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.diagnosing.suspicion import CAP
from chargelore.kb.answer import Answer, Signature
from chargelore.kb.learned import Doubt, Learned
from chargelore.kb.model import Cause, CauseId, Knowledge, Scope

ACME = Charger(id="CP-1", vendor="Acme", model="One", firmware="1.4")
SIGNS = Signature(
    vendor="Acme", model="One", faults=(world.TRIP,), evidence=((world.WHEN, "random"), (world.AT_PLUG_IN, "yes"))
)
ANSWER = Answer(
    case="CP-1-1", signature=SIGNS, cause=world.NAT, resolution="firmware 1.5", source="ticket 4711",
    said_by="Acme desk", said_at="2031-05-01", scope=Scope(vendor="Acme", model="One"), event="e" * 26,
)  # fmt: skip


def trouble(charger: Charger = ACME, when: str = "random") -> Case:
    answers = {world.WHEN: when} if when else {}
    return world.case(world.AT_PLUG_IN, answers=answers, charger=charger, faults=(world.TRIP,))


def told(*answers: Answer, case: Case | None = None, knowledge: Knowledge | None = None) -> Diagnosis:
    return diagnose(knowledge or world.knowledge(), Learned(answers=answers), case or trouble())


def chance(found: Diagnosis, cause: CauseId) -> float:
    return next((each.probability for each in found.hypotheses if each.cause == cause), 0.0)


def test_the_next_case_with_the_same_signs_is_solved_at_once_by_the_answer_of_the_maker() -> None:
    assert chance(told(), world.NAT) == 0
    found = told(ANSWER)
    assert found.verdict == "diagnosed"
    assert found.hypotheses[0].cause == world.NAT
    assert 0.9 < found.hypotheses[0].probability <= CAP


def test_the_answer_is_shown_as_a_reason_with_who_said_it_and_where() -> None:
    (reason,) = [each for each in told(ANSWER).hypotheses[0].because if each.evidence.startswith("answer:")]
    assert reason.backed_by == "Acme desk, ticket 4711, 2031-05-01"
    assert reason.strength == "strong"
    (said,) = told(ANSWER).maker_said
    assert (said.resolution, said.likeness) == ("firmware 1.5", "same")


def test_one_answer_said_twice_counts_once() -> None:
    once, twice = told(ANSWER), told(ANSWER, replace(ANSWER, event="f" * 26))
    assert once.hypotheses == twice.hypotheses


def test_two_answers_that_differ_are_both_shown_and_neither_is_near_certain() -> None:
    found = told(ANSWER, replace(ANSWER, cause=world.WET, event="f" * 26))
    assert {each.cause for each in found.hypotheses[:2]} == {world.NAT, world.WET}
    assert found.hypotheses[0].probability < 0.9 < chance(told(ANSWER), world.NAT)
    assert {each.cause for each in found.maker_said} == {world.NAT, world.WET}


@pytest.mark.parametrize(
    "case",
    [
        trouble(when="plug-in"),
        trouble(replace(ACME, vendor="Other")),
        trouble(replace(ACME, model="Two")),
        trouble(Charger(id="CP-1")),
        replace(trouble(), codes=()),
        replace(trouble(), firings=()),
    ],
    ids=["another answer", "another maker", "another model", "no maker", "no code", "a symptom less"],
)
def test_an_answer_says_nothing_of_another_trouble(case: Case) -> None:
    assert told(ANSWER, case=case).hypotheses == told(case=case).hypotheses


def test_an_answer_holds_for_the_firmware_of_which_it_was_said() -> None:
    bounded = replace(ANSWER, scope=Scope(vendor="Acme", model="One", firmware="<1.5"))
    assert told(bounded).hypotheses[0].cause == world.NAT
    assert not told(bounded, case=trouble(replace(ACME, firmware="1.5"))).maker_said


def test_where_nobody_has_asked_yet_the_answer_counts_less() -> None:
    whole, partial = told(ANSWER), told(ANSWER, case=trouble(when=""))
    assert [each.likeness for each in partial.maker_said] == ["close"]
    assert 0 < chance(partial, world.NAT) <= chance(whole, world.NAT)


def test_a_code_that_nobody_mapped_is_part_of_the_signs() -> None:
    opaque = Signature(vendor="Acme", model="One", codes=("acme n:31",))
    answer = replace(ANSWER, signature=opaque, cause=world.CABLE)
    code = SeenCode(code="0x1F", vendor="Acme", text="", channel="", fault=None, relation=None)
    case = replace(world.case(charger=ACME), codes=(code,))
    assert told(case=case).verdict == "unknown"
    assert told(answer, case=case).hypotheses[0].cause == world.CABLE


def test_a_cause_that_left_the_knowledge_is_named_and_counts_for_nothing() -> None:
    base = world.knowledge()
    without = replace(base, causes={name: each for name, each in base.causes.items() if name != world.NAT})
    found = told(ANSWER, knowledge=without)
    assert found.hypotheses == told(knowledge=without).hypotheses
    assert [(each.cause, each.cause_label) for each in found.maker_said] == [(world.NAT, "")]


def test_a_cause_that_was_replaced_counts_under_its_successor() -> None:
    base = world.knowledge()
    heir = Cause(id=CauseId("heir"), fault=world.LINK, label="Heir")
    old = replace(base.causes[world.NAT], status="deprecated", replaced_by="heir")
    found = told(ANSWER, knowledge=replace(base, causes={**base.causes, world.NAT: old, heir.id: heir}))
    assert found.hypotheses[0].cause == heir.id


def test_a_cause_of_other_makers_is_not_suspected_whatever_an_answer_says() -> None:
    base = world.knowledge()
    foreign = replace(base.causes[world.NAT], scope=Scope(vendor="Other"))
    found = told(ANSWER, knowledge=replace(base, causes={**base.causes, world.NAT: foreign}))
    assert chance(found, world.NAT) == 0


def behind(answer: Answer, doubt: Doubt) -> tuple[float, str]:
    """The chance of the cause that an answer names, and who is said to stand behind it."""
    found = diagnose(world.knowledge(), Learned(answers=(answer,), doubts={answer.event: doubt}), trouble())
    reasons = (each for one in found.hypotheses if one.cause == answer.cause for each in one.because)
    return chance(found, answer.cause), next((each.backed_by for each in reasons if each.evidence[:7] == "answer:"), "")


def test_an_answer_of_which_nobody_says_where_it_comes_from_counts_clearly_less_and_says_so() -> None:
    whole, _ = behind(ANSWER, Doubt())
    less, says = behind(replace(ANSWER, said_by="", source=""), Doubt())
    assert less < 0.7
    assert whole > 0.9
    assert says == "2031-05-01; nobody says where it comes from"


def test_an_answer_to_a_trouble_that_was_never_seen_here_is_a_hint_and_says_so() -> None:
    wet = replace(ANSWER, cause=world.WET)
    less, says = behind(wet, Doubt(is_unseen=True))
    assert less < behind(wet, Doubt())[0]
    assert says == "Acme desk, ticket 4711, 2031-05-01; its trouble was never seen here"
    assert behind(replace(wet, said_by="", source=""), Doubt(is_unseen=True))[0] < less
    assert behind(ANSWER, Doubt(is_unseen=True))[0] < 0.5


def test_an_answer_that_was_known_again_by_its_fault_alone_is_no_certainty() -> None:
    bare = replace(ANSWER, signature=replace(SIGNS, evidence=()))
    assert behind(bare, Doubt())[0] < 0.7


def test_what_was_found_since_on_the_same_signs_speaks_against_an_answer_and_is_told() -> None:
    whole, _ = behind(ANSWER, Doubt())
    once, says = behind(ANSWER, Doubt(others=1, against=0.5))
    often, _ = behind(ANSWER, Doubt(others=4, against=4.0))
    assert often < once < whole
    assert says.endswith("; 1 later finding of another cause")
    assert behind(ANSWER, Doubt(others=1, against=0.5, agreeing=5.0))[0] > once


CAUSES = st.sampled_from(sorted(world.knowledge().causes))


@given(st.lists(st.tuples(CAUSES, st.sampled_from(["random", "plug-in", ""])), max_size=8), st.booleans())
def test_no_heap_of_answers_makes_anything_certain(said: list[tuple[CauseId, str]], is_tripped: bool) -> None:
    answers = [
        replace(
            ANSWER, cause=cause, event=f"{place:026}",
            signature=replace(SIGNS, evidence=((world.WHEN, when),) if when else ()),
        )
        for place, (cause, when) in enumerate(said)
    ]  # fmt: skip
    found = told(*answers, case=trouble() if is_tripped else world.case(charger=ACME))
    chances = [each.probability for each in found.hypotheses]
    assert all(0 < each <= CAP for each in chances)
    assert sum(chances) + found.unknown == pytest.approx(1, abs=0.02)
