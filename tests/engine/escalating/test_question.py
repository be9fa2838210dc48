"""The one question decides most among the suspects, and only the maker can answer it."""

from __future__ import annotations

from dataclasses import replace

import small_world as world
import trouble
from trouble import KEY, case, matter

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Unasked
from chargelore.engine.escalating.packet import Question
from chargelore.engine.escalating.packing import packed
from chargelore.kb.model import Knowledge, Step, StepId

SILENT = (Unasked(symptom=world.IDLE, rule="idle", why="the Acme One never sends it"),)


def asked(one: Case, knowledge: Knowledge | None = None, unasked: tuple[Unasked, ...] = ()) -> Question:
    return packed(matter(one, knowledge, unasked=unasked), KEY).question


def dropping() -> Case:
    """A charger of which nothing is seen but that its link fails, so that its signs are open."""
    return replace(world.case(charger=trouble.ACME, words=()), codes=(_link(),), layers={"ocpp": trouble.BEGIN})


def _link() -> object:
    return replace(world.case(faults=(world.LINK,)).codes[0], fault=world.LINK, known=None, relation="close")


def with_rival(knowledge: Knowledge) -> Knowledge:
    """A further cause behind the link fault, which shows nothing when idle."""
    rival = replace(knowledge.causes[world.NAT], id="bad-sim", label="Bad SIM", shows=())  # type: ignore[arg-type]  # an id
    return replace(knowledge, causes={**knowledge.causes, rival.id: rival})


def test_a_code_without_a_meaning_is_asked_for_where_nothing_is_suspected() -> None:
    one = replace(world.case(charger=trouble.ACME), codes=(trouble.OPAQUE,))
    question = asked(one)
    assert (question.kind, question.about) == ("code", "0x1F")
    assert question.text.startswith('What does the code 0x1F ("internal") mean on your Acme One with firmware 1.4.0.12')


def test_what_is_too_long_for_the_question_ends_before_a_pseudonym_and_says_that_it_goes_on() -> None:
    said = "board 7 waited for the other one a long time and then stopped, and mac 00:1A:2B:3C:4D:5E"
    text = asked(replace(world.case(charger=trouble.ACME), codes=(replace(trouble.OPAQUE, text=said),))).text
    assert '("board 7 waited for the other one a long time and then stopped, and mac…")' in text


def test_what_the_model_never_sends_is_asked_for_where_it_would_split_the_suspects() -> None:
    question = asked(dropping(), with_rival(world.knowledge()), SILENT)
    assert (question.kind, question.about) == ("sign", world.IDLE)
    assert "the Acme One never sends it" in question.text
    assert "Bad SIM" in question.splits


def test_what_somebody_on_site_can_find_out_is_not_asked_of_the_maker() -> None:
    assert asked(case()).kind == "apart"  # rain and the time of the trip are for people on site
    known = world.knowledge()
    steps = {each.id: replace(each, needs="oem") for each in known.steps.values()}
    when = Step(id=StepId("read-out"), kind="test", label="Read out", minutes=5, needs="oem", answers=(world.WHEN,))
    question = asked(case(), replace(known, steps={**steps, when.id: when}))
    assert question.kind == "sign"
    assert question.about in {world.WHEN, world.RAIN}


def test_where_nothing_decides_the_maker_is_asked_what_tells_the_first_two_apart() -> None:
    question = asked(case())
    assert question.splits == ("Water in plug", "Cable cut")
    assert question.text.startswith("What tells Water in plug and Cable cut apart on your Acme One")


def test_where_nothing_is_suspected_and_nothing_reported_the_maker_is_asked_what_does_this() -> None:
    one = replace(case(), codes=(), firings=(), answers={world.WHEN: "load"})
    question = asked(one)
    assert question.kind == "cause"
    assert "When does it trip?" in question.text


def test_a_code_that_still_stands_goes_before_one_that_is_over() -> None:
    over = replace(trouble.OPAQUE, code="0x2A", times=9, is_over=True)
    assert asked(replace(world.case(charger=trouble.ACME), codes=(over, trouble.OPAQUE))).about == "0x1F"
