"""Shapes: candidates whose operators, limits and spans lie in the gap between two sides of sessions.

What is proposed here is only likely to separate; `tryout` runs it through the evaluator that runs live.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from typing import TypeVar

from chargelore.engine.drafting.atom import Atom, Test
from chargelore.engine.drafting.candidate import Candidate, cost, counted, in_order, lasting, missing, one
from chargelore.engine.drafting.rounding import SECONDS, limit_between, span_between
from chargelore.engine.drafting.telling import Hit, Measure, Telling
from chargelore.engine.matching.moment import joins

MOST_PAIRED = 24  # atoms that are tried with one another
MOST_COUNTED = 20  # times; an example tells each of them
NEARBY = 8  # hits before another that are looked at for one on its connector
WINDOWS = tuple(each for each in SECONDS if 60 <= each <= 86_400)
BEGINNINGS = frozenset({"status", "start", "authorize", "connected", "boot", "command"})
FOLLOWING = frozenset({"status", "start", "stop", "meter", "transaction", "heartbeat", "connected", "boot", "answer"})

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Sessions that a rule must catch, at least `need` of them, and sessions in which it must stay silent.

    `fault` is the one behind the confirmed cause: of the faults that a code may stand for it is the one that is meant.
    """

    positives: Sequence[Telling]
    negatives: Sequence[Telling]
    need: int
    fault: str = ""

    def at_least(self, values: Iterable[float]) -> float:
        """What `need` of the positives reach."""
        return sorted(values, reverse=True)[self.need - 1]

    def at_most(self, values: Iterable[float]) -> float:
        """What `need` of the positives stay below."""
        return sorted(values)[self.need - 1]


def shared(sides: Sides) -> list[Atom]:
    """What enough positives say, the most telling and the rarest among the negatives first."""
    counts: dict[Atom, int] = {}
    for each in sides.positives:
        for atom in (*each.hits, *each.phrases):
            if atom in each.vague and atom.tests[0][2] != sides.fault:
                continue
            counts[atom] = counts.get(atom, 0) + 1
    common = [atom for atom, count in counts.items() if count >= sides.need]
    return sorted(common, key=lambda atom: (len(saying(atom, sides.negatives)), cost(atom), str(atom)))


def saying(atom: Atom, tellings: Iterable[Telling]) -> list[Telling]:
    """The sessions that say it."""
    return [each for each in tellings if each.says(atom)]


def plain(sides: Sides, common: Sequence[Atom]) -> Iterator[Candidate]:
    """What one signal says by itself, and how far a measured value goes."""
    yield from map(one, _lone(sides, common))
    yield from _beyond(sides)


def in_time(sides: Sides, common: Sequence[Atom]) -> Iterator[Candidate]:
    """How often, in which order and how long, and what stays away."""
    timed = [atom for atom in common if any(atom in each.hits for each in sides.positives)]
    yield from _often(sides, timed)
    known = frozenset(_lone(sides, common))
    yield from _ordered(sides, [atom for atom in timed if atom not in known][:MOST_PAIRED])
    yield from _long(sides, timed)
    yield from _silent(sides, timed)


def _lone(sides: Sides, common: Sequence[Atom]) -> list[Atom]:
    return [atom for atom in common if atom.tests and not saying(atom, sides.negatives) and _can_differ(atom, sides)]


def _can_differ(atom: Atom, sides: Sides) -> bool:
    """A number that stands for a state says nothing where the negatives never tell that state at all."""
    plain = tuple(test for test in atom.tests if isinstance(test[2], str | bool))
    is_number = len(plain) < len(atom.tests) and atom.kind == "reading"
    return not is_number or bool(saying(Atom(atom.kind, plain), sides.negatives))


