"""Concepts: the vocabulary of charger faults; many spellings, abbreviations and languages for one thing.

A maker writes `OTP`, `over_temp`, `Überhitzung` or `过温`; all of them are the concept `overtemp`. Words of no concept
stay as they are. The phrases stand in language/concepts.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from chargelore.kb.cache import cached
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.words import tokens
from chargelore.kb.yamlfile import parse

LANGUAGE = Path(__file__).parent / "language"
LONGEST_TEXT = 2000
_LACKING = re.compile(r"\b(?:no|not|non|without|missing|kein|keine|ohne|fehlt|lack of|loss of|absent)\b", re.IGNORECASE)
# Names are glued together in many ways: overTemp, CPShort, rcd1Fault, err_a_ovp.
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z]{2})(?=[0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z][a-z])|_")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Phrases as stems -> concept; phrases of scripts without blanks -> a phrase that stems know."""

    concept_of: Mapping[tuple[str, ...], str]
    longest: int
    unspaced: Mapping[str, str]
    unspaced_found: re.Pattern[str]

    @property
    def names(self) -> frozenset[str]:
        """All concepts."""
        return frozenset(self.concept_of.values())


@lru_cache(maxsize=20_000)
def concepts(text: str) -> tuple[str, ...]:
    """The concepts and other telling words of a text, in its order; the longest phrase wins."""
    return folded(stems(text))


def stems(text: str) -> tuple[str, ...]:
    """The words of a text as the vocabulary knows them, before phrases become concepts."""
    known = vocabulary()
    spaced = known.unspaced_found.sub(lambda found: f" {known.unspaced[found.group()]} ", text[:LONGEST_TEXT])
    return _stems(spaced)


def folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Stems with their phrases made concepts."""
    return tuple(_folded(words, vocabulary()))


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the program; parsed once per change of its files."""
    return cached(LANGUAGE, _vocabulary)


def _vocabulary(folder: Path) -> Vocabulary:
    listed = parse(folder / "concepts.yaml", KnowledgeError).value
    spaced: dict[tuple[str, ...], str] = {}
    unspaced: dict[str, str] = {}
    for concept, phrases in listed.items():
        for phrase in map(str, phrases):
            if _stems(phrase):
                spaced.setdefault(_stems(phrase), concept)
            else:
                unspaced[phrase] = str(phrases[0])
    longest_first = sorted(map(re.escape, unspaced), key=len, reverse=True)
    return Vocabulary(spaced, max(map(len, spaced)), unspaced, re.compile("|".join(longest_first)))


def _stems(text: str) -> tuple[str, ...]:
    return tokens(_LACKING.sub(" lacking ", _JOINED.sub(" ", text)))


def _folded(stems: tuple[str, ...], known: Vocabulary) -> Iterator[str]:
    place = 0
    while place < len(stems):
        width = next((w for w in range(known.longest, 1, -1) if stems[place : place + w] in known.concept_of), 1)
        phrase = stems[place : place + width]
        yield known.concept_of.get(phrase, phrase[0])
        place += width
