"""Window: runs one operator over signals in event time. Pure: memory in, memory out; what it keeps is bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chargelore.engine.condition import Pattern, value_of
from chargelore.engine.operators import Absent, All, Any_, Changed, Count, Not, One, Sequence, Sustained, When
from chargelore.engine.signal import Signal

MOST_OPEN = 64  # chains, runs and waits that one rule keeps for one charger

Evidence = tuple[Signal, ...]
NONE: Evidence = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """One step in event time: a signal with the names of the patterns it meets, or no signal and only the time."""

    at: datetime
    matched: frozenset[str] = frozenset()
    signal: Signal | None = None
    patterns: Mapping[str, Pattern] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A signal that met a pattern, and when."""

    at: datetime
    signal: Signal

    @property
    def connector(self) -> int | None:
        """The connector, None for the whole charger."""
        return self.signal.connector or None


Memory = Any  # each operator's own picklable value; None at the start
Step = Callable[[Any, Memory, Moment], tuple[Memory, Evidence]]


def advance(when: When, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """One step: the new memory, and the signals behind a match (empty: no match)."""
    return STEPS[type(when)](when, memory, moment)


def due(when: When, memory: Memory) -> datetime | None:
    """When the operator must be looked at even if no signal comes."""
    if isinstance(when, Absent):
        return min((hit.at + when.span for hit in memory or ()), default=None)
    parts = _parts(when)
    times = (due(part, each.memory) for part, each in zip(parts, memory or (), strict=False))
    return min((time for time in times if time is not None), default=None)


def joins(one: int | None, other: int | None, *, any_connector: bool) -> bool:
    """Whether signals of these connectors may belong together; what speaks for the whole charger joins any."""
    return any_connector or not one or not other or one == other


def _one(when: One, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    if moment.signal is None or when.name not in moment.matched:
        return memory, NONE
    return memory, (moment.signal,)


def _count(when: Count, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: the hits in the window by connector, and when each connector last fired."""
    if moment.signal is None or when.name not in moment.matched:
        return memory, NONE
    hits, fired = memory or ((), ())
    new = Hit(moment.at, moment.signal)
    fresh = tuple(hit for hit in hits if new.at - hit.at <= when.within)
    mine = tuple(hit for hit in fresh if joins(hit.connector, new.connector, any_connector=when.any_connector))
    rested = all(abs(new.at - at) > when.within for place, at in fired if place == new.connector)
    if len(mine) + 1 >= when.at_least and rested:
        kept = tuple(hit for hit in fresh if hit not in mine)
        return (kept, _noted(fired, new)), tuple(hit.signal for hit in (*mine, new))
    return ((*fresh, new)[-max(when.at_least, MOST_OPEN) :], fired), NONE


def _noted(fired: tuple[tuple[int | None, datetime], ...], hit: Hit) -> tuple[tuple[int | None, datetime], ...]:
    return (*(each for each in fired if each[0] != hit.connector), (hit.connector, hit.at))[-MOST_OPEN:]


def _sequence(when: Sequence, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: chains of hits, each as far as it got. A signal moves a chain by one name at most."""
    if moment.signal is None:
        return memory, NONE
    new = Hit(moment.at, moment.signal)
    chains: tuple[tuple[Hit, ...], ...] = tuple(chain for chain in memory or () if new.at - chain[0].at <= when.within)
    grown = [chain for chain in chains if when.names[len(chain)] in moment.matched and _follows(when, chain, new)]
    done = next((chain for chain in reversed(grown) if len(chain) + 1 == len(when.names)), None)
    if done is not None:
        left = tuple(c for c in chains if not joins(c[0].connector, new.connector, any_connector=when.any_connector))
        return left, tuple(hit.signal for hit in (*done, new))
    begun = ((new,),) if when.names[0] in moment.matched else ()
    return (*chains, *((*chain, new) for chain in grown), *begun)[-MOST_OPEN:], NONE


def _follows(when: Sequence, chain: tuple[Hit, ...], new: Hit) -> bool:
    return new.at >= chain[-1].at and all(
        joins(hit.connector, new.connector, any_connector=when.any_connector) for hit in chain
    )


def _sustained(when: Sustained, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: for each connector the hit that began the run, None once it was told."""
    if moment.signal is None or moment.patterns is None:
        return memory, NONE
    runs: dict[int | None, tuple[datetime, Signal | None]] = dict(memory or {})
    connector = moment.signal.connector or None
    if when.name not in moment.matched:
        if moment.patterns[when.name].is_about(moment.signal):
            runs.pop(connector, None)
        return runs, NONE
    since, first = runs.get(connector, (moment.at, moment.signal))
    if first is None or moment.at - since < when.span:
        runs[connector] = (since, first)
        return runs, NONE
    runs[connector] = (since, None)
    return runs, (first, moment.signal)


def _absent(when: Absent, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: the hits of `after` that still wait. The first that waited too long is told, all due ones are dropped."""
    waiting: tuple[Hit, ...] = memory or ()
    late = tuple(hit for hit in waiting if moment.at - hit.at > when.span)
    waiting = tuple(hit for hit in waiting if hit not in late)
    told = (late[0].signal,) if late else NONE
    if moment.signal is None:
        return waiting, told
    new = Hit(moment.at, moment.signal)
    if when.name in moment.matched:
        waiting = tuple(
            hit for hit in waiting if not joins(hit.connector, new.connector, any_connector=when.any_connector)
        )
    if when.after in moment.matched:
        waiting = (*waiting, new)[:MOST_OPEN]
    return waiting, told


def _changed(when: Changed, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: the last value and its signal for each connector."""
    if moment.signal is None or when.name not in moment.matched:
        return memory, NONE
    value = value_of(moment.signal, when.field)
    if value is None:
        return memory, NONE
    before = (memory or {}).get(moment.signal.connector)
    kept = {**(memory or {}), moment.signal.connector: (value, moment.signal)}
    return kept, (before[1], moment.signal) if before is not None and before[0] != value else NONE


@dataclass(frozen=True, slots=True)
class _Part:
    """What an `all` or `any` remembers of one of its parts."""

    memory: Memory = None
    at: datetime | None = None
    evidence: Evidence = NONE

    def within(self, span: timedelta, at: datetime) -> bool:
        """Whether the part came true lately."""
        return self.at is not None and at - self.at <= span


def _stepped(part: When, known: _Part, moment: Moment) -> _Part:
    inner = part.part if isinstance(part, Not) else part
    memory, evidence = advance(inner, known.memory, moment)
    return _Part(memory, moment.at, evidence) if evidence else _Part(memory, known.at, known.evidence)


def _all(when: All, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: each part's own, and when it last came true with which signals."""
    before = memory or tuple(_Part() for _ in when.parts)
    now = tuple(_stepped(part, known, moment) for part, known in zip(when.parts, before, strict=True))
    came = any(
        each.evidence and each != known
        for part, known, each in zip(when.parts, before, now, strict=True)
        if not isinstance(part, Not)
    )
    holds = all(
        each.within(when.within, moment.at) != isinstance(part, Not) for part, each in zip(when.parts, now, strict=True)
    )
    if not (came and holds):
        return now, NONE
    told = tuple(
        signal
        for part, each in zip(when.parts, now, strict=True)
        if not isinstance(part, Not)
        for signal in each.evidence
    )
    return tuple(_Part(each.memory) for each in now), told


def _any(when: Any_, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    before = memory or tuple(_Part() for _ in when.parts)
    found = [advance(part, known.memory, moment) for part, known in zip(when.parts, before, strict=True)]
    told = next((evidence for _, evidence in found if evidence), NONE)
    return tuple(_Part(each) for each, _ in found), told


def _not(_when: Not, memory: Memory, _moment: Moment) -> tuple[Memory, Evidence]:
    """Alone it never fires: that something did not happen is told by `absent`."""
    return memory, NONE


def _parts(when: When) -> tuple[When, ...]:
    if isinstance(when, All | Any_):
        return tuple(part.part if isinstance(part, Not) else part for part in when.parts)
    return ()


STEPS: Mapping[type, Step] = {
    One: _one,
    Count: _count,
    Sequence: _sequence,
    Sustained: _sustained,
    Absent: _absent,
    Changed: _changed,
    All: _all,
    Any_: _any,
    Not: _not,
}
