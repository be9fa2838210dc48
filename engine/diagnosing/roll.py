"""Roll: the causes that stand, in the order of their names. Pure.

A ranking knows a cause by its place here: what is known of all of them lies in one row, and numbers are sorted and
looked up where names would have to be fetched from all over the memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from chargelore.kb.model import Cause, CauseId, Knowledge

Place = int


@dataclass(frozen=True, slots=True, eq=False)
class Roll:
    """Every cause at its place. A deprecated one has none: it is never suspected, its successor stands for it."""

    causes: tuple[Cause, ...]
    places: Mapping[CauseId, Place]


@lru_cache(maxsize=4)
def roll(knowledge: Knowledge) -> Roll:
    """The causes of a knowledge that are not deprecated."""
    causes = sorted((each for each in knowledge.causes.values() if each.status != "deprecated"), key=attrgetter("id"))
    return Roll(tuple(causes), {each.id: place for place, each in enumerate(causes)})