def _beyond(sides: Sides) -> Iterator[Candidate]:
    """A measured value goes higher, or lower, than it ever does in the negatives that measure it."""
    for measure in _keys(each.ranges for each in sides.positives):
        here = [each.ranges[measure] for each in sides.positives if measure in each.ranges]
        there = [each.ranges[measure] for each in sides.negatives if measure in each.ranges]
        if len(here) < sides.need or not there:
            continue
        highest, lowest = max(high for _, high in there), min(low for low, _ in there)
        high = limit_between(highest, sides.at_least(high for _, high in here))
        low = limit_between(sides.at_most(low for low, _ in here), lowest)
        yield from (one(_limited(measure, ">", high)) for _ in ([0] if high is not None else []))
        yield from (one(_limited(measure, "<", low)) for _ in ([0] if low is not None else []))


def _keys(each: Iterable[Iterable[Key]]) -> list[Key]:
    return list(dict.fromkeys(key for keys in each for key in keys))


def _limited(measure: Measure, op: str, limit: float | None) -> Atom:
    assert limit is not None  # noqa: S101  # asked only where there is a gap
    test: Test = (measure.field, op, (measure.other, limit) if measure.other else float(limit))
    return Atom(measure.kind, (*measure.about, test))


def _often(sides: Sides, timed: Sequence[Atom]) -> Iterator[Candidate]:
    """A signal comes more often than it ever does in the negatives; of all windows the one with the widest gap."""
    for atom in timed:
        best = max((_gap(sides, atom, window) for window in WINDOWS), key=lambda each: each[0])
        width, at_least, window = best
        if width > 0:
            yield counted(atom, at_least, timedelta(seconds=window))


