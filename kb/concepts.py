"""Concepts: what a text says in the vocabulary of charger faults: one name for many spellings and languages.

A maker writes `OTP`, `over_temp`, `Überhitzung` or `过温`; all of them are the concept `overtemp`. Words of no concept
stay as they are. Words glued together (`Steckerverriegelung`, `gunovertemp`) are taken apart where the vocabulary knows
their parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from chargelore.kb.vocabulary import Vocabulary, vocabulary

LONGEST_TEXT = 2000


@lru_cache(maxsize=20_000)
def concepts(text: str) -> tuple[str, ...]:
    """The concepts and other telling words of a text, in its order; the longest phrase wins."""
    return folded(stems(text))


def stems(text: str) -> tuple[str, ...]:
    """The words of a text as the vocabulary knows them, before phrases become concepts."""
    return vocabulary().stems(text[:LONGEST_TEXT])


def folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Stems with their phrases made concepts."""
    return tuple(_folded(words, vocabulary()))


def _folded(stems: tuple[str, ...], known: Vocabulary) -> Iterator[str]:
    place = 0
    while place < len(stems):
        width = next((w for w in range(known.longest, 1, -1) if stems[place : place + w] in known.concept_of), 1)
        phrase = stems[place : place + width]
        yield known.concept_of.get(phrase, phrase[0])
        place += width
