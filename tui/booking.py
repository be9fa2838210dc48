"""Booking: a case as a watch or a log shows it comes on the book of the store, with the words that were said first."""

from __future__ import annotations

from datetime import datetime

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.handing.life import Key, Life, lives
from chargelore.engine.handing.proposing import as_entered, first_words, opened_at
from chargelore.kb.events import LONGEST_NAME
from chargelore.kb.model import Knowledge
from chargelore.kb.store import Store


def put(store: Store, case: Case, diagnosis: Diagnosis, knowledge: Knowledge, now: datetime) -> Key:
    """Enter a case as it stands now; what is there already is not said again. StoreError when it cannot be kept."""
    key = Key(case.id[:LONGEST_NAME], opened_at(case))
    before = booked(store, key, now)
    entry, words = as_entered(case, diagnosis, knowledge), first_words(case)
    if before is None or before.last != entry:
        store.record_entry(case.id, entry)
    if words is not None and (before is None or not before.words):
        store.record_entry(case.id, words)
    return key


def booked(store: Store, key: Key, now: datetime) -> Life | None:
    """One trouble as the book tells it; None where it is not on it."""
    return next((each for each in lives(store.casebook(key.case), now) if each.key == key), None)
