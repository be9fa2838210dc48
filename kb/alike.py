"""Alike: entries whose text is near a query, by shared concepts, rare ones most, and by letters for typing errors."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from chargelore.kb.concepts import concepts
from chargelore.kb.entries import Entries, Entry

CANDIDATES = 60
SHORTEST_WORD = 5  # fewer letters are alike by chance
SPELT_ALIKE = 0.87
UNHEARD = 1.0  # what a word weighs that nobody here uses: little, as it tells nothing apart


def alike(words: str, known: Entries) -> list[tuple[float, Entry]]:
    """Candidates with their likeness, 0..1, in no order."""
    said = frozenset(each for each in concepts(words) if not each.isdigit() and each != "0x")
    wanted = _Wanted(said, utils.default_process(words), _may_be_misspelt(said, known))
    return [(_likeness(wanted, place, known), known.all[place]) for place in _candidates(wanted, known)]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The words of a query as concepts and as letters."""

    said: frozenset[str]
    plain: str
    may_be_misspelt: bool


def _may_be_misspelt(said: frozenset[str], known: Entries) -> bool:
    """Whether a word is there that nobody here uses; then letters count, and they tell nothing of numbers."""
    return any(each not in known.rarity and each.isalpha() and len(each) >= SHORTEST_WORD for each in said)


def _candidates(wanted: _Wanted, known: Entries) -> list[int]:
    """Entries that share telling concepts or many letters: enough to rank, few enough to be quick."""
    shared: dict[int, float] = {}
    for concept in sorted(wanted.said):
        for place in known.by_concept.get(concept, ()):
            shared[place] = shared.get(place, 0.0) + known.rarity[concept]
    best = sorted(shared, key=lambda place: (-shared[place], place))[:CANDIDATES]
    scorers = (fuzz.token_set_ratio, fuzz.partial_ratio) if wanted.may_be_misspelt else ()
    for scorer in scorers:
        near = process.extract(wanted.plain, known.texts, scorer=scorer, limit=CANDIDATES, score_cutoff=60)
        best += [place for _, _, place in near]
    return sorted(set(best))


def _likeness(wanted: _Wanted, place: int, known: Entries) -> float:
    """0..1: how much of what was asked the entry says, how much else it says, and how alike the letters are."""
    entry, text = known.all[place], known.texts[place]
    shared = _worth(wanted.said & entry.said, known)
    covered = shared / (_worth(wanted.said, known) or 1)
    to_the_point = shared / (_worth(entry.said, known) or 1)
    letters = fuzz.token_set_ratio(wanted.plain, text) / 100
    misspelt = _misspelt(wanted.plain, text) if wanted.may_be_misspelt else 0.0
    return max(0.65 * covered + 0.2 * to_the_point + 0.15 * letters, misspelt)


def _misspelt(plain: str, text: str) -> float:
    """How likely the words stand in the text with a typing error; few letters are alike by chance."""
    part = fuzz.partial_ratio(plain, text) / 100
    return part - 0.1 if part >= SPELT_ALIKE else 0.0


def _worth(said: Iterable[str], known: Entries) -> float:
    return math.fsum(known.rarity.get(concept, UNHEARD) for concept in said)
