"""Called: causes, steps and questions by what they are called, in any language that names them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from chargelore.kb.errors import UseError
from chargelore.kb.languages import languages, said
from chargelore.kb.model import Cause, Evidence, Step

Id = TypeVar("Id", bound=str)
Entry = Cause | Step | Evidence


def id_of(entries: Mapping[Id, Entry], name: str) -> Id | None:
    """The id of what a person means: by its id, or exactly by what it is called, whatever the case of letters.

    None where nothing is called so. UseError where several are, which names them.
    """
    wanted = _plain(name)
    if not wanted:
        return None
    if (by_id := next((each for each in entries if each == name.strip()), None)) is not None:
        return by_id
    found = [each for each, entry in entries.items() if wanted in _names(each, entry)]
    found = [each for each in found if entries[each].status != "deprecated"] or found
    if len(found) > 1:
        raise UseError(f"`{name[:80]}` is what several are called", mend=f"name one of {', '.join(sorted(found))}")
    return next(iter(found), None)


def looked_for(entries: Mapping[Id, Entry], words: str) -> tuple[Id, ...]:
    """The ids of all that stand and hold each of these words in their id or in what they are called."""
    wanted = words.casefold().split()
    return tuple(
        each
        for each, entry in entries.items()
        if entry.status != "deprecated" and all(word in " ".join(_names(each, entry)) for word in wanted)
    )


def _names(name: str, entry: Entry) -> tuple[str, ...]:
    """What it is called: its id also as tables print it, with blanks; labels or questions in every language."""
    return tuple(map(_plain, (name, name.replace("-", " "), said(entry), *languages(entry).values())))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
