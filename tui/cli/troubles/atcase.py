"""At case: the case that a person names: in logs, in what a live watch remembers, or on the book of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from chargelore.engine.handing.life import Life
from chargelore.engine.handing.proposing import opened_at
from chargelore.engine.handing.troubles import Key
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.matching.late import USUAL
from chargelore.engine.triage import Found, triaged_together
from chargelore.engine.watch import Watch
from chargelore.kb.errors import EngineError, UseError
from chargelore.kb.home import home
from chargelore.kb.model import Knowledge
from chargelore.tui.cli.output import mapped
from chargelore.tui.cli.parcels import inputs
from chargelore.tui.cli.progress import read_here
from chargelore.tui.live import key_at_hand, known_here, live_watch, sheet_here

SHOWN = 8  # names in a complaint
MINUTE = 16  # letters of a time in ISO 8601


def in_logs(name: str, files: Iterable[str], columns: str, db: str | None) -> tuple[Found, Knowledge]:
    """The case of that name in logs that are read side by side. UseError where there is none."""
    known, learned = known_here(db)
    hearing, key = Hearing(sheet_here(db)), key_at_hand()
    with inputs(files) as given, live_watch(learned, None, known, lateness=USUAL, hearing=hearing, key=key) as watch:
        readings = {each: read_here(one, mapped(columns)) for each, one in given.items()}
        found = [one for each in triaged_together(readings, watch).values() for one in each.cases]
    for one in found:
        if is_called(name, Key(one.case.id, opened_at(one.case))):
            return one, known
    names = ", ".join(one.case.id for one in found[:SHOWN])
    raise UseError(f"there is no case {name} in {', '.join(files)}", mend=f"name one of {names}" if names else "")


def in_watches(name: str, db: str | None) -> tuple[Found, Knowledge] | None:
    """The case of that name among those that watches of this data folder keep; None where there is none."""
    known, learned = known_here(db)
    for file in sorted((home() / "watch").glob("*.json")):
        with live_watch(learned, None, known, key=b"") as watch:
            one = _in_watch(name, file, watch)
        if one is not None:
            return one, known
    return None


def _in_watch(name: str, file: Path, watch: Watch) -> Found | None:
    with suppress(OSError, EngineError):  # one of another version; it holds nothing that could be asked
        watch.resume(file.read_bytes())
    for case in watch.cases.values():
        if is_called(name, Key(case.id, opened_at(case))):
            return Found(case, watch.diagnosis(case.id))
    return None


def is_called(name: str, key: Key) -> bool:
    """Whether a person means this trouble: by its case, or by that and the begin of the time when it opened.

    With nothing behind the `@` it is the one of which nothing tells when it opened.
    """
    case, at, time = name.rpartition("@")
    is_then = key.opened_at.startswith(time) if time else not key.opened_at
    return name == key.case or (bool(at) and case == key.case and is_then)


def names_of(keys: Iterable[Key]) -> list[str]:
    """A name for each of these troubles by which no other of them is meant."""
    some = list(keys)
    return [next((each for each in _names(key) if _only(each, some)), key.case) for key in some]


def _names(key: Key) -> Iterator[str]:
    """What it may be called, the shortest first; the last is its own alone."""
    yield key.case
    yield f"{key.case}@{key.opened_at[:MINUTE]}"
    yield f"{key.case}@{key.opened_at}"


def _only(name: str, some: Iterable[Key]) -> bool:
    return sum(is_called(name, each) for each in some) == 1


def on_the_book(name: str, lives: Iterable[Life]) -> Life | None:
    """The trouble of that name; of several the one that is open. UseError where it may be any of them."""
    found = [each for each in lives if is_called(name, each.key)]
    still = [each for each in found if each.ended is None]
    if len(found) > 1 and len(still) != 1:
        names = ", ".join(names_of(each.key for each in still or found)[:SHOWN])
        raise UseError(f"{name} may be any of {len(still or found)} cases", mend=f"name one of {names}")
    return next(iter(still or found), None)
