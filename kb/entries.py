"""Entries: everything that a look-up can find, ready to be searched by key, by name and by text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import utils

from chargelore.kb.concepts import concepts, stems, vocabulary
from chargelore.kb.model import Cause, Code, Fault, FaultId, Knowledge
from chargelore.kb.neighbours import code_concepts
from chargelore.kb.query import loose

SHORTEST_WORD = 5  # fewer letters are alike by chance


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: a code, or words that people use for a fault. `said` are the concepts of its text."""

    text: str
    said: frozenset[str]
    fault: FaultId | None
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """All entries. `texts` are they as the fuzzy search reads them, `words` all that occur in them.

    `rarity` weighs concepts, `worths` whole entries.
    """

    all: tuple[Entry, ...]
    texts: tuple[str, ...]
    by_key: Mapping[str, tuple[Code, ...]]
    by_name: Mapping[str, tuple[Entry, ...]]
    by_concept: Mapping[str, tuple[int, ...]]
    words: tuple[str, ...]
    rarity: Mapping[str, float]
    worths: tuple[float, ...]


@lru_cache(maxsize=2)
def entries(knowledge: Knowledge) -> Entries:
    """The entries of a knowledge base; built once."""
    every = (*_of_codes(knowledge), *_of_faults(knowledge), *_of_causes(knowledge))
    spread = Counter(concept for entry in every for concept in entry.said)
    rarity = {concept: math.log(1 + len(every) / count) for concept, count in spread.items()}
    return Entries(
        all=every,
        texts=tuple(utils.default_process(_searched(entry)) for entry in every),
        by_key=_by_key(knowledge),
        by_name=_by_name(knowledge),
        by_concept=_by_concept(every),
        words=_words(every),
        rarity=rarity,
        worths=tuple(math.fsum(rarity[concept] for concept in entry.said) for entry in every),
    )


def _words(every: tuple[Entry, ...]) -> tuple[str, ...]:
    """Every word that somebody uses, as stems, for what was mistyped."""
    used = {word for entry in every for word in stems(_searched(entry))}
    listed = {word for phrase in vocabulary().concept_of for word in phrase}
    return tuple(sorted(word for word in used | listed if word.isalpha() and len(word) >= SHORTEST_WORD))


def _searched(entry: Entry) -> str:
    return f"{entry.code.code} {entry.text}" if entry.code else entry.text


def _of_codes(knowledge: Knowledge) -> Iterator[Entry]:
    for code in knowledge.codes:
        fault = code.means[0].fault if code.means else None
        label = knowledge.faults[fault].label if fault is not None and fault in knowledge.faults else ""
        said = frozenset((*code_concepts(code.text, code.code), *concepts(label)))
        yield Entry(code.text, said, fault, code)


def _of_faults(knowledge: Knowledge) -> Iterator[Entry]:
    for fault in knowledge.faults.values():
        yield from (Entry(text, frozenset(concepts(text)), fault.id) for text in names_of(fault))


def names_of(fault: Fault) -> tuple[str, ...]:
    """All names of a fault and what people say of it, its label first."""
    heard = (each for symptoms in fault.symptoms.values() for each in symptoms)
    named = (fault.label, *fault.aliases, *fault.labels.values(), fault.id.replace("-", " "), *heard)
    return tuple(dict.fromkeys(filter(None, named)))


def _of_causes(knowledge: Knowledge) -> Iterator[Entry]:
    for cause in knowledge.causes.values():
        yield from (Entry(text, frozenset(concepts(text)), cause.fault) for text in _texts_of(cause))


def _texts_of(cause: Cause) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (cause.label, *cause.labels.values(), " ".join(cause.words)))))


def _by_key(knowledge: Knowledge) -> dict[str, tuple[Code, ...]]:
    shelf: dict[str, list[Code]] = {}
    for code in knowledge.codes:
        shelf.setdefault(loose(code.code), []).append(code)
    return {name: tuple(codes) for name, codes in shelf.items()}


def _by_name(knowledge: Knowledge) -> dict[str, tuple[Entry, ...]]:
    """Faults by each of their names and by their MREC, written without blanks."""
    shelf: dict[str, list[Entry]] = {}
    for fault in knowledge.faults.values():
        for name in (*names_of(fault), fault.mrec):
            if name:
                entry = Entry(fault.label, frozenset(), fault.id)
                shelf.setdefault(loose(name), []).append(entry)
    return {name: tuple(dict.fromkeys(found)) for name, found in shelf.items()}


def _by_concept(every: tuple[Entry, ...]) -> dict[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for place, entry in enumerate(every):
        for concept in entry.said:
            places.setdefault(concept, []).append(place)
    return {concept: tuple(where) for concept, where in places.items()}
