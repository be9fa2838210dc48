"""Alike: entries whose text is near a query, by shared concepts, rare ones most, and by letters for typing errors."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from chargelore.kb.concepts import folded, stems
from chargelore.kb.entries import SHORTEST_WORD, Entries, Entry

CANDIDATES = 60
SPELT_ALIKE = 80  # per cent of letters of a mistyped word
PARTLY_ALIKE = 87  # per cent of letters of a query within a longer text
UNHEARD = 1.0  # what a word weighs that nobody here uses: little, as it tells nothing apart


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The words of a query as concepts and as letters."""

    said: frozenset[str]
    plain: str


def alike(words: str, known: Entries) -> list[tuple[float, Entry]]:
    """Candidates with their likeness, 0..1, in no order."""
    meant = folded(tuple(_corrected(word, known) for word in stems(words)))
    said = frozenset(each for each in meant if not each.isdigit() and each != "0x")
    wanted = _Wanted(said, utils.default_process(words))
    return [(_likeness(wanted, place, known), known.all[place]) for place in _candidates(wanted, known)]


def _corrected(word: str, known: Entries) -> str:
    """A word that nobody uses becomes the one that is nearest in spelling, where one is near."""
    if len(word) < SHORTEST_WORD or not word.isalpha() or _is_used(word, known):
        return word
    near = process.extractOne(word, known.words, scorer=fuzz.ratio, score_cutoff=SPELT_ALIKE)
    return near[0] if near else word


def _is_used(word: str, known: Entries) -> bool:
    place = bisect_left(known.words, word)
    return place < len(known.words) and known.words[place] == word


def _candidates(wanted: _Wanted, known: Entries) -> list[int]:
    """Entries that share telling concepts or many letters: enough to rank, few enough to be quick."""
    shared: dict[int, float] = {}
    for concept in sorted(wanted.said):
        for place in known.by_concept.get(concept, ()):
            shared[place] = shared.get(place, 0.0) + known.rarity[concept]
    # Of entries that share as much, those that say little else come first.
    best = sorted(shared, key=lambda place: (-shared[place] / math.sqrt(known.worths[place]), place))[:CANDIDATES]
    scorers = (fuzz.token_sort_ratio, fuzz.partial_ratio) if len(wanted.plain) >= SHORTEST_WORD else ()
    for scorer in scorers:
        near = process.extract(wanted.plain, known.texts, scorer=scorer, limit=CANDIDATES, score_cutoff=60)
        best += [place for _, _, place in near]
    return sorted(set(best))


def _likeness(wanted: _Wanted, place: int, known: Entries) -> float:
    """0..1: how much of what was asked the entry says, how much else it says, and how alike the letters are."""
    entry, text = known.all[place], known.texts[place]
    shared = _worth(wanted.said & entry.said, known)
    covered = shared / (_worth(wanted.said, known) or 1)
    to_the_point = shared / (known.worths[place] or 1)
    by_meaning = 0.65 * covered + 0.2 * to_the_point + 0.15 * fuzz.token_set_ratio(wanted.plain, text) / 100
    return max(by_meaning, 0.4 * covered + 0.6 * _letters(wanted.plain, text))


def _letters(plain: str, text: str) -> float:
    """0..1: how alike the letters are, as a whole or as a part of a longer text."""
    part = fuzz.partial_ratio(plain, text) if len(plain) >= SHORTEST_WORD else 0.0
    as_part = part - 10 * (len(plain) < len(text)) if part >= PARTLY_ALIKE else 0.0
    return max(fuzz.token_sort_ratio(plain, text), as_part) / 100


def _worth(said: Iterable[str], known: Entries) -> float:
    return math.fsum(known.rarity.get(concept, UNHEARD) for concept in said)
