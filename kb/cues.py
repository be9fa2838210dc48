"""Cues: which concepts in a maker's text speak for which canonical fault; they stand in language/cues.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from chargelore.kb.concepts import concepts
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.model import FaultId
from chargelore.kb.vocabulary import language, vocabulary

_SIGNED = re.compile(r"([+-]?)\s*(\w+)")


@dataclass(frozen=True, slots=True)
class Cue:
    """Concepts that speak for a fault together, unless one of `without` is there; the worth is about 1 for each."""

    fault: FaultId
    needs: frozenset[str]
    without: frozenset[str]
    worth: float


def cued(said: Iterable[str]) -> dict[FaultId, Cue]:
    """The faults that these concepts speak for, each with its most telling cue."""
    there = frozenset(said)
    there |= {name for name, needs, without in _implied() if needs <= there and not without & there}
    best: dict[FaultId, Cue] = {}
    for concept in there:
        for cue in _cues().get(concept, ()):
            if cue.needs <= there and not cue.without & there:
                best[cue.fault] = max(best.get(cue.fault, cue), cue, key=_telling)
    return best


def _telling(cue: Cue) -> tuple[float, list[str]]:
    return cue.worth, sorted(cue.needs)


def cued_faults() -> frozenset[FaultId]:
    """All faults that have a cue."""
    return frozenset(cue.fault for cues in _cues().values() for cue in cues)


def needed() -> frozenset[str]:
    """All concepts that a cue needs or forbids, or that imply another."""
    found = [each for cues in _cues().values() for cue in cues for each in (*cue.needs, *cue.without)]
    return frozenset((*found, *(each for _, needs, without in _implied() for each in (*needs, *without))))


@cache
def _cues() -> Mapping[str, tuple[Cue, ...]]:
    """All cues, each under one of the concepts that it needs."""
    listed = language().cues
    worth = {_concept(each): int(str(tenths)) / 10 for tenths, names in listed["worth"].items() for each in names}
    found: dict[str, list[Cue]] = {}
    for fault, texts in listed["cues"].items():
        for text in texts:
            cue = _cue(FaultId(str(fault)), text, worth)
            found.setdefault(min(cue.needs), []).append(cue)
    return {concept: tuple(cues) for concept, cues in found.items()}


def _cue(fault: FaultId, text: str, worths: Mapping[str, float]) -> Cue:
    needs, without = _signed(text)
    return Cue(fault, needs, without, sum(worths.get(word, 1.0) for word in needs))


@cache
def _implied() -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Concepts that others say together: name, those needed, those that forbid it."""
    return tuple((str(name), *_signed(text)) for name, texts in language().cues["implied"].items() for text in texts)


def _signed(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The concepts that a line needs, and those that it forbids."""
    signed = [(sign, _concept(word)) for sign, word in _SIGNED.findall(text)]
    needs = frozenset(word for sign, word in signed if sign != "-")
    return needs, frozenset(word for sign, word in signed if sign == "-")


def _concept(word: str) -> str:
    """A concept by its name; any other word as it is found in a text."""
    found = (word,) if word in vocabulary().names else concepts(word)
    if len(found) != 1:
        what = f"`{word}` is {'no word of its own' if not found else ' and '.join(found)}"
        raise KnowledgeError(what, where="language/cues.yaml", mend="name one concept, or one telling word")
    return found[0]
