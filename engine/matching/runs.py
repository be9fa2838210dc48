"""Runs: `sustained`, `absent` and `changed`, which remember what stands open on each connector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chargelore.engine.grammar import operators
from chargelore.engine.grammar.condition import value_of
from chargelore.engine.matching.moment import MOST_OPEN, NONE, Evidence, Hit, Memory, Moment, Place, joins, slack_of
from chargelore.engine.signal import EXCERPT, QUEUED, Scalar, Signal

STANDING = frozenset({"status"})  # told once and true until told otherwise; other kinds are samples
_NO_WAIT = frozenset({EXCERPT, QUEUED})  # what follows may be left out, or was told long ago
SHORTEST_SILENCE = timedelta(hours=1)  # samples further apart than this, and than two spans, are not one run


@dataclass(frozen=True, slots=True)
class Run:
    """How long something holds: since when, last seen when, and the first signal; None once it was told."""

    since: datetime
    last_at: datetime
    first: Signal | None


Runs = Mapping[Place, Run]


def sustained(when: operators.Sustained, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: the run on each connector. What stands holds by itself, a sample must be seen again."""
    runs: Runs = memory or {}
    if moment.signal is None:
        return _elapsed(when, runs, moment)
    if QUEUED in moment.signal.marks:  # it stood so once: neither begins nor ends what stands now
        return memory, NONE
    place = moment.signal.connector or None
    run = runs.get(place)
    if when.name not in moment.matched:
        return (_ended(runs, place) if run and _ends(when, run, moment) else memory), NONE
    if run is None or _is_stale(when, run, moment):
        return _kept(runs, place, Run(moment.at, moment.at, moment.signal)), NONE
    seen = replace(run, last_at=max(run.last_at, moment.at))
    if run.first is None or moment.at - run.since < when.span:
        return _kept(runs, place, seen), NONE
    return _kept(runs, place, replace(seen, first=None)), (run.first, moment.signal)


def _elapsed(when: operators.Sustained, runs: Runs, moment: Moment) -> tuple[Memory, Evidence]:
    """Time went by: the first run that stood long enough is told."""
    for place, run in runs.items():
        if run.first is not None and _stands_until(when, run) <= moment.at:
            return _kept(runs, place, replace(run, first=None)), (run.first,)
    return runs, NONE


def _stands_until(when: operators.Sustained, run: Run) -> datetime:
    assert run.first is not None  # noqa: S101  # asked only of a run that was not told
    return run.since + when.span if run.first.kind in STANDING else datetime.max.replace(tzinfo=run.since.tzinfo)


def _ends(when: operators.Sustained, run: Run, moment: Moment) -> bool:
    """A signal ends a run when it could have met the pattern, did not, and is no older than the run."""
    pattern = (moment.patterns or {}).get(when.name)
    return (
        pattern is not None and moment.signal is not None and moment.at >= run.since and pattern.is_about(moment.signal)
    )


def _is_stale(when: operators.Sustained, run: Run, moment: Moment) -> bool:
    """Samples so far apart say nothing of the time between them."""
    if moment.signal is None or moment.signal.kind in STANDING:
        return False
    return moment.at - run.last_at > max(2 * when.span, SHORTEST_SILENCE)


def _kept(runs: Runs, place: Place, run: Run) -> Runs:
    known = dict(runs)
    if place not in known and len(known) >= MOST_OPEN:
        del known[next(iter(known))]
    return {**known, place: run}


def _ended(runs: Runs, place: Place) -> Runs | None:
    return {key: run for key, run in runs.items() if key != place} or None


def sustained_due(when: operators.Sustained, memory: Memory) -> datetime | None:
    """When the next standing run has held long enough."""
    runs: Runs = memory or {}
    times = (run.since + when.span for run in runs.values() if run.first is not None and run.first.kind in STANDING)
    return min(times, default=None)


def absent(when: operators.Absent, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: the hits of `after` that still wait, and the last hit of the other signal on each connector."""
    waiting, seen = memory or ((), ())
    if moment.signal is None:
        late = tuple(hit for hit in waiting if _over(when, hit) <= moment.at)
        left = tuple(hit for hit in waiting if _over(when, hit) > moment.at)
        return _open(left, seen), (late[0].signal,) if late else NONE
    new = Hit(moment.at, moment.signal)
    if when.name in moment.matched:
        waiting = tuple(hit for hit in waiting if not _answers(when, new, hit))
        seen = (*(hit for hit in seen if hit.connector != new.connector), new)[-MOST_OPEN:]
    may_wait = _NO_WAIT.isdisjoint(moment.signal.marks)
    if when.after in moment.matched and may_wait and not _is_answered(when, new, waiting, seen):
        waiting = (*waiting, new)[-MOST_OPEN:]
    return _open(waiting, seen), NONE


def _open(waiting: tuple[Hit, ...], seen: tuple[Hit, ...]) -> Memory:
    return (waiting, seen) if waiting or seen else None


def _answers(when: operators.Absent, new: Hit, hit: Hit) -> bool:
    slack = slack_of((new.signal, hit.signal))
    return new.at >= hit.at - slack and joins(hit.connector, new.connector, any_connector=when.any_connector)


def _is_answered(when: operators.Absent, new: Hit, waiting: tuple[Hit, ...], seen: tuple[Hit, ...]) -> bool:
    """One wait at a time on a connector; and a late signal may find that its answer came already."""
    return any(hit.connector == new.connector for hit in waiting) or any(
        hit.at > new.at - slack_of((hit.signal, new.signal)) and _answers(when, hit, new) for hit in seen
    )


def absent_due(when: operators.Absent, memory: Memory) -> datetime | None:
    """When the first wait is over."""
    waiting: tuple[Hit, ...] = (memory or ((), ()))[0]
    return min((_over(when, hit) for hit in waiting), default=None)


def _over(when: operators.Absent, hit: Hit) -> datetime:
    """When a wait is over; one from a clock that may be off is so much longer."""
    return hit.at + when.span + slack_of((hit.signal,))


def changed(when: operators.Changed, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: the last value and its signal on each connector."""
    if moment.signal is None or when.name not in moment.matched or QUEUED in moment.signal.marks:
        return memory, NONE
    value = value_of(moment.signal, when.field)
    if value is None:
        return memory, NONE
    known: dict[Place, tuple[Scalar, Signal]] = dict(memory or {})
    place = moment.signal.connector or None
    before = known.get(place)
    if before is None and len(known) >= MOST_OPEN:
        del known[next(iter(known))]
    known[place] = (value, moment.signal)
    return known, (before[1], moment.signal) if before is not None and before[0] != value else NONE
