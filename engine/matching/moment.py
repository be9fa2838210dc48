"""Moment: one step in event time, and the hits that an operator keeps of the signals it has met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chargelore.engine.grammar.condition import Pattern
from chargelore.engine.signal import Signal

MOST_OPEN = 64  # hits, runs and waits that one operator keeps for one charger

MOST_SLACK = 30.0  # seconds: a wild clock widens no window further
NO_SLACK = timedelta()

Evidence = tuple[Signal, ...]
NONE: Evidence = ()
Memory = Any  # each operator's own picklable value; None at the start
Place = int | None  # a connector; None for the whole charger


class Moment(msgspec.Struct, frozen=True, gc=False):
    """A signal with the names of the patterns it meets, or no signal and only the time.

    Over a site or feeder `told` holds the signals behind each name that one charger met, and `members` the chargers
    that are known to stand there.
    """

    at: datetime
    matched: frozenset[str] = frozenset()
    signal: Signal | None = None
    patterns: Mapping[str, Pattern] | None = None
    told: Mapping[str, Evidence] | None = None
    members: frozenset[str] = frozenset()


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A signal that met patterns, and when."""

    at: datetime
    signal: Signal
    names: frozenset[str] = frozenset()

    @property
    def connector(self) -> Place:
        """The connector, None for the whole charger."""
        return self.signal.connector or None


def slack_of(signals: Evidence) -> timedelta:
    """By how much the times of signals may be off; nothing for those that stand on their own clock, and never much."""
    slack = 0.0
    for signal in signals:  # a loop: this is asked many times for each signal, and the answer is nearly always nothing
        slack = max(slack, signal.slack) if signal.slack else slack
    return timedelta(seconds=min(slack, MOST_SLACK)) if slack else NO_SLACK


def joins(one: Place, other: Place, *, any_connector: bool = False) -> bool:
    """Whether signals of these connectors may belong together; what speaks for the whole charger joins any."""
    return any_connector or not one or not other or one == other


def placed(hits: tuple[Hit, ...], new: Hit) -> tuple[Hit, ...]:
    """The hits in order of event time with the new one among them, after those of the same time."""
    place = len(hits)
    while place and hits[place - 1].at > new.at:
        place -= 1
    return (*hits[:place], new, *hits[place:])


def recent(hits: tuple[Hit, ...], span: timedelta) -> tuple[Hit, ...]:
    """The hits no older than a span before the last."""
    oldest = hits[-1].at - span - slack_of((hits[-1].signal, hits[0].signal))
    return hits if hits[0].at >= oldest else tuple(hit for hit in hits if hit.at >= oldest)


def groups(hits: tuple[Hit, ...], new: Hit, *, any_connector: bool) -> Iterator[tuple[Hit, ...]]:
    """The hits that may belong together with the new one: one group for each connector that it can speak for."""
    if any_connector:
        yield hits
        return
    places = [hit.connector for hit in hits]  # asked once: what speaks for the whole charger walks them many times
    known: list[Place] = sorted({place for place in places if place}, key=lambda each: each or 0)
    for connector in [new.connector] if new.connector else known or [None]:
        yield tuple(hit for hit, place in zip(hits, places, strict=True) if place is None or place == connector)


def without(hits: tuple[Hit, ...], group: tuple[Hit, ...], last: Hit) -> tuple[Hit, ...]:
    """The hits that are left when those of a group up to `last` are used up."""
    used = {id(hit) for hit in group if hit.at <= last.at}
    return tuple(hit for hit in hits if id(hit) not in used)
