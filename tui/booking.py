"""Booking: a case as a watch or a log shows it comes on the book of the store, with the words that were said first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.handing.ball import Ball, ball
from chargelore.engine.handing.life import Life, lives
from chargelore.engine.handing.proposing import as_entered, first_words, opened_at
from chargelore.engine.handing.troubles import Key
from chargelore.engine.relay.kept import signal_of
from chargelore.engine.signal import KINDS, shows_its_layer
from chargelore.kb.events import LONGEST_NAME
from chargelore.kb.kept import Wanted
from chargelore.kb.model import Knowledge

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store


def put(store: Store, case: Case, diagnosis: Diagnosis, knowledge: Knowledge, now: datetime) -> Key:
    """Enter a case as it stands now; what is there already is not said again. StoreError when it cannot be kept."""
    key = key_of(case)
    entry, words = as_entered(case, diagnosis, knowledge), first_words(case)
    with store.together():  # or two who enter it at once would both find it missing
        before = booked(store, key, now)
        if before is None or before.last != entry:
            store.record_entry(case.id, entry)
        if words is not None and (before is None or not before.words):
            store.record_entry(case.id, words)
    return key


def key_of(case: Case) -> Key:
    """Which trouble of the book a case is."""
    return Key(case.id[:LONGEST_NAME], opened_at(case))


def booked(store: Store, key: Key, now: datetime) -> Life | None:
    """One trouble as the book tells it; None where it is not on it."""
    return next((each for each in lives(store.casebook(key.case), now) if each.key == key), None)


class Open(NamedTuple):
    """The open cases, who has one longest first within each party, and how many are over."""

    balls: Sequence[Ball]
    over: int
    now: datetime


def open_cases(store: Store, now: datetime) -> Open:
    """Who has which open case, those waiting longest first, party by party."""
    every = lives(store.casebook(), now)
    still = [each for each in every if each.ended is None and each.began is not None]
    told = (ball(each, now, shown_since(store, each)) for each in still)
    balls = [each for each in told if each is not None]
    worst = {each.holder: max(one.waited for one in balls if one.holder == each.holder) for each in balls}
    ordered = sorted(balls, key=lambda each: (-worst[each.holder], each.holder, -each.waited, each.life.key))
    return Open(ordered, len(every) - len(still), now)


def by_holder(balls: Sequence[Ball]) -> dict[str, list[Ball]]:
    """The cases of each party, in the order given."""
    found: defaultdict[str, list[Ball]] = defaultdict(list)
    for each in balls:
        found[each.holder].append(each)
    return dict(found)


def shown_since(store: Store, life: Life) -> tuple[str, ...]:
    """Which of the layers that nobody had shown when the case came on the book a watch has heard since it began."""
    charger = life.told.charger.id
    missing = life.told.missing if charger and life.began is not None else ()
    return tuple(layer for layer in missing if _is_heard(store, charger, layer, life.began))


def _is_heard(store: Store, charger: str, layer: str, since: datetime | None) -> bool:
    rows = store.signals(Wanted(charger, layer=layer, since=since))
    return any(row.kind in KINDS and shows_its_layer(signal_of(row)) for row in rows)
