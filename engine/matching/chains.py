"""Chains: `sequence` and `count`, which put hits in order of event time, so that a late signal finds its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from chargelore.engine.grammar import operators
from chargelore.engine.matching.moment import (
    MOST_OPEN,
    NO_SLACK,
    NONE,
    Evidence,
    Hit,
    Memory,
    Moment,
    Place,
    groups,
    joins,
    placed,
    recent,
    slack_of,
    without,
)

IN_A_ROW = 4
NOT_MOVED: Mapping[int, datetime] = {}

Fired = tuple[tuple[Place, datetime], ...]


def sequence(when: operators.Sequence, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: the hits in the window. A chain uses up what it was made of, and what came before its end."""
    names = moment.matched.intersection(when.names)
    if moment.signal is None or not names:
        return memory, NONE
    new = Hit(moment.at, moment.signal, names)
    if not memory:
        return (new,), NONE
    if _is_more_of_the_same(when, memory, new):
        return recent((*memory, new)[-IN_A_ROW:], when.within), NONE
    hits = recent(placed(memory, new), when.within)
    if len(hits) < len(when.names):
        return _thinned(hits, new, any_connector=when.any_connector), NONE
    for group in groups(hits, new, any_connector=when.any_connector):
        chain = _chain(when, group, new) or _chain_with_slack(when, group, new)
        if chain is not None:
            return without(hits, group, chain[-1]) or None, tuple(hit.signal for hit in chain)
    return _thinned(hits, new, any_connector=when.any_connector), NONE


def _is_more_of_the_same(when: operators.Sequence, hits: tuple[Hit, ...], new: Hit) -> bool:
    """Whether all that is kept is like the new hit and older, so that something else is missing: the usual case."""
    if new.at < hits[-1].at or new.names.issuperset(when.names):
        return False
    place = new.signal.connector
    return all(hit.names == new.names and hit.signal.connector == place for hit in hits)


def _chain(
    when: operators.Sequence, group: tuple[Hit, ...], new: Hit, moved: Mapping[int, datetime] = NOT_MOVED
) -> list[Hit] | None:
    """The tightest chain through the new hit, with it in any place that it fits; `moved` are other times of hits."""
    place = next((number for number, hit in enumerate(group) if hit is new), None)
    if place is None:
        return None
    for step in (number for number in reversed(range(len(when.names))) if when.names[number] in new.names):
        before = _walked(reversed(group[:place]), when.names[:step][::-1])
        after = _walked(group[place + 1 :], when.names[step + 1 :])
        if before is not None and after is not None:
            chain = [*reversed(before), new, *after]
            begin, end = (moved.get(id(hit), hit.at) for hit in (chain[0], chain[-1]))
            if end - begin <= when.within:
                return chain
    return None


def _chain_with_slack(when: operators.Sequence, group: tuple[Hit, ...], new: Hit) -> list[Hit] | None:
    """The chain if the clock that some of the hits came from was off by what it may be, one way or the other."""
    if not any(hit.signal.slack for hit in group):
        return None
    for way in (1, -1):
        moved = {id(hit): hit.at + way * slack_of((hit.signal,)) for hit in group}
        chain = _chain(when, tuple(sorted(group, key=lambda hit: moved[id(hit)])), new, moved)
        if chain is not None:
            return chain
    return None


def _walked(hits: Iterable[Hit], names: Sequence[str]) -> list[Hit] | None:
    """The nearest hits that bear these names one after another; None when they run out."""
    found: list[Hit] = []
    for hit in hits:
        if len(found) == len(names):
            break
        if names[len(found)] in hit.names:
            found.append(hit)
    return found if len(found) == len(names) else None


def _thinned(hits: tuple[Hit, ...], new: Hit, *, any_connector: bool) -> tuple[Hit, ...]:
    """Without what no chain needs: of like hits in a row the last few will do, for any order and a little lateness.

    Beyond MOST_OPEN the oldest of the commonest sort goes, so that a storm does not push out the rare one.
    """
    if hits[-1] is new:
        alike = _alike_before(hits, new, any_connector=any_connector)
        hits = hits if len(alike) < IN_A_ROW else hits[: alike[-1]] + hits[alike[-1] + 1 :]
    if len(hits) <= MOST_OPEN:
        return hits
    (commonest, _), *_ = Counter((hit.names, hit.connector) for hit in hits).most_common(1)
    oldest = next(place for place, hit in enumerate(hits) if (hit.names, hit.connector) == commonest)
    return hits[:oldest] + hits[oldest + 1 :]


def _alike_before(hits: tuple[Hit, ...], new: Hit, *, any_connector: bool) -> list[int]:
    """The places, from the last, of hits like the new one with nothing between that could join them."""
    found: list[int] = []
    for place in range(len(hits) - 2, -1, -1):
        hit = hits[place]
        if hit.names == new.names and hit.connector == new.connector:
            found.append(place)
        elif joins(hit.connector, new.connector, any_connector=any_connector):
            break
        if len(found) == IN_A_ROW:
            break
    return found


def count(when: operators.Count, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: the hits in the window, and when each connector last fired; it rests for one window after that."""
    if moment.signal is None or when.name not in moment.matched:
        return memory, NONE
    hits, fired = memory or ((), ())
    new = Hit(moment.at, moment.signal)
    hits = recent(placed(hits, new), when.within)
    for group in groups(hits, new, any_connector=when.any_connector):
        counted = _counted(when, group, new)
        if counted and _rested(when, fired, counted[-1]):
            return (without(hits, group, counted[-1]), _noted(fired, counted[-1])), tuple(hit.signal for hit in counted)
    return (_latest(when, hits, new), fired), NONE


def _counted(when: operators.Count, group: tuple[Hit, ...], new: Hit) -> tuple[Hit, ...]:
    """So many neighbours in time, the new hit among them, that lie within the span; empty when there are none."""
    place = next((number for number, hit in enumerate(group) if hit is new), -1)
    for start in range(max(0, place - when.at_least + 1), place + 1):
        hits = group[start : start + when.at_least]
        if len(hits) == when.at_least and hits[-1].at - hits[0].at <= when.within + _slack_between(hits):
            return hits
    return ()


def _slack_between(hits: tuple[Hit, ...]) -> timedelta:
    """By how much hits may be closer than they stand: nothing where one clock dated the first and the last."""
    first, last = hits[0].signal.slack, hits[-1].signal.slack
    return NO_SLACK if first == last else slack_of((hits[0].signal, hits[-1].signal))


def _latest(when: operators.Count, hits: tuple[Hit, ...], new: Hit) -> tuple[Hit, ...]:
    """Without the oldest of a connector beyond what is counted; of all connectors at most MOST_OPEN or one count."""
    alike = [place for place, hit in enumerate(hits) if hit.connector == new.connector]
    if len(alike) > when.at_least:
        hits = hits[: alike[0]] + hits[alike[0] + 1 :]
    return hits[-max(when.at_least, MOST_OPEN) :]


def _rested(when: operators.Count, fired: Fired, last: Hit) -> bool:
    return all(
        abs(last.at - at) > when.within
        for place, at in fired
        if joins(place, last.connector, any_connector=when.any_connector)
    )


def _noted(fired: Fired, last: Hit) -> Fired:
    return (*(each for each in fired if each[0] != last.connector), (last.connector, last.at))[-MOST_OPEN:]
