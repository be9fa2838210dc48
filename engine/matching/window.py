"""Window: runs a rule's operators over signals in event time. Pure: memory in, memory out; what it keeps is bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chargelore.engine.grammar.operators import (
    Absent,
    All,
    Any_,
    Changed,
    Chargers,
    Count,
    Not,
    One,
    Sequence,
    Sustained,
    When,
)
from chargelore.engine.matching.chains import count, sequence
from chargelore.engine.matching.crowd import chargers
from chargelore.engine.matching.moment import MOST_OPEN, NONE, Evidence, Memory, Moment, Place, joins, slack_of
from chargelore.engine.matching.runs import absent, absent_due, changed, sustained, sustained_due

Step = Callable[[Any, Memory, Moment], tuple[Memory, Evidence]]
Came = tuple[tuple[Place, datetime, Evidence], ...]


def advance(when: When, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """One step: the new memory, and the signals behind a match (empty: no match)."""
    return STEPS[type(when)](when, memory, moment)


def due(when: When, memory: Memory) -> datetime | None:
    """When the operator must be looked at even if no signal comes."""
    if isinstance(when, Absent):
        return absent_due(when, memory)
    if isinstance(when, Sustained):
        return sustained_due(when, memory)
    times = (due(part, each.memory) for part, each in zip(_parts(when), memory or (), strict=False))
    return min((time for time in times if time is not None), default=None)


def connector_of(evidence: Evidence) -> Place:
    """The connector that the signals are about, None when all speak for the whole charger."""
    return next((signal.connector for signal in evidence if signal.connector), None)


def _one(when: One, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    if moment.signal is None or when.name not in moment.matched:
        return memory, NONE
    return memory, (moment.signal,)


@dataclass(frozen=True, slots=True)
class Part:
    """What an `all` or `any` remembers of one of its parts: its memory, and where and when it last came true."""

    memory: Memory = None
    came: Came = ()

    def on(self, place: Place, at: datetime, span: timedelta, *, any_connector: bool) -> Evidence:
        """The latest signals with which it came true for a connector, no further from a time than a span."""
        near = (each for each in self.came if abs(each[1] - at) <= span + slack_of(each[2]))
        fit = (each for each in near if joins(each[0], place, any_connector=any_connector))
        return max(fit, key=lambda each: each[1], default=(None, at, NONE))[2]

    def spent(self, place: Place) -> Part:
        """The same without what was used for a connector."""
        return Part(self.memory, tuple(each for each in self.came if not joins(each[0], place)))


def _stepped(part: When, known: Part, moment: Moment, span: timedelta) -> Part:
    memory, evidence = advance(part.part if isinstance(part, Not) else part, known.memory, moment)
    fresh = tuple(each for each in known.came if moment.at - each[1] <= span + slack_of(each[2]))
    if not evidence:
        return Part(memory, fresh)
    place = connector_of(evidence)
    new = (place, moment.at, evidence)
    return Part(memory, (*(each for each in fresh if each[0] != place), new)[-MOST_OPEN:])


def _all(when: All, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: each part's own. It is asked again whenever a part that must come true comes true."""
    before: tuple[Part, ...] = memory or tuple(Part() for _ in when.parts)
    span = when.within + slack_of((moment.signal,) if moment.signal is not None else NONE)
    now = tuple(_stepped(part, each, moment, span) for part, each in zip(when.parts, before, strict=True))
    for part, each in zip(when.parts, now, strict=True):
        if isinstance(part, Not) or not each.came or each.came[-1][1] != moment.at:
            continue
        place = each.came[-1][0]
        told = _together(when, now, place, moment.at, span)
        if told:
            return _spent(when, now, place), told
    return now, NONE


def _together(when: All, parts: tuple[Part, ...], place: Place, at: datetime, span: timedelta) -> Evidence:
    """The signals of all parts for a connector; none when one is missing, or one came that must not."""
    told: list[Evidence] = []
    for part, each in zip(when.parts, parts, strict=True):
        found = each.on(place, at, span, any_connector=when.any_connector)
        if bool(found) == isinstance(part, Not):
            return NONE
        told.append(found)
        place = place or connector_of(found)
    return tuple(signal for evidence in told for signal in evidence)


def _spent(when: All, parts: tuple[Part, ...], place: Place) -> tuple[Part, ...]:
    return tuple(
        each if isinstance(part, Not) else each.spent(None if when.any_connector else place)
        for part, each in zip(when.parts, parts, strict=True)
    )


def _any(when: Any_, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    before: tuple[Part, ...] = memory or tuple(Part() for _ in when.parts)
    found = [advance(part, known.memory, moment) for part, known in zip(when.parts, before, strict=True)]
    told = next((evidence for _, evidence in found if evidence), NONE)
    return (tuple(Part(each) for each, _ in found) if any(each for each, _ in found) else None), told


def _not(_when: Not, memory: Memory, _moment: Moment) -> tuple[Memory, Evidence]:
    """Alone it never fires: that something did not happen is told by `absent`."""
    return memory, NONE


def _parts(when: When) -> tuple[When, ...]:
    if isinstance(when, All | Any_):
        return tuple(part.part if isinstance(part, Not) else part for part in when.parts)
    return ()


STEPS: Mapping[type, Step] = {
    One: _one,
    Count: count,
    Sequence: sequence,
    Sustained: sustained,
    Absent: absent,
    Changed: changed,
    All: _all,
    Any_: _any,
    Not: _not,
    Chargers: chargers,
}
