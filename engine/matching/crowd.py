"""Crowd: `chargers`, which waits until so many different chargers of one place have done the same. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from chargelore.engine.grammar import operators
from chargelore.engine.matching.moment import MOST_OPEN, NONE, Evidence, Memory, Moment

MOST_CHARGERS = 10_000  # of one place that are remembered where all must come
FEWEST = 2

Came = tuple[datetime, Evidence]


class Crowd(NamedTuple):
    """Who came true when, with the signals behind it, in the order heard; and when it last fired."""

    came: Mapping[str, Came] = {}
    fired: datetime | None = None


def chargers(when: operators.Chargers, memory: Memory, moment: Moment) -> tuple[Memory, Evidence]:
    """Memory: a Crowd. Each charger counts once, by its last; it rests for one span after it fired.

    Clocks of chargers differ, so a time far from the others ages nobody; the charger that was heard longest ago goes.
    """
    evidence = (moment.told or {}).get(when.name, NONE) if when.name in moment.matched else NONE
    if not evidence:
        return memory, NONE
    known: Crowd = memory or Crowd()
    came = _heard(known.came, evidence[-1].charger, (moment.at, evidence), when)
    told = _enough(when, came, moment)
    if not told or not _is_rested(known.fired, moment.at, when.within):
        return known._replace(came=came), NONE
    return Crowd(fired=told[-1][0]), tuple(signal for _, each in told for signal in each)


def _heard(came: Mapping[str, Came], charger: str, new: Came, when: operators.Chargers) -> dict[str, Came]:
    others = {name: each for name, each in came.items() if name != charger}
    most = MOST_CHARGERS if when.at_least is None else max(when.at_least, MOST_OPEN)
    while len(others) >= most:
        del others[next(iter(others))]
    return {**others, charger: new}


def _enough(when: operators.Chargers, came: Mapping[str, Came], moment: Moment) -> tuple[Came, ...]:
    """So many chargers, the new one among them, within one span, in order of event time; else none."""
    least = len(moment.members) if when.at_least is None else when.at_least
    if len(came) < max(least, FEWEST):
        return ()
    near = {name: each for name, each in came.items() if abs(each[0] - moment.at) <= when.within}
    for start in sorted(at for at, _ in near.values() if at <= moment.at):
        group = {name: each for name, each in near.items() if start <= each[0] <= start + when.within}
        if len(group) >= max(least, FEWEST) and (when.at_least is not None or moment.members <= group.keys()):
            return tuple(sorted(group.values(), key=lambda each: each[0]))
    return ()


def _is_rested(fired: datetime | None, at: datetime, span: timedelta) -> bool:
    return fired is None or abs(at - fired) > span
