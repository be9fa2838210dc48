"""Escalations and answers of makers in the store: merged in any order, taken back, and read again as they were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import small_world as world

from chargelore.kb.answer import Answer, Escalation, Signature, answer_of, body_of, escalation_of
from chargelore.kb.clock import Stamp
from chargelore.kb.errors import InputError
from chargelore.kb.escalations import answered_event, escalated_event, signature_id
from chargelore.kb.events import Event, retract_event
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.fold import fold
from chargelore.kb.model import Scope
from chargelore.kb.statement import By, merge_event
from chargelore.kb.store import Store

SIGNS = Signature(vendor="Acme", model="One", faults=(world.TRIP,), evidence=((world.WHEN, "random"),))
ESCALATION = Escalation(
    case="CP-1-1", reference="k3f7", signature=SIGNS, charger=Machine(vendor="Acme", model="One"),
    opened_at="2031-05-01T10:00:00+00:00", question="What is E7?", suspects=((world.WET, 310),), tlp="GREEN",
)  # fmt: skip
ANSWER = Answer(
    case="CP-1-1", signature=SIGNS, cause=world.NAT, resolution="firmware 1.5", source="ticket 4711", said_by="desk",
    said_at="2026-05-02", scope=Scope(vendor="Acme", model="One", firmware="<1.5"),
)  # fmt: skip


def answered(store: Store, answer: Answer = ANSWER) -> Event:
    one = answered_event(answer, stamp=store.stamp(), author=store.author)
    store.record(one)
    return one


def escalated(store: Store, told: Escalation = ESCALATION) -> Event:
    one = escalated_event(told, stamp=store.stamp(), author=store.author)
    store.record(one)
    return one


def test_an_escalation_and_an_answer_come_out_of_the_store_as_they_were_told(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        told, said = escalated(store), answered(store)
        assert [(each.event, each.escalation, each.is_found) for each in store.escalated()] == [
            (told, ESCALATION, False)
        ]
        assert store.learned().answers == (replace(ANSWER, event=said.id),)


def test_a_case_is_handed_over_until_somebody_finds_what_it_was(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        escalated(store)
        escalated(store, replace(ESCALATION, question="And what is E8?"))
        assert [each.escalation.question for each in store.escalated()] == ["And what is E8?"]
        store.record_finding(Finding(case="CP-1-1", fault=world.TRIP, cause=world.WET))
        assert [each.is_found for each in store.escalated()] == [True]


def test_what_was_found_of_another_case_of_that_name_finds_nothing_of_this(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        escalated(store)
        other = Finding(case="CP-1-1", fault=world.TRIP, cause=world.WET, opened_at="2031-06-01T10:00:00+00:00")
        store.record_finding(other)
        assert [each.is_found for each in store.escalated()] == [False]
        store.record_finding(replace(other, opened_at=ESCALATION.opened_at))
        assert [each.is_found for each in store.escalated()] == [True]


def test_what_was_taken_back_neither_waits_nor_answers(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        for each in (escalated(store), answered(store)):
            store.record(retract_event(each.id, "mistaken", stamp=store.stamp(), author=store.author))
        assert store.escalated() == ()
        assert store.learned().answers == ()


def test_two_stores_that_merge_know_the_same_answers_in_any_order(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as one, Store.open(tmp_path / "b.db") as other:
        answered(one)
        answered(other, replace(ANSWER, cause=world.WET))
        mine, theirs = one.events(), other.events()
        one.merge(theirs)
        other.merge(mine)
        assert one.answers() == other.answers() == fold([*theirs, *mine, *theirs]).answers
        assert {each.cause for each in one.answers()} == {world.NAT, world.WET}


def test_an_answer_goes_by_the_name_that_a_merge_left(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        answered(store)
        by = By(store.author, store.stamp())
        store.record(merge_event(f"cause/{world.NAT}", f"cause/{world.QUIRK}", by))
        assert [each.cause for each in store.learned().answers] == [world.QUIRK]


def test_a_signature_does_not_depend_on_how_a_maker_spells_itself() -> None:
    assert signature_id(SIGNS) == signature_id(replace(SIGNS, vendor="ACME GmbH", model="one"))
    assert signature_id(SIGNS) != signature_id(replace(SIGNS, evidence=()))


@pytest.mark.parametrize("body", [{}, {"case": 1}, {"case": "x", "cause": []}, {"case": "x", "signature": "?"}])
def test_a_body_that_is_no_answer_is_refused_and_left_out_of_what_is_known(body: dict[str, object]) -> None:
    with pytest.raises(InputError, match="this is no answer"):
        answer_of(body)
    with pytest.raises(InputError, match="this is no escalation"):
        escalation_of(body)
    stamp = Stamp(int(datetime(2031, 5, 1, tzinfo=UTC).timestamp() * 1000), 0, "a")
    odd = replace(answered_event(ANSWER, stamp=stamp, author="x"), body=body)
    assert fold([odd]).answers == ()


def test_keys_of_later_versions_are_left_aside() -> None:
    assert answer_of({**body_of(ANSWER), "mood": "good"}) == ANSWER
    assert escalation_of({**body_of(ESCALATION), "mood": "good"}) == ESCALATION
