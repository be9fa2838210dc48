"""Languages: what faults, causes, steps, questions and quirks are called in other languages; each language is a folder.

`languages/<code>/*.yaml` says for an id what it is called there. What an entry says of itself inline wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from chargelore.kb.errors import KnowledgeError
from chargelore.kb.model import Cause, Evidence, Fault, Quirk, Step, Written
from chargelore.kb.yamlfile import Document, Trail, checked, parse

FOLDER = "languages"
ENGLISH = "en"
SECTIONS = ("faults", "causes", "steps", "evidence", "quirks")
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Labelled = Fault | Cause | Step | Evidence | Quirk
Named = TypeVar("Named", bound=Labelled)
Shelves = Mapping[str, dict[Any, Any]]  # section -> id -> entry


@dataclass(frozen=True, slots=True)
class Said(Written):
    """What one entry is called in one language, and for a fault what people say when they meet it."""

    label: str = ""
    symptoms: tuple[str, ...] = ()


@dataclass(slots=True)
class _Told:
    """The shelves, and where each entry was named in each language; lives only while loading."""

    shelves: Shelves
    places: dict[tuple[str, str, str], str] = field(default_factory=dict)


def said(entry: Labelled, language: str = ENGLISH) -> str:
    """The label or question of an entry in a language, in English where that language has none."""
    if isinstance(entry, Evidence):
        return entry.questions.get(language, entry.question)
    return entry.labels.get(language, entry.label)


def languages(entry: Labelled) -> Mapping[str, str]:
    """The labels or questions of an entry by language, English left out."""
    return entry.questions if isinstance(entry, Evidence) else entry.labels


def add_languages(folder: Path, shelves: Shelves) -> None:
    """Names the entries on the shelves in every language below the folder.

    `shelves` hold entries by id, one shelf a section. KnowledgeError with file, line and cure for the first text that
    names nothing, says nothing or stands twice.
    """
    told = _Told(shelves)
    for file in sorted((folder / FOLDER).rglob("*.yaml")):
        language = _language(file, folder / FOLDER)
        document = parse(file, KnowledgeError)
        for section, name, words in _sayings(document, shelves):
            _once(document, (section, name), language, told)
            shelves[section][name] = _named(shelves[section][name], language, words)


def _language(file: Path, root: Path) -> str:
    language, *rest = file.relative_to(root).parts
    if len(rest) != 1 or not _CODE.fullmatch(language):
        raise KnowledgeError(
            "belongs to no language", where=str(file), mend=f"put it into a folder such as {FOLDER}/de"
        )
    return language


def _sayings(document: Document, shelves: Shelves) -> Iterator[tuple[str, str, Said]]:
    """Section, id and words of every entry in a file."""
    for section, entries in _mapping(document, (), {} if document.value is None else document.value).items():
        if section not in SECTIONS:
            mend = f"use one of {', '.join(SECTIONS)}"
            raise KnowledgeError(f"`{section}` is no section", where=document.place((section,)), mend=mend)
        for name, value in _mapping(document, (section,), entries).items():
            _known(document, (section, name), shelves[section])
            yield section, name, _words(document, (section, name), value)


def _mapping(document: Document, trail: Trail, value: object) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise KnowledgeError("holds no mapping", where=document.place(trail), mend="write `id: text` on each line")
    return value


def _known(document: Document, trail: Trail, shelf: Mapping[Any, object]) -> None:
    section, name = trail
    if name not in shelf:
        close = get_close_matches(str(name), map(str, shelf), n=1)
        mend = f"did you mean {close[0]}?" if close else "correct the id, or remove the line"
        raise KnowledgeError(f"{name} is not among the {section}", where=document.place(trail), mend=mend)


def _words(document: Document, trail: Trail, value: object) -> Said:
    """A text is short for a label; only a fault may say more."""
    section, _ = trail
    shape: Any = Said if section == "faults" and isinstance(value, dict) else str
    words = checked(shape, value, document, trail, KnowledgeError)
    words = words if isinstance(words, Said) else Said(words)
    texts = (words.label, *words.symptoms) if words.label or not words.symptoms else words.symptoms
    if not all(each.strip() for each in texts):
        raise KnowledgeError(
            f"{trail[-1]} says nothing", where=document.place(trail), mend="write a text, or remove it"
        )
    return words


def _once(document: Document, trail: Trail, language: str, told: _Told) -> None:
    section, name = str(trail[0]), str(trail[1])
    other = told.places.setdefault((language, section, name), document.place(trail))
    if other != document.place(trail):
        raise KnowledgeError(
            f"{name} is named in {language} twice", where=document.place(trail), mend=f"the other one stands at {other}"
        )


def _named(entry: Named, language: str, words: Said) -> Named:
    """The entry with what it is called in a language; its own words win."""
    if isinstance(entry, Evidence):
        return replace(entry, questions={language: words.label, **entry.questions})
    if isinstance(entry, Fault):
        entry = replace(entry, symptoms={language: words.symptoms, **entry.symptoms}) if words.symptoms else entry
    return replace(entry, labels={language: words.label, **entry.labels}) if words.label else entry
