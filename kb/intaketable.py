"""Intaketable: a CSV of another party with our columns, line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import cast, get_args

from chargelore.kb.claim import CodeKind, Relation
from chargelore.kb.errors import InputError
from chargelore.kb.intake import Line, confidence, known_fault, plain_cell
from chargelore.kb.model import Knowledge

NEEDED = ("vendor", "code", "text", "fault")
COLUMNS = (*NEEDED, "relation", "confidence", "model", "firmware", "channel", "kind", "is_fault")
SEPARATORS = ",;\t"
MEND = f"the first line names {', '.join(COLUMNS)}; the first four are needed"
YES = {"": True, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def table_lines(text: str, where: str, knowledge: Knowledge) -> Iterator[Line]:
    """The lines of a CSV; InputError with file, line and cure for the first thing that is wrong."""
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=head.count), strict=True)
    try:
        names = _names(next(reader, []), where)
        for cells in reader:
            if any(each.strip() for each in cells):
                place = f"{where}:{reader.line_num}"
                yield _line(_row(names, cells, place), place, knowledge)
    except csv.Error as error:
        raise InputError(f"is no CSV: {error}", where=f"{where}:{reader.line_num}", mend=MEND) from error


def _names(cells: list[str], where: str) -> list[str]:
    names = [each.strip().lower() for each in cells]
    if not any(names):
        raise InputError("is empty, or begins with an empty line", where=f"{where}:1", mend=MEND)
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputError(f"there is no column {', '.join(missing)}", where=f"{where}:1", mend=MEND)
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise InputError(f"the column {twice[0]} stands twice", where=f"{where}:1", mend="keep one of them")
    return names


def _row(names: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) != len(names):
        what = f"has {len(cells)} cells, the first line has {len(names)}"
        raise InputError(what, where=where, mend="quote cells that hold the separator")
    told = {name: plain_cell(cell, where) for name, cell in zip(names, cells, strict=True) if name in COLUMNS}
    for name in ("vendor", "code"):
        if not told[name]:
            raise InputError(f"{name} is empty", where=where, mend="fill it, or remove the line")
    return dict.fromkeys(COLUMNS, "") | told


def _line(row: Mapping[str, str], where: str, knowledge: Knowledge) -> Line:
    return Line(
        where=where,
        vendor=row["vendor"],
        code=row["code"],
        text=row["text"],
        fault=known_fault(row["fault"], knowledge, where) if row["fault"] else None,
        relation=cast(Relation, _one_of(get_args(Relation), row["relation"] or "exact", "relation", where)),
        confidence=confidence(row["confidence"], where),
        model=row["model"],
        firmware=row["firmware"],
        channel=row["channel"],
        kind=cast(CodeKind, _one_of(get_args(CodeKind), row["kind"] or "enum", "kind", where)),
        is_fault=YES[_one_of(tuple(YES), row["is_fault"].lower(), "is_fault", where)],
    )


def _one_of(words: tuple[str, ...], word: str, column: str, where: str) -> str:
    if word not in words:
        known = ", ".join(each for each in words if each)
        raise InputError(f"{column} is {word[:40]!r}", where=where, mend=f"use one of {known}")
    return word
