"""Spelling: codes of a maker that differ from a word by one or two letters: E0R7, ConectorLock, ERR_RDC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chargelore.kb.entries import Entry
from chargelore.kb.query import loose

SHORTEST, LONG = 3, 9  # letters of a code with one error, and with two
MOST_WORDS, MOST_CODES = 12, 8


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A code of the maker, the word that may stand for it, and how many letters differ."""

    entry: Entry
    word: str
    errors: int

    @property
    def likeness(self) -> float:
        """0..1: the longer the code the less an error matters."""
        return 1 - self.errors / (len(loose(self.entry.code.code)) + 1) if self.entry.code else 0.0


def misspelt(words: Iterable[str], own: Iterable[Entry]) -> list[Misspelt]:
    """The maker's codes that one of the words nearly is, the nearest first.

    A number with another digit is another code, so that digits must agree. Two letters in the wrong order are one
    error.
    """
    keys: dict[str, list[Entry]] = {}
    for entry in own:
        if entry.code is not None:
            keys.setdefault(loose(entry.code.code), []).append(entry)
    found = [each for word in list(dict.fromkeys(words))[:MOST_WORDS] for each in _near(word, keys)]
    return sorted(found, key=lambda each: -each.likeness)[:MOST_CODES]


def _near(word: str, keys: Mapping[str, list[Entry]]) -> Iterable[Misspelt]:
    asked = loose(word)
    if len(asked) < SHORTEST or not any(map(str.isalpha, asked)) or ":" in asked:
        return
    most = 2 if len(asked) >= LONG else 1
    for name, errors, _ in process.extract(asked, list(keys), scorer=OSA.distance, score_cutoff=most, limit=MOST_CODES):
        if errors and _digits(name) == _digits(asked):
            yield from (Misspelt(entry, word, int(errors)) for entry in keys[name])


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
