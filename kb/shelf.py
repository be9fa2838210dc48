"""Shelf: short texts, to be found by their letters and by what they mean; here in plain Python, for want of better.

A text is known by its number, its place in the row of texts. The quicker shelf stands in kb/trigram.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process

from chargelore.kb.concepts import concepts, stems
from chargelore.kb.vocabulary import vocabulary

VOLTAGES = frozenset({"12", "24"})  # numbers that mean something by themselves
SHORTEST_WORD = 5  # fewer letters are alike by chance
SHORTEST_TEXT = 3
UNHEARD = 1.0  # what a word weighs that nobody here uses: little, as it tells nothing apart


@dataclass(frozen=True, slots=True)
class Text:
    """One text: its letters, lower case without punctuation, and what says its meaning, one phrase a line."""

    letters: str
    says: str


@dataclass(frozen=True, slots=True)
class Said:
    """The concepts of a text, and how telling they are together."""

    concepts: frozenset[str]
    worth: float


class Shelf(Protocol):
    """Texts that can be searched."""

    @property
    def rarity(self) -> Mapping[str, float]:
        """How telling each concept is: the fewer texts have it the more."""

    @property
    def words(self) -> tuple[str, ...]:
        """All words of the texts and of the vocabulary as stems, sorted."""

    def by_letters(self, letters: str, most: int) -> list[int]:
        """Numbers of the texts that share the most telling letters, the nearest first."""

    def by_meaning(self, said: Collection[str], most: int) -> list[int]:
        """Numbers of the texts that share the most telling concepts, the nearest first."""

    def said(self, numbers: Iterable[int]) -> Mapping[int, Said]:
        """What these texts say; perhaps with others that were asked for before."""


def meaning(text: Text) -> frozenset[str]:
    """The concepts of a text; numbers say nothing, but for two voltages."""
    every = (each for phrase in text.says.split("\n") for each in concepts(phrase))
    return frozenset(each for each in every if not each.isdigit() or each in VOLTAGES)


def words_of(texts: Iterable[Text]) -> tuple[str, ...]:
    """Every word that somebody uses, as stems, for what was mistyped."""
    used = {word for text in texts for word in (*stems(text.letters), *stems(text.says))}
    listed = {word for phrase in vocabulary().concept_of for word in phrase}
    return tuple(sorted(word for word in used | listed if word.isalpha() and len(word) >= SHORTEST_WORD))


def telling(spread: Mapping[str, int], count: int) -> dict[str, float]:
    """How telling each concept is, from the number of texts that have it."""
    return {concept: math.log(1 + count / docs) for concept, docs in spread.items()}


def said(concepts: frozenset[str], rarity: Mapping[str, float]) -> Said:
    """What a text says, with its worth."""
    return Said(concepts, worth(concepts, rarity))


def worth(concepts: Iterable[str], rarity: Mapping[str, float]) -> float:
    """How telling these concepts are together."""
    # fsum does not depend on the order of a set, so that the same text gives the same figure in every process
    return math.fsum(rarity.get(concept, UNHEARD) for concept in concepts)


class PlainShelf:
    """Texts in lists and dicts. The same answers in the same shape, at the price of reading every text."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._letters = tuple(text.letters for text in texts)
        self._said = tuple(map(meaning, texts))
        self.words = words_of(texts)
        self.rarity = telling(Counter(concept for said in self._said for concept in said), len(texts))
        self._places: dict[str, list[int]] = {}
        for number, said in enumerate(self._said):
            for concept in said:
                self._places.setdefault(concept, []).append(number)

    def by_letters(self, letters: str, most: int) -> list[int]:
        """As every shelf does it."""
        if len(letters) < SHORTEST_TEXT:
            return []
        near = process.extract(letters, self._letters, scorer=fuzz.partial_ratio, limit=most, score_cutoff=60)
        return [number for _, _, number in near]

    def by_meaning(self, said: Collection[str], most: int) -> list[int]:
        """As every shelf does it."""
        shared: dict[int, float] = {}
        for concept in sorted(said):
            for number in self._places.get(concept, ()):
                shared[number] = shared.get(number, 0.0) + self.rarity[concept]
        # Of texts that share as much, those that say little else come first.
        return sorted(shared, key=lambda each: (-shared[each] / math.sqrt(len(self._said[each])), each))[:most]

    def said(self, numbers: Iterable[int]) -> Mapping[int, Said]:
        """As every shelf does it."""
        return {number: said(self._said[number], self.rarity) for number in numbers}
