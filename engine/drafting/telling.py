"""Telling: what one session says, as atoms with their times, as phrases, and as how far its measured values went."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from chargelore.engine.drafting.atom import Atom, Test, atoms, head
from chargelore.engine.drafting.session import Session
from chargelore.engine.drafting.words import MOST_LINES, line_of, phrase_atoms, texts
from chargelore.engine.grammar.condition import number
from chargelore.engine.signal import Signal
from chargelore.engine.units import unit_of

MOST_HITS = 2_000  # of one atom in one session
OFFERS = {"current": "current.offered", "power": "power.offered"}  # what is taken, and what it is measured by
COUNTERS = ("energy",)  # they only grow; how far says nothing
MEASURING = frozenset({("reading", "value"), ("event", "actualValue")})


class Hit(NamedTuple):
    """When a signal came, in seconds, and from where."""

    at: float
    place: int | None
    charger: str


class Measure(NamedTuple):
    """A measured field of a kind of signal; with `other` it is the share of that field."""

    kind: str
    about: tuple[Test, ...]
    field: str
    other: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """What a session says. `ranges` are lowest and highest values, `ends` the last time of each charger.

    `vague` are faults that a code may stand for, among others.
    """

    session: Session
    hits: Mapping[Atom, list[Hit]] = field(default_factory=dict)
    phrases: frozenset[Atom] = frozenset()
    ranges: Mapping[Measure, tuple[float, float]] = field(default_factory=dict)
    ends: Mapping[str, float] = field(default_factory=dict)
    vague: frozenset[Atom] = frozenset()
    _known: dict[Hashable, float] = field(default_factory=dict)

    def once(self, key: Hashable, work_out: Callable[[], float]) -> float:
        """A figure of this session, worked out when it is first asked for."""
        if key not in self._known:
            self._known[key] = work_out()
        return self._known[key]

    def says(self, atom: Atom) -> bool:
        """Whether any signal of the session says it."""
        return atom in self.hits or atom in self.phrases


def telling(session: Session) -> Telling:
    """Everything that a session says."""
    hits: dict[Atom, list[Hit]] = {}
    ranges: dict[Measure, tuple[float, float]] = {}
    ends: dict[str, float] = {}
    vendors = {each.id: each.vendor for each in session.known}
    for signal in session.signals:
        at = ends[signal.charger] = max(ends.get(signal.charger, 0.0), _seconds(signal))
        if signal.kind == "boot":
            vendors[signal.charger] = str(signal.fields.get("vendor") or vendors.get(signal.charger, ""))
        hit = Hit(_seconds(signal) or at, signal.connector or None, signal.charger)
        for atom in atoms(signal, vendors.get(signal.charger, "")):
            known = hits.setdefault(atom, [])
            if len(known) < MOST_HITS:
                known.append(hit)
        for measure, value in measures(signal):
            low, high = ranges.get(measure, (value, value))
            ranges[measure] = min(low, value), max(high, value)
    return Telling(session, hits, frozenset(_phrases(session)), ranges, ends, frozenset(_vague(session)))


def _seconds(signal: Signal) -> float:
    return signal.at.timestamp() if signal.at is not None else 0.0


def _vague(session: Session) -> Iterator[Atom]:
    for signal in session.signals:
        if signal.kind == "fault" and signal.fields.get("relation") == "narrow":
            yield from atoms(signal)


def _phrases(session: Session) -> Iterator[Atom]:
    """The phrases of every different line."""
    lines: set[tuple[str, str, str]] = set()
    for signal in session.signals:
        for name, text in texts(signal):
            key = signal.kind, name, line_of(text)
            if key not in lines and len(lines) < MOST_LINES:
                lines.add(key)
                yield from phrase_atoms(signal, name, text)


def measures(signal: Signal) -> Iterator[tuple[Measure, float]]:
    """The measured values of a signal, and what share of the offer was taken."""
    about = head(signal)
    if about is None or (signal.kind == "answer" and signal.fields.get("from") != "charger"):
        return
    for name, said in signal.fields.items():
        if not _is_measured(signal.kind, name) or any("energy" in str(test[2]).casefold() for test in about):
            continue
        if (value := number(said)) is None:
            continue
        yield Measure(signal.kind, about, name), value
        offer = number(signal.fields.get(OFFERS[name])) if name in OFFERS else None
        if offer:
            yield Measure(signal.kind, about, name, OFFERS[name]), value / offer


def _is_measured(kind: str, name: str) -> bool:
    if (kind, name) in MEASURING:
        return True
    return bool(unit_of(name)) and not name.startswith((*COUNTERS, "request."))
