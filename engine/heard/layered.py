"""Layered: which slices of a charger were heard and when last, and what changed with its last firmware. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from chargelore.engine.case import Charger
from chargelore.engine.heard.reportability import EARLIEST_YEAR, items_of
from chargelore.engine.signal import Signal, shows_its_layer
from chargelore.kb.model import Layer

LAYERS: tuple[Layer, ...] = get_args(Layer)
MOST_CHARGERS, MOST_TURNS, MOST_FAULTS = 50_000, 20, 200  # turns: firmwares of one charger that are remembered apart
ENOUGH = 20  # signals of a firmware before which nothing can be said to be new since


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One layer of a charger: how many signals, and when it was heard first and last; None where nothing said when."""

    signals: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a charger says since its last firmware. `new` are items that it never said before, in how many signals then.

    `faults` counts each fault before and since, where they differ from none.
    """

    since: datetime | None
    before: str
    now: str
    new: tuple[str, ...]
    signals_before: int
    signals_since: int
    faults: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layered:
    """One charger: its layers as far as they were heard, those that were not, and its last change of firmware."""

    charger: Charger
    voices: Mapping[Layer, Voice]
    missing: tuple[Layer, ...]
    change: Change | None


@dataclass(slots=True)
class _Voice:
    signals: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def takes(self, at: datetime | None) -> None:
        self.signals += 1
        if at is not None and at.tzinfo is not None and at.year >= EARLIEST_YEAR:
            self.first_at = at if self.first_at is None or at < self.first_at else self.first_at
            self.last_at = at if self.last_at is None or at > self.last_at else self.last_at


@dataclass(slots=True)
class _Turn:
    """What a charger said with one firmware."""

    firmware: str
    since: datetime | None
    signals: int = 0
    items: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)

    def takes(self, signal: Signal) -> None:
        self.signals += 1
        self.items.update(items_of(signal))
        fault = signal.fields.get("fault") if signal.kind == "fault" else None
        if fault is not None and (str(fault) in self.faults or len(self.faults) < MOST_FAULTS):
            self.faults[str(fault)] += 1


@dataclass(slots=True)
class _Post:
    charger: Charger
    voices: dict[Layer, _Voice] = field(default_factory=dict)
    turns: list[_Turn] = field(default_factory=list)


class Layering:
    """Takes the signals of many chargers, as rules hear them; beyond `MOST_CHARGERS` later ones have none."""

    def __init__(self) -> None:
        self._posts: dict[str, _Post] = {}

    def takes(self, signal: Signal, charger: Charger) -> None:
        """One more signal, of a charger as it is known by now."""
        post = self._posts.get(charger.id)
        if post is None:
            if len(self._posts) >= MOST_CHARGERS:
                return
            post = self._posts[charger.id] = _Post(charger)
        post.charger = charger
        if shows_its_layer(signal):
            post.voices.setdefault(signal.layer, _Voice()).takes(signal.at)
            _turn(post, charger.firmware, signal.at).takes(signal)

    def layered(self) -> tuple[Layered, ...]:
        """Every charger by its id."""
        return tuple(_layered(post) for _, post in sorted(self._posts.items()))


def _turn(post: _Post, firmware: str, at: datetime | None) -> _Turn:
    """The turn of a firmware; what was said before the charger named one belongs to the first that it names."""
    if not post.turns:
        post.turns.append(_Turn(firmware, at))
    last = post.turns[-1]
    if firmware and not last.firmware:
        last.firmware = firmware
    elif firmware and firmware != last.firmware:
        post.turns.append(last := _Turn(firmware, at))
        del post.turns[:-MOST_TURNS]
    return last


def _layered(post: _Post) -> Layered:
    voices = {
        layer: Voice(signals=each.signals, first_at=each.first_at, last_at=each.last_at)
        for layer in LAYERS
        if (each := post.voices.get(layer)) is not None
    }
    missing = tuple(layer for layer in LAYERS if layer not in voices)
    return Layered(charger=post.charger, voices=voices, missing=missing, change=_change(post.turns))


def _change(turns: list[_Turn]) -> Change | None:
    if len(turns) < 2:
        return None
    *earlier, now = turns
    before = earlier[-1]
    known = set().union(*(each.items for each in earlier)) if sum(each.signals for each in earlier) >= ENOUGH else None
    faults = {name: (before.faults[name], now.faults[name]) for name in sorted({*before.faults, *now.faults})}
    return Change(
        since=now.since,
        before=before.firmware,
        now=now.firmware,
        new=tuple(sorted(now.items - known)) if known is not None else (),
        signals_before=sum(each.signals for each in earlier),
        signals_since=now.signals,
        faults=faults,
    )