def _gap(sides: Sides, atom: Atom, window: float) -> tuple[float, int, float]:
    """How wide the gap is, the number in its middle and the window; no gap is 0."""
    here = int(sides.at_least(_most_of(each, atom, window) for each in sides.positives))
    there = int(max((_most_of(each, atom, window) for each in sides.negatives), default=0))
    middle = min((here + there + 1) // 2, MOST_COUNTED)
    wide = here >= 2 and here >= 2 * there and middle > max(there, 1)
    return (here / (there + 1), middle, window) if wide else (0.0, 0, window)


def _most_of(telling: Telling, atom: Atom, window: float) -> float:
    return telling.once(("most", atom, window), lambda: most_within(telling.hits.get(atom, ()), window))


def most_within(hits: Sequence[Hit], window: float) -> int:
    """The most hits on one connector within a window."""
    places: dict[tuple[str, int | None], list[float]] = {}
    for hit in hits:
        places.setdefault((hit.charger, hit.place), []).append(hit.at)
    return max((_most(sorted(times), window) for times in places.values()), default=0)


def _most(times: Sequence[float], window: float) -> int:
    return max(bisect_right(times, at + window) - place for place, at in enumerate(times))


def _ordered(sides: Sides, timed: Sequence[Atom]) -> Iterator[Candidate]:
    """Two signals follow each other sooner than they ever do in the negatives."""
    for first in timed:
        for then in timed:
            if first == then or not _combine(first, then):
                continue
            here = sides.at_most(soonest(each, first, then) for each in sides.positives)
            if here == inf:
                continue
            there = min((soonest(each, first, then) for each in sides.negatives), default=inf)
            span = span_between(max(here, 1.0), there)
            if span is not None:
                yield in_order(first, then, span)


def _combine(first: Atom, then: Atom) -> bool:
    """Two makers' codes never meet on one charger, and a signal is no story with a part of itself."""
    if first.kind == then.kind and (set(first.tests) <= set(then.tests) or set(then.tests) <= set(first.tests)):
        return False
    return not first.vendor or not then.vendor or first.vendor == then.vendor


def soonest(telling: Telling, first: Atom, then: Atom) -> float:
    """The shortest time, in seconds, from one signal to the other on a connector; inf where they do not follow."""
    return telling.once(("soonest", first, then), lambda: _soonest(telling, first, then))


def _soonest(telling: Telling, first: Atom, then: Atom) -> float:
    begun: dict[str, list[Hit]] = {}
    for hit in telling.hits.get(first, ()):
        begun.setdefault(hit.charger, []).append(hit)
    best = inf
    for hit in telling.hits.get(then, ()):
        before = begun.get(hit.charger, [])
        place = bisect_right(before, hit.at, key=lambda each: each.at)
        near = (each.at for each in reversed(before[max(0, place - NEARBY) : place]) if joins(each.place, hit.place))
        best = min(best, hit.at - next(near, -inf))
    return best


def _long(sides: Sides, timed: Sequence[Atom]) -> Iterator[Candidate]:
    """A status stands longer than it ever does in the negatives."""
    for atom in timed:
        if atom.kind == "status" and [field for field, _, _ in atom.tests] == ["status"]:
            here = sides.at_least(longest(each, atom) for each in sides.positives)
            span = span_between(max((longest(each, atom) for each in sides.negatives), default=0.0), here)
            if span is not None:
                yield lasting(atom, span)


def longest(telling: Telling, atom: Atom) -> float:
    """How long, in seconds, a status stood at most on one connector; until the end where nothing ended it."""
    return telling.once(("longest", atom), lambda: _longest(telling, atom))


def _longest(telling: Telling, atom: Atom) -> float:
    said = [(hit, known == atom) for known, hits in telling.hits.items() if _is_status(known) for hit in hits]
    best, since = 0.0, dict[tuple[str, int | None], float]()
    for hit, is_it in sorted(said, key=lambda each: each[0].at):
        place = hit.charger, hit.place
        if is_it:
            since.setdefault(place, hit.at)
        elif place in since:
            best = max(best, hit.at - since.pop(place))
    return max([best, *(telling.ends[charger] - at for (charger, _), at in since.items())])


def _is_status(atom: Atom) -> bool:
    return atom.kind == "status" and len(atom.tests) == 1 and atom.tests[0][0] == "status"


def _silent(sides: Sides, timed: Sequence[Atom]) -> Iterator[Candidate]:
    """What always follows in the negatives stays away longer than it ever does there."""
    begun = [atom for atom in timed if atom.kind in BEGINNINGS and len(atom.tests) <= 1][:MOST_PAIRED]
    usual = _usual(sides.negatives)
    for after in begun:
        if not saying(after, sides.negatives):
            continue
        for atom in usual:
            if atom == after or not _combine(after, atom):
                continue
            here = sides.at_least(silence(each, atom, after) for each in sides.positives)
            span = span_between(max(silence(each, atom, after) for each in sides.negatives), here)
            if span is not None:
                yield missing(atom, after, span)


def _usual(negatives: Sequence[Telling]) -> list[Atom]:
    """What every healthy session says sooner or later."""
    if not negatives:
        return []
    first, *rest = negatives
    fit = (atom for atom in first.hits if atom.kind in FOLLOWING and len(atom.tests) <= 1 and not atom.vendor)
    return sorted((atom for atom in fit if all(atom in each.hits for each in rest)), key=cost)[:MOST_PAIRED]


def silence(telling: Telling, atom: Atom, after: Atom) -> float:
    """How long, in seconds, one signal stayed away after another at most; until the end where it never came."""
    return telling.once(("silence", atom, after), lambda: _silence(telling, atom, after))


def _silence(telling: Telling, atom: Atom, after: Atom) -> float:
    told = [(hit, known == atom) for known in (after, atom) for hit in telling.hits.get(known, ())]
    best, waits = 0.0, dict[tuple[str, int | None], float]()
    for hit, is_answer in sorted(told, key=lambda each: (each[0].at, not each[1])):
        if not is_answer:
            waits.setdefault((hit.charger, hit.place), hit.at)
            continue
        for place in [each for each in waits if each[0] == hit.charger and joins(each[1], hit.place)]:
            best = max(best, hit.at - waits.pop(place))
    return max([best, *(telling.ends[charger] - at for (charger, _), at in waits.items())])
