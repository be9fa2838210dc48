"""Answer sheet: answers on confirmed cases as a small CSV file, one line a case, that a person reads in a review."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from chargelore.engine.proving.answers import Answer
from chargelore.kb.errors import InputError, UseError
from chargelore.tui.text import chance

COLUMNS = ("case", "confirmed", "place", "verdict", "first", "chance", "step")
SUFFIX = ".csv"
AGAIN = "record it once more with --record"


def is_sheet(named: str) -> bool:
    """Whether an argument names a sheet rather than a knowledge base."""
    return named.endswith(SUFFIX)


def written(file: Path, answers: Iterable[Answer]) -> None:
    """Keep the answers in a file. UseError when it cannot be written."""
    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            sheet = csv.writer(out, lineterminator="\n")
            sheet.writerow(COLUMNS)
            sheet.writerows(map(_row, answers))
    except OSError as error:
        raise UseError(f"cannot be written ({error.strerror})", where=str(file), mend="name another file") from error


def _row(one: Answer) -> tuple[str, ...]:
    place = "" if one.place is None else str(one.place)
    return one.case, one.confirmed, place, one.verdict, one.first, said(one), one.step


def said(one: Answer) -> str:
    """How likely the first suspect is, as a person says it; empty where there is none."""
    return chance(one.chance) if one.first else ""


def sheet(file: Path) -> tuple[Answer, ...]:
    """The answers in a file that `written` wrote. InputError, with its line, when it is none."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text)
            if tuple(rows.fieldnames or ()) != COLUMNS:
                raise InputError("is no sheet of answers", where=f"{file}:1", mend=AGAIN)
            return tuple(_answer(row, f"{file}:{rows.line_num}") for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", where=str(file), mend=AGAIN) from error


def _answer(row: dict[str, str], where: str) -> Answer:
    if None in row or None in row.values() or not row["case"]:
        raise InputError("is no line of a sheet of answers", where=where, mend=AGAIN)
    place = row["place"]
    if place and not (place.isascii() and place.isdecimal() and 0 < int(place[:4]) <= 1000):
        raise InputError(f"{place[:20]} is no place", where=where, mend=AGAIN)
    told = {name: row[name] for name in ("case", "confirmed", "verdict", "first", "step")}
    return Answer(**told, place=int(place) if place else None, chance=_chance(row["chance"], where))


def _chance(text: str, where: str) -> float:
    """`2 in 3` as a number; what is rare counts as nothing."""
    some, _, many = text.partition(" in ")
    if text in ("", "rare"):
        return 0.0
    if not (some.isdecimal() and many.isdecimal() and 0 < int(some) < int(many) <= 100):
        raise InputError(f"{text[:20]} is no chance", where=where, mend=AGAIN)
    return int(some) / int(many)
