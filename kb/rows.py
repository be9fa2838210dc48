"""Rows: somebody's CSV of native codes read into rows; whatever is wrong with it is told in one sentence."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from chargelore.kb.errors import InputError
from chargelore.kb.suggest import Row

COLUMNS = tuple(each.name for each in fields(Row))
NEEDED = ("code", "native_text")
LARGEST = 200_000_000  # bytes; a table of a million codes has half of it
LONGEST_LINE = 200_000  # characters; a cell of the longest text has a hundredth of it
SEPARATORS = ",;\t"
MEND = "it is a CSV file in UTF-8 whose first line names id, vendor, model, firmware, channel, code, native_text"
ENCODING = "save the table as CSV in UTF-8"
_SEPARATOR_LINE = re.compile(r"sep=[,;\t]\s*", re.IGNORECASE)  # a spreadsheet tells itself so
_UNREAD = re.compile("[\udc80-\udcff]")  # what a byte becomes that is not UTF-8

Tell = Callable[[str], None]


def _untold(_: str) -> None:
    """Nobody wants to know."""


def read_stream(stream: BinaryIO, where: str, tell: Tell = _untold) -> Iterator[Row]:
    """The rows of a CSV file that somebody pipes in; as `read_rows`."""
    yield from _rows(io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline=""), where, tell)


def read_rows(path: Path, tell: Tell = _untold) -> Iterator[Row]:
    """The rows of a CSV file, read as they are asked for; InputError with the line when it is none.

    A missing id is the number of the line; other missing columns are empty. Semicolons and tabs are understood. `tell`
    hears of lines with too few or too many cells: those are read as far as they go.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path.stat().st_size:,} bytes are too many", where=str(path), mend="split the file")
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            yield from _rows(file, str(path), tell)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path), mend="check the path") from error


def rows_of(text: str, where: str, tell: Tell = _untold) -> Iterator[Row]:
    """The rows in the text of a CSV file."""
    yield from _rows(io.StringIO(text, newline=""), where, tell)


def _rows(file: io.TextIOBase, where: str, tell: Tell) -> Iterator[Row]:
    lines = _lines(file, where)
    first = next(lines, "")
    if _SEPARATOR_LINE.fullmatch(first):
        first = next(lines, "")
    reader = csv.reader(chain((first,), lines), delimiter=max(SEPARATORS, key=first.count), strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check(names, where)
        for cells in reader:
            if any(cells):
                if len(cells) != len(names):
                    tell(f"{where}:{reader.line_num}: has {len(cells)} cells, the first line {len(names)}")
                yield _row(names, cells, reader.line_num)
    except csv.Error as error:
        raise InputError(f"line {reader.line_num} is no CSV: {error}", where=where, mend=MEND) from error


def _lines(file: io.TextIOBase, where: str) -> Iterator[str]:
    """Line by line, so that neither a large table nor one endless line fills the memory."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise InputError(f"line {number:,} is no CSV: longer than {LONGEST_LINE:,}", where=where, mend=MEND)
        if "\0" in line:
            raise InputError(f"line {number:,} has a NUL character", where=where, mend=ENCODING)
        if _UNREAD.search(line):
            raise InputError(f"line {number:,} is not UTF-8", where=where, mend=ENCODING)
        yield line


def _row(names: list[str], cells: list[str], number: int) -> Row:
    """Cells beyond the first line's are left aside, missing ones are empty."""
    known = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name in COLUMNS}
    return Row(**({"code": ""} | known | {"id": known.get("id") or str(number)}))


def _check(names: Iterable[str], where: str) -> None:
    given = Counter(filter(None, names))
    if not given:
        raise InputError("the file is empty", where=where, mend=MEND)
    first = next(iter(given))
    if first.startswith(("{", "[")):
        raise InputError(f"line 1 is no row of names: `{first[:40]}` begins like JSON", where=where, mend=MEND)
    missing = [name for name in NEEDED if name not in given]
    if missing:
        raise InputError(f"there is no column {' and no column '.join(missing)}", where=where, mend=MEND)
    twice = [name for name in COLUMNS if given[name] > 1]
    if twice:
        what = f"line 1 names {' and '.join(twice)} more than once"
        raise InputError(what, where=where, mend="leave one column of each name")
