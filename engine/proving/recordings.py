"""Recordings: a folder of logs and case files with a list of what each turned out to be, played in parallel."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

from chargelore.engine.grammar.rule import load_rules
from chargelore.engine.matching.late import USUAL
from chargelore.engine.places import NO_PLACES, load_places
from chargelore.engine.proving.backtest import Heard, hear
from chargelore.engine.read import read
from chargelore.engine.trial import promoted
from chargelore.engine.watch import Watch
from chargelore.kb.errors import InputError
from chargelore.kb.load import shipped
from chargelore.kb.model import CauseId, Knowledge

LIST = "confirmed.csv"
HEALTHY = "healthy"
COLUMNS = frozenset({"file", "cause"})


@dataclass(frozen=True, slots=True)
class Recording:
    """One file, its name in the list, and its confirmed cause; None for a healthy one."""

    file: Path
    name: str
    cause: CauseId | None


def recordings(folder: Path, knowledge: Knowledge, also: Collection[str] = ()) -> tuple[Recording, ...]:
    """The recordings that `confirmed.csv` lists (columns file, cause; `healthy` for none), each with file and line.

    `also` are causes that may be confirmed although this knowledge does not have them, as it had them once.
    """
    causes = frozenset({*knowledge.causes, *also})
    listed = folder / LIST
    try:
        with listed.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(reader.fieldnames or ()) >= COLUMNS:
                raise InputError("has no columns file and cause", where=f"{listed}:1", mend="begin with `file,cause`")
            found = tuple(_recording(row, folder, f"{listed}:{reader.line_num}", causes) for row in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        mend = f"list the files of the folder in {LIST}, with the columns file and cause"
        raise InputError(f"cannot be read: {error}", where=str(listed), mend=mend) from error
    if not found:
        mend = f"write `charger.log,{HEALTHY}` below the columns"
        raise InputError("lists no recording", where=str(listed), mend=mend)
    return found


def _recording(row: dict[str, str], folder: Path, where: str, causes: Collection[str]) -> Recording:
    file, cause = folder / (row["file"] or ""), (row["cause"] or "").strip()
    if not file.is_file() or folder.resolve() not in file.resolve().parents:
        raise InputError(f"{row['file']} is no file of this folder", where=where, mend="name a file beside the list")
    if cause != HEALTHY and cause not in causes:
        raise InputError(f"{cause or 'nothing'} is no cause", where=where, mend=f"use a cause's id, or {HEALTHY}")
    return Recording(file, row["file"], None if cause == HEALTHY else CauseId(cause))


def played(
    folder: Path, listed: Sequence[Recording], jobs: int = 1, *, trial: bool = False, places: Path | None = None
) -> Iterator[Heard]:
    """What the rules of a folder make of each recording, in the order of the list; `jobs` processes at once.

    With `trial` the rules on trial are heard as if they were stable.
    """
    play = partial(_played, folder, trial=trial, places=places)
    if jobs <= 1:
        yield from map(play, listed)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(play, listed)


def _played(folder: Path, one: Recording, *, trial: bool, places: Path | None) -> Heard:
    return hear(one.name, one.cause, read(one.file), _compiled(folder, trial=trial, places=places).fresh())


@lru_cache(maxsize=2)
def _compiled(folder: Path, *, trial: bool, places: Path | None) -> Watch:
    """A watch that hears nothing itself: its rules are compiled once for all recordings. Either engine concludes so."""
    rules = load_rules(folder)
    spots = load_places(places) if places else NO_PLACES
    return Watch(shipped(), promoted(rules) if trial else rules, lateness=USUAL, places=spots, inference="chain")
