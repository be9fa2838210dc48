"""Entries: everything that a look-up can find, ready to be searched by key, by name and by text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import utils

from chargelore.kb.codekey import bare
from chargelore.kb.model import Cause, Code, Fault, FaultId, Knowledge, Quirk
from chargelore.kb.query import loose
from chargelore.kb.shelf import Shelf, Text
from chargelore.kb.trigram import shelf

K = TypeVar("K")
V = TypeVar("V")
LETTERS_OF_A_NAME = 3  # a code with fewer is a number, and says nothing by itself


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found: a code, a quirk, or words that people use for a fault.

    `maker` is bare, empty for a fault. `shown` are the letters of its text, `named` those of a code that is a word.
    `number` is that of its text on the shelf; entries may share one.
    """

    text: str
    fault: FaultId | None
    code: Code | None = None
    quirk: Quirk | None = None
    maker: str = ""
    shown: str = ""
    named: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Entries:
    """All entries, by the loose key of a code, the loose name of a fault, by maker, and by number on the shelf."""

    all: tuple[Entry, ...]
    by_key: Mapping[str, tuple[Code, ...]]
    by_name: Mapping[str, tuple[Entry, ...]]
    by_maker: Mapping[str, tuple[int, ...]]
    by_number: Mapping[int, tuple[int, ...]]
    shelf: Shelf


@lru_cache(maxsize=2)
def entries(knowledge: Knowledge) -> Entries:
    """The entries of a knowledge base; built once, and their index kept on disk."""
    numbers: dict[tuple[Text, FaultId | None], int] = {}
    every = tuple(_entry(told, numbers) for told in _told(knowledge))
    return Entries(
        all=every,
        by_key=_grouped((loose(code.code), code) for code in knowledge.codes),
        by_name=_by_name(knowledge),
        by_maker=_grouped((entry.maker, place) for place, entry in enumerate(every) if entry.maker),
        by_number=_grouped((entry.number, place) for place, entry in enumerate(every)),
        shelf=shelf([text for text, _ in numbers]),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What becomes an entry: what it shows, and more phrases that say what it means."""

    text: str
    fault: FaultId | None
    code: Code | None = None
    quirk: Quirk | None = None
    meaning: tuple[str, ...] = ()


def _entry(told: _Told, numbers: dict[tuple[Text, FaultId | None], int]) -> Entry:
    shown = utils.default_process(told.text)
    name = utils.default_process(told.code.code) if told.code else ""
    says = "\n".join(dict.fromkeys((told.text, *told.meaning)))
    text = Text(f"{name} {shown}".strip(), says)
    owner = told.code.vendor if told.code else told.quirk.scope.vendor if told.quirk else ""
    return Entry(
        text=told.text,
        fault=told.fault,
        code=told.code,
        quirk=told.quirk,
        maker=bare(owner),
        shown=shown,
        named=name if sum(map(str.isalpha, name)) >= LETTERS_OF_A_NAME and not name.startswith("0x") else "",
        number=numbers.setdefault((text, told.fault), len(numbers)),
    )


def _told(knowledge: Knowledge) -> Iterator[_Told]:
    for code in knowledge.codes:
        fault = code.means[0].fault if code.means else None
        label = knowledge.faults[fault].label if fault is not None and fault in knowledge.faults else ""
        yield _Told(code.text, fault, code, meaning=tuple(filter(None, (_name(code.code), label))))
    for each in knowledge.faults.values():
        yield from (_Told(text, each.id) for text in names_of(each))
    for cause in knowledge.causes.values():
        yield from (_Told(text, cause.fault) for text in _texts_of(cause))
    for quirk in knowledge.quirks.values():
        about = (quirk.scope.model, quirk.topic, quirk.detail, *quirk.labels.values())
        yield _Told(quirk.label, None, quirk=quirk, meaning=tuple(filter(None, about)))


def _name(code: str) -> str:
    """A code that is a word says something; a number does not."""
    return code if sum(map(str.isalpha, code)) >= LETTERS_OF_A_NAME and not code.lower().startswith("0x") else ""


def names_of(fault: Fault) -> tuple[str, ...]:
    """All names of a fault and what people say of it, its label first."""
    heard = (each for symptoms in fault.symptoms.values() for each in symptoms)
    named = (fault.label, *fault.aliases, *fault.labels.values(), fault.id.replace("-", " "), *heard)
    return tuple(dict.fromkeys(filter(None, named)))


def _texts_of(cause: Cause) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (cause.label, *cause.labels.values(), " ".join(cause.words)))))


def _by_name(knowledge: Knowledge) -> dict[str, tuple[Entry, ...]]:
    """Faults by each of their names and by their MREC, written without blanks."""
    named = (
        (loose(name), Entry(fault.label, fault.id))
        for fault in knowledge.faults.values()
        for name in (*names_of(fault), fault.mrec)
        if name
    )
    return _grouped(named)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """Values by their key, each once, in their order."""
    groups: dict[K, dict[V, None]] = {}
    for name, value in pairs:
        groups.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in groups.items()}
