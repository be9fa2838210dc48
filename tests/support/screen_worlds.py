"""Worlds that every screen is looked at in: an empty one, one as on any day, and a huge one. Each is built once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import case_events
import small_world
from fake_watch import NOON, FakeWatch, seen, signal, trip, world
from hostile import HOSTILE, hostile_case
from lookup_queries import grown

from chargelore.engine.case import Case, Charger
from chargelore.engine.relay.mover import row_of
from chargelore.kb.clock import Stamp
from chargelore.kb.events import Event, finding_event, gap_event
from chargelore.kb.finding import Finding
from chargelore.kb.load import shipped
from chargelore.kb.model import Knowledge
from chargelore.kb.statement import By, node_event
from chargelore.kb.store import Store

FRAMES, CODES, CHARGERS, WAITING, BOOKED = 50_000, 10_000, 1_000, 500, 100
AT_HAND = 500  # signals of the long case that the watch itself holds; the others are in the store
OTHER = "somebodyelseab23"
_KEPT = TemporaryDirectory(prefix="chargelore-worlds-")


def empty(_folder: Path) -> FakeWatch:
    """Nobody was ever there."""
    return FakeWatch()


def bare(_folder: Path) -> FakeWatch:
    """One case of which nothing is known but its charger."""
    return FakeWatch([Case(id="CP-1-1", charger=Charger(id="CP-1"), opened_at=NOON, last_at=NOON)])


def normal(folder: Path) -> FakeWatch:
    """A few cases, findings that propose a link, a book with a case, and somebody's draft."""
    _laid(folder, "normal", lambda store: store.merge([*_findings(40), *_book(1), *_waiting(2)]))
    return FakeWatch([trip("CP-1"), trip("CP-2")], [seen("CP-3"), seen("CP-4", "Charging")])


def huge(folder: Path) -> FakeWatch:
    """A thousand chargers, ten thousand codes, a case of fifty thousand signals and long queues."""
    _laid(folder, "huge", _fill)
    chargers = [seen(f"CP-{number}") for number in range(1, CHARGERS + 1)]
    watch = FakeWatch([_long_case(), *(trip(each.charger.id) for each in chargers[1:40])], chargers)
    watch.knowledge = many_codes()
    return watch


def hostile(folder: Path) -> FakeWatch:
    """All that a charger, or another who writes into the store, can say is meant to do harm."""
    said = "".join(HOSTILE)
    told = [gap_event(said, {"vendor": said}, stamp=_stamp(1), author=OTHER)]
    told += [node_event("cause/mouse", said, {"fault": "ground-fault-trip"}, By(OTHER, _stamp(2)))]
    _laid(folder, "hostile", lambda store: store.merge([*told, *_findings(40), *_book(1), case_events.said(said, 5)]))
    return FakeWatch([replace(hostile_case(said), id="CP-1-1")], [seen(f"{said}2", said)])


WORLDS = {"empty": empty, "bare": bare, "normal": normal, "huge": huge, "hostile": hostile}


@cache
def many_codes() -> Knowledge:
    """The small world with the codes and faults that ship, and invented makers until there are ten thousand codes."""
    small, large = world(), grown(shipped(), CODES, 7)
    faults = {**large.faults, **small.faults}
    return replace(small, codes=(*small.codes, *large.codes), faults=faults, sources=large.sources)


@cache
def _long_case() -> Case:
    return trip("CP-1", [_said(n) for n in range(FRAMES - AT_HAND, FRAMES)])


def _said(second: int) -> object:
    return signal("CP-1", second, "fault" if second % 97 == 96 else "meter")


def _fill(store: Store) -> None:
    store.keep_signals(row_of(each, ("run", n, 0), each.at) for n, each in enumerate(map(_said, range(FRAMES))))
    store.merge([*_findings(WAITING), *_book(BOOKED), *_waiting(WAITING)])


def _laid(folder: Path, name: str, fill: Callable[[Store], object]) -> None:
    """A copy of a store that is filled once."""
    kept = Path(_KEPT.name) / f"{name}.db"
    if not kept.exists():
        with Store.open(kept) as store:
            store.take_back("nothing", "so that the store is ours")
            fill(store)
    copy(kept, folder / "events.db")


def _findings(many: int) -> list[Event]:
    return [_found(number, number % 4 == 0) for number in range(many)]


def _found(number: int, is_wet: bool) -> Event:
    cause = small_world.WET if is_wet else small_world.CABLE
    answers = {small_world.IDLE: "yes" if is_wet else "no"}
    found = Finding(case=f"case-{number}", fault=small_world.TRIP, cause=cause, evidence=answers)
    return finding_event(found, stamp=_stamp(number), author=f"author-{number}")


def _book(many: int) -> list[Event]:
    return [case_events.opened(n, case=f"CP-{n + 7}-1", charger=f"CP-{n + 7}") for n in range(many)]


def _waiting(many: int) -> list[Event]:
    mouse = node_event("cause/mouse", "Mouse in the cabinet", {"fault": "ground-fault-trip"}, By(OTHER, _stamp(900)))
    return [
        mouse,
        *(gap_event(f"E{n} blinks", {"vendor": "Acme"}, stamp=_stamp(1000 + n), author=OTHER) for n in range(many)),
    ]


def _stamp(number: int) -> Stamp:
    return Stamp(1_770_000_000_000 + number, 0, "r")
