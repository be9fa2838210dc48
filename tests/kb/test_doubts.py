"""What a store makes of a maker's answer: whether its trouble was seen here, and what was found since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import small_world as world

from chargelore.kb.answer import Answer, Escalation, Signature, body_of
from chargelore.kb.escalations import answered_event, complaint, escalated_event
from chargelore.kb.events import ANSWERED, event
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.history import sentence_of
from chargelore.kb.learned import Doubt
from chargelore.kb.model import Scope
from chargelore.kb.store import Store

ACME = Machine(vendor="Acme", model="One")
SIGNS = Signature(vendor="Acme", model="One", faults=(world.TRIP,), evidence=((world.WHEN, "random"),))
ANSWER = Answer(case="CP-1-1", signature=SIGNS, cause=world.NAT, source="ticket 7", scope=Scope(vendor="Acme"))
FOUND = Finding(
    case="CP-2-1", fault=world.TRIP, cause=world.WET, charger=ACME, reported=(world.TRIP,),
    evidence={world.WHEN: "random"},
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "here.db") as one:
        yield one


def kept(store: Store, answer: Answer = ANSWER) -> str:
    one = answered_event(answer, stamp=store.stamp(), author=store.author)
    store.record(one)
    return one.id


def sent(store: Store, folder: Path) -> str:
    """The same answer from a stranger, told with the trouble that it claims to be about."""
    with Store.open(folder / "theirs.db") as theirs:
        told = Escalation(case="CP-1-1", reference="k3f7", signature=SIGNS, charger=ACME)
        theirs.record(escalated_event(told, stamp=theirs.stamp(), author="stranger"))
        one = answered_event(ANSWER, stamp=theirs.stamp(), author="stranger")
        theirs.record(one)
        store.merge(theirs.events())
    return one.id


def test_an_answer_that_was_typed_here_is_about_a_trouble_that_was_seen_here(store: Store) -> None:
    name = kept(store)
    assert store.learned().doubts[name] == Doubt()


def test_an_answer_of_a_stranger_is_about_one_only_once_it_is_seen_here(store: Store, tmp_path: Path) -> None:
    name = sent(store, tmp_path)
    assert store.learned().doubts[name].is_unseen
    mine = Escalation(case="CP-5-1", reference="a1b2", signature=SIGNS, charger=ACME)
    store.record(escalated_event(mine, stamp=store.stamp(), author=store.author))
    assert not store.learned().doubts[name].is_unseen


def test_a_later_finding_on_the_same_signs_speaks_for_the_answer_or_against_it(store: Store) -> None:
    name = kept(store)
    store.record_finding(FOUND)
    assert store.learned().doubts[name] == Doubt(others=1, against=0.5)
    store.record_finding(replace(FOUND, case="CP-3-1", cause=world.NAT))
    assert store.learned().doubts[name] == Doubt(others=1, against=0.5, agreeing=0.5)


def test_one_case_that_is_found_again_and_again_speaks_once(store: Store) -> None:
    name = kept(store)
    for _ in range(4):
        store.record_finding(FOUND)
    assert store.learned().doubts[name].others == 1


@pytest.mark.parametrize(
    "found",
    [
        replace(FOUND, cause="unknown"),
        replace(FOUND, charger=Machine(vendor="Acme", model="Two")),
        replace(FOUND, reported=(world.TRIP, world.LINK)),
        replace(FOUND, evidence={world.WHEN: "plug-in"}),
        replace(FOUND, reported=()),
    ],
    ids=["nobody knows", "another model", "another fault besides", "another answer", "not said what was reported"],
)
def test_what_was_found_of_another_trouble_says_nothing_of_an_answer(store: Store, found: Finding) -> None:
    name = kept(store)
    store.record_finding(found)
    assert store.learned().doubts[name] == Doubt()


def test_what_was_known_before_the_maker_answered_does_not_speak_against_it(store: Store) -> None:
    store.record_finding(FOUND)
    name = kept(store)
    assert store.learned().doubts[name] == Doubt()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (replace(ANSWER, said_at="9999-99-99"), "'9999-99-99' is no day"),
        (replace(ANSWER, said_at="9999-12-31"), "9999-12-31 had not come when it was told"),
        (replace(ANSWER, signature=Signature(vendor="Acme")), "it names no sign"),
        (replace(ANSWER, scope=Scope(vendor="*", model="*")), "it is said of every maker's chargers"),
        (replace(ANSWER, scope=Scope()), "it is said of every maker's chargers"),
    ],
)
def test_an_answer_that_cannot_be_one_is_kept_and_counts_for_nothing(store: Store, answer: Answer, why: str) -> None:
    one = event(ANSWERED, answer.case, body_of(answer), stamp=store.stamp(), author="stranger")
    store.merge([one])
    assert complaint(one).startswith(why)
    assert store.learned().answers == ()
    assert [each.id for each in store.events(ANSWERED)] == [one.id]


def test_the_history_marks_an_answer_that_counts_for_nothing(store: Store) -> None:
    odd = replace(ANSWER, said_at="9999-99-99")
    one = event(ANSWERED, odd.case, body_of(odd), stamp=store.stamp(), author="stranger")
    assert sentence_of(one).endswith("counts for nothing: '9999-99-99' is no day")
