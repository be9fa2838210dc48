"""Neighbours: known codes whose texts say much the same; rare shared concepts count most (TF-IDF, cosine)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from chargelore.kb.concepts import concepts
from chargelore.kb.model import Code, Knowledge

KEPT = 8


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A known code and how like it is, 0 to 1."""

    likeness: float
    code: Code


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """All known codes by the concepts of their texts."""

    codes: tuple[Code, ...]
    lengths: tuple[float, ...]
    places: Mapping[str, tuple[int, ...]]
    rarity: Mapping[str, float]
    unheard: float  # the rarity of a concept that no code has

    def nearest(self, said: frozenset[str], most: int = KEPT) -> tuple[Neighbour, ...]:
        """The most like first; equal ones in the order of the knowledge base."""
        shared: dict[int, float] = {}
        for concept in sorted(said):
            for place in self.places.get(concept, ()):
                shared[place] = shared.get(place, 0.0) + self.rarity[concept] ** 2
        length = _length(said, self.rarity, self.unheard)
        likeness = {place: worth / (length * self.lengths[place]) for place, worth in shared.items()}
        best = sorted(likeness, key=lambda place: (-likeness[place], place))[:most]
        return tuple(Neighbour(min(1.0, likeness[place]), self.codes[place]) for place in best)


@lru_cache(maxsize=4)
def neighbourhood(knowledge: Knowledge) -> Neighbourhood:
    """The neighbourhood of all codes in the knowledge; built once."""
    said = [frozenset(code_concepts(code.text, code.code)) for code in knowledge.codes]
    spread = Counter(concept for each in said for concept in each)
    rarity = {concept: math.log(1 + len(said) / count) for concept, count in spread.items()}
    places: dict[str, list[int]] = {}
    for place, each in enumerate(said):
        for concept in each:
            places.setdefault(concept, []).append(place)
    unheard = math.log(1 + len(said))
    lengths = tuple(_length(each, rarity, unheard) for each in said)
    frozen = {concept: tuple(where) for concept, where in places.items()}
    return Neighbourhood(knowledge.codes, lengths, frozen, rarity, unheard)


def code_concepts(text: str, code: str) -> tuple[str, ...]:
    """What a code says: its text, and its name where it is a word; bare numbers say nothing."""
    name = code if sum(map(str.isalpha, code)) >= 3 and not code.lower().startswith("0x") else ""
    return tuple(each for each in concepts(f"{text} {name}") if not each.isdigit() or each in {"12", "24"})


def _length(said: frozenset[str], rarity: Mapping[str, float], unheard: float) -> float:
    # fsum does not depend on the order of a set, so that the same text gives the same figure in every process
    return math.sqrt(math.fsum(rarity.get(concept, unheard) ** 2 for concept in said)) or 1.0
