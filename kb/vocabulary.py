"""Vocabulary: the phrases of charger faults in several languages, each with the concept that it stands for.

They stand in language/concepts.yaml (English, abbreviations) and concepts.de.yaml, concepts.zh.yaml and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from chargelore.kb.cache import cached
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.glued import apart
from chargelore.kb.words import plain, tokens
from chargelore.kb.yamlfile import parse

LANGUAGE = Path(__file__).parent / "language"
_LACKING = re.compile(
    r"\b(?:no|not|non|nor|none|without|missing|absent|lack of|lacks|loss of|isn't|can't|cannot|didn't|doesn't|won't|"
    r"kein|keine|keinen|keiner|nicht|ohne|fehlt|fehlen|fehlende|fehlender|pas de|pas|sans|manque|absence|"
    r"sin|falta|senza|manca|mancanza|geen|niet|zonder|ontbreekt|sem)\b",
    re.IGNORECASE,
)
_CAN = re.compile(r"\bCAN\b")  # the bus, not the verb
# Names are put together in many ways: overTemp, CPShort, rcd1Fault, err_a_ovp.
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z]{2})(?=[0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z][a-z])|_")
_GLUED = re.compile(r"[A-Za-zÀ-ž]{8,}")
# Words that would lose an ending and be another: main contactor, read error, wire break, inverted.
_KEPT = {"mains": "netz", "reader": "rfid", "breaker": "mcb", "inverter": "rectifier", "blower": "fan"}
_KEPT_FOUND = re.compile(rf"\b(?:{'|'.join(_KEPT)})\b", re.IGNORECASE)
_JOINTS = re.compile(r"[\s-]+")
_ARTICLES = frozenset(
    [
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "del",
        "el",
        "los",
        "las",
        "il",
        "lo",
        "gli",
        "della",
        "di",
        "al",
        "alla",
        "het",
        "van",
        "een",
        "op",
        "en",
        "est",
    ]
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Phrases as stems -> concept, and what a text has to go through to be such stems."""

    concept_of: Mapping[tuple[str, ...], str]
    longest: int
    unspaced: Mapping[str, str]  # phrases of scripts without blanks -> a phrase that stems know
    unspaced_found: re.Pattern[str]
    joined_found: re.Pattern[str]  # phrases whose words would be lost one by one: e-stop, state E, ok again

    @property
    def names(self) -> frozenset[str]:
        """All concepts."""
        return frozenset(self.concept_of.values())

    def stems(self, text: str) -> tuple[str, ...]:
        """The words of a text as the phrases have them."""
        spaced = self.unspaced_found.sub(lambda found: f" {self.unspaced[found.group()]} ", _CAN.sub("canbus", text))
        return _stems(self.joined_found.sub(lambda found: _as_one(found.group()), _JOINED.sub(" ", spaced)))


@dataclass(frozen=True, slots=True)
class Language:
    """What the files of the language folder say: concept -> its phrases, English first; and the cues as written."""

    phrases: Mapping[str, tuple[str, ...]]
    cues: Mapping[str, Mapping[object, tuple[str, ...]]]


@cache
def language() -> Language:
    """The language that ships with the program; parsed once per change of its files."""
    return cached(LANGUAGE, _language)


def _language(folder: Path) -> Language:
    phrases: dict[str, tuple[str, ...]] = {}
    for file in (folder / "concepts.yaml", *sorted(folder.glob("concepts.*.yaml"))):
        for concept, listed in parse(file, KnowledgeError).value.items():
            phrases[concept] = (*phrases.get(concept, ()), *map(str, listed))
    cues = parse(folder / "cues.yaml", KnowledgeError).value
    return Language(
        phrases, {part: {key: tuple(map(str, lines)) for key, lines in cues[part].items()} for part in cues}
    )


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the program."""
    spaced: dict[tuple[str, ...], str] = {}
    unspaced: dict[str, str] = {}
    joined: set[str] = set()
    for concept, phrase, english in _listed():
        if loses_words(phrase):
            joined.add(plain(phrase))
            spaced.setdefault(_stems(_as_one(phrase)), concept)
        elif _stems(phrase):
            spaced.setdefault(_stems(phrase), concept)
        elif not phrase.isascii():
            unspaced[phrase] = english
    longest_first = sorted(map(re.escape, unspaced), key=len, reverse=True)
    as_one = "|".join(map(_loosely, sorted(joined, key=len, reverse=True)))
    return Vocabulary(
        concept_of=spaced,
        longest=max(map(len, spaced)),
        unspaced=unspaced,
        unspaced_found=re.compile("|".join(longest_first)),
        joined_found=re.compile(rf"\b(?:{as_one})\b", re.IGNORECASE),
    )


def _listed() -> Iterator[tuple[str, str, str]]:
    """Concept, phrase, and the first phrase of the concept, which is English."""
    for concept, listed in language().phrases.items():
        for phrase in listed:
            yield concept, phrase, listed[0]


def loses_words(phrase: str) -> bool:
    """Fill words and single letters fall away, and one word alone would be left."""
    return len(_stems(phrase)) == 1 < len(_JOINTS.split(phrase.strip()))


def _loosely(phrase: str) -> str:
    return r"[\s-]+".join(map(re.escape, _JOINTS.split(phrase)))


def _as_one(phrase: str) -> str:
    """One word for the phrase, which no text has: state D is not `stated`."""
    return _JOINTS.sub("q", phrase).lower()


def _stems(text: str) -> tuple[str, ...]:
    kept = _KEPT_FOUND.sub(lambda found: _KEPT[found.group().lower()], _JOINED.sub(" ", text))
    parted = _GLUED.sub(lambda found: _parted(found.group()), kept)
    return tuple(word for word in tokens(_LACKING.sub(" lacking ", parted)) if word not in _ARTICLES)


@lru_cache(maxsize=20_000)
def _parted(word: str) -> str:
    """The parts of a glued word with blanks between; the word itself where it is known or no part is."""
    if plain(word) in _single_words() or _LACKING.fullmatch(word):
        return word
    return " ".join(apart(plain(word), _single_words()) or (word,))


@cache
def _single_words() -> frozenset[str]:
    """The phrases that are one word."""
    return frozenset(plain(phrase) for _, phrase, _ in _listed() if phrase.isalpha() and phrase.isascii())
