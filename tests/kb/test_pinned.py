"""Evidence that was pinned stands in every store that merged it, once for a signal, until it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from chargelore.kb.pinned import Pinned
from chargelore.kb.store import Store

OPENED = "2026-03-04T12:00:00+00:00"
RELAY = Pinned(name="abc", at=OPENED, layer="firmware", says="log: relay opens")


@pytest.fixture
def here(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "here.db")


def test_of_two_pins_on_one_signal_the_last_note_counts(here: Store) -> None:
    here.record_pinned("CP-1-1", OPENED, RELAY)
    told = here.record_pinned("CP-1-1", OPENED, Pinned(name="abc", says="log: relay opens", note="too early"))
    assert [(each.note, each.event) for each in here.pinned("CP-1-1", OPENED).values()] == [("too early", told.id)]
    here.take_back(told.id)
    assert [each.note for each in here.pinned("CP-1-1", OPENED).values()] == [""]


def test_evidence_is_that_of_one_trouble(here: Store) -> None:
    here.record_pinned("CP-1-1", OPENED, RELAY)
    assert here.pinned("CP-1-1", "2026-06-04T12:00:00+00:00") == {}
    assert here.pinned("CP-1-2", OPENED) == {}


def test_a_case_that_opens_a_moment_later_when_played_again_knows_the_evidence_on_its_signals(here: Store) -> None:
    here.record_pinned("CP-1-1", OPENED, RELAY)
    later = "2026-03-04T12:03:00+00:00"
    assert list(here.pinned("CP-1-1", later, {"abc"})) == ["abc"]
    assert here.pinned("CP-1-1", later, {"other"}) == {}


def test_it_comes_along_when_stores_merge_and_so_does_the_taking_back(here: Store, tmp_path: Path) -> None:
    event = here.record_pinned("CP-1-1", OPENED, RELAY)
    with Store.open(tmp_path / "there.db") as there:
        there.merge(here.events())
        there.merge(here.events())
        assert list(there.pinned("CP-1-1", OPENED)) == ["abc"]
        here.take_back(event.id)
        there.merge(here.events())
        assert there.pinned("CP-1-1", OPENED) == {}


def test_it_puts_no_case_on_the_book_and_changes_no_knowledge(here: Store) -> None:
    here.record_pinned("CP-1-1", OPENED, RELAY)
    assert here.casebook() == ()
    assert not here.statements().nodes
    assert not here.projection().nodes
