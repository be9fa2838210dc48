"""Concepts: the vocabulary of charger faults; many spellings, abbreviations and languages for one thing.

A maker writes `OTP`, `over_temp`, `Überhitzung` or `过温`; all of them are the concept `overtemp`. Words of no concept
stay as they are. The phrases stand in language/concepts.yaml and, for other languages, in concepts.de.yaml and so on.
Words glued together (`Steckerverriegelung`, `gunovertemp`) are taken apart where the vocabulary knows the parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from chargelore.kb.errors import KnowledgeError
from chargelore.kb.words import plain, tokens
from chargelore.kb.yamlfile import parse

LANGUAGE = Path(__file__).parent / "language"
LONGEST_TEXT = 2000
_LACKING = re.compile(
    r"\b(?:no|not|non|nor|none|without|missing|absent|lack of|lacks|loss of|isn't|can't|cannot|didn't|doesn't|won't|"
    r"kein|keine|keinen|keiner|nicht|ohne|fehlt|fehlen|fehlende|fehlender|pas de|pas|sans|manque|absence|"
    r"sin|falta|senza|manca|mancanza|geen|niet|zonder|ontbreekt|sem)\b",
    re.IGNORECASE,
)
# Names are glued together in many ways: overTemp, CPShort, rcd1Fault, err_a_ovp.
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z]{2})(?=[0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z][a-z])|_")
_CAN = re.compile(r"\bCAN\b")  # the bus, not the verb
_JOINTS = re.compile(r"[\s-]+")
_GLUED = re.compile(r"[A-Za-zÀ-ž]{8,}")
_BETWEEN = ("", "s", "es", "en", "n", "e")  # what German and Dutch put between the parts of a word
_SHORTEST_PART, _SHORTEST_END = 3, 5
_ARTICLES = frozenset("de la le les du del el los las il lo gli della di al alla het van een op en est".split())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Phrases as stems -> concept; phrases of scripts without blanks -> a phrase that stems know; all plain words."""

    concept_of: Mapping[tuple[str, ...], str]
    longest: int
    unspaced: Mapping[str, str]
    unspaced_found: re.Pattern[str]
    joined_found: re.Pattern[str]  # phrases whose words would be lost one by one: e-stop, state E, ok again
    words: frozenset[str]  # all that stand in phrases
    parts: frozenset[str]  # those that are phrases alone

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
    text = _CAN.sub("canbus", text[:LONGEST_TEXT])
    spaced = known.unspaced_found.sub(lambda found: f" {known.unspaced[found.group()]} ", text)
    apart = known.joined_found.sub(lambda found: _whole(found.group()), _JOINED.sub(" ", spaced))
    return _stems(_GLUED.sub(lambda found: _apart(found.group()), apart))


def folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Stems with their phrases made concepts."""
    return tuple(_folded(words, vocabulary()))


def phrases() -> Mapping[str, tuple[str, ...]]:
    """Concept -> its phrases in all languages, English first."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(LANGUAGE.glob("concepts*.yaml"), key=lambda file: (len(file.name) > len("concepts.yaml"), file.name)):
        for concept, listed in parse(file, KnowledgeError).value.items():
            found[concept] = (*found.get(concept, ()), *map(str, listed))
    return found


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the program."""
    spaced: dict[tuple[str, ...], str] = {}
    unspaced: dict[str, str] = {}
    joined: set[str] = set()
    words: set[str] = set()
    parts: set[str] = set()
    for concept, listed in phrases().items():
        for phrase in listed:
            if _stems(phrase):
                words.update(_plain_words(phrase))
                parts.update(_plain_words(phrase) if " " not in phrase else ())
                joined.update([plain(phrase)] if _loses_words(phrase) else ())
                spaced.setdefault(_stems(_whole(phrase) if _loses_words(phrase) else phrase), concept)
            elif not phrase.isascii():
                unspaced[phrase] = listed[0]
    longest_first = sorted(map(re.escape, unspaced), key=len, reverse=True)
    found = re.compile("|".join(longest_first))
    whole = re.compile(rf"\b(?:{'|'.join(map(_loosely, sorted(joined, key=len, reverse=True)))})\b", re.IGNORECASE)
    return Vocabulary(spaced, max(map(len, spaced)), unspaced, found, whole, frozenset(words), frozenset(parts))


def _loses_words(phrase: str) -> bool:
    """Fill words and single letters fall away, and one word alone would be left."""
    return len(_stems(phrase)) == 1 < len(_JOINTS.split(phrase.strip()))


def _whole(phrase: str) -> str:
    """One word for the phrase, which no text has: state D is not `stated`."""
    return _JOINTS.sub("q", phrase)


def _loosely(phrase: str) -> str:
    return r"[\s-]+".join(map(re.escape, _JOINTS.split(phrase)))


def _stems(text: str) -> tuple[str, ...]:
    words = tokens(_LACKING.sub(" lacking ", _JOINED.sub(" ", text)))
    return tuple(word for word in words if word not in _ARTICLES)


def _plain_words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+", plain(text)))


@lru_cache(maxsize=20_000)
def _apart(word: str) -> str:
    """The parts of a glued word with blanks between; the word itself where it is known or no part is."""
    known = vocabulary()
    whole = plain(word)
    if whole in known.words or _LACKING.fullmatch(word) or _stems(whole) in known.concept_of:
        return word
    return " ".join(_parts(whole, known.parts) or _end(whole, known.parts) or (word,))


def _parts(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """Known words that make up the whole word, the longest first part that works."""
    for length in range(len(word) - 1, _SHORTEST_PART - 1, -1):
        if word[:length] in known:
            for between in _BETWEEN:
                rest = word[length:]
                if rest.startswith(between) and len(rest) - len(between) >= _SHORTEST_PART:
                    rest = rest[len(between) :]
                    ends = (rest,) if rest in known else _parts(rest, known)
                    if ends:
                        return (word[:length], *ends)
    return ()


def _end(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """A known word at the end or else at the beginning, and what is left."""
    for length in range(len(word) - _SHORTEST_PART, _SHORTEST_END - 1, -1):
        if word[-length:] in known:
            return word[:-length], word[-length:]
        if word[:length] in known:
            return word[:length], word[length:]
    return ()


def _folded(stems: tuple[str, ...], known: Vocabulary) -> Iterator[str]:
    place = 0
    while place < len(stems):
        width = next((w for w in range(known.longest, 1, -1) if stems[place : place + w] in known.concept_of), 1)
        phrase = stems[place : place + width]
        yield known.concept_of.get(phrase, phrase[0])
        place += width
