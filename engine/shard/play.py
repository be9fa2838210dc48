"""Play: one shard's part of what is read, in a watch of its own.

Every shard reads everything, for where a line belongs depends on the lines before it, and lets by what is not its own.
So a shard needs nothing from any other, and one that died is played again from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from chargelore.engine.infer import Standing
from chargelore.engine.read import Reading
from chargelore.engine.shard.deal import Deal
from chargelore.engine.triage import Part, played
from chargelore.engine.watch import Watch

MOST_REMEMBERED = 65_536  # chargers whose share is not asked for again

Source = Callable[[], Reading]


class Share(NamedTuple):
    """What one shard found, and how inference fared in it."""

    part: Part
    standing: Standing


def share(opened: Callable[[], Watch], sources: Mapping[str, Source], deal: Deal) -> Share:
    """Play recordings to a fresh watch for the chargers of one share."""
    with opened() as watch:
        readings = {name: source() for name, source in sources.items()}
        return Share(played(readings, watch, lru_cache(MOST_REMEMBERED)(deal.is_mine)), watch.standing)


def fared(standings: Iterable[Standing]) -> Standing:
    """How inference fared in all shards together."""
    each = tuple(standings)
    return Standing(
        engine=each[0].engine,
        restarts=sum(one.restarts for one in each),
        set_aside=sum(one.set_aside for one in each),
        why=next((one.why for one in each if one.why), ""),
        is_given_up=any(one.is_given_up for one in each),
    )
