"""Rows: somebody's CSV of native codes read into rows; whatever is wrong with it is told in one sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from chargelore.kb.errors import InputError
from chargelore.kb.suggest import Row

COLUMNS = tuple(each.name for each in fields(Row))
NEEDED = ("code", "native_text")
LARGEST = 200_000_000  # bytes; a table of a million codes has half of it
SEPARATORS = ",;\t"
MEND = "it is a CSV file in UTF-8 whose first line names id, vendor, model, firmware, channel, code, native_text"


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file; InputError when it is none or lacks `code` or `native_text`.

    A missing id is the number of the line; other missing columns are empty. Semicolons and tabs are understood.
    """
    yield from rows_of(_text(path), str(path))


def rows_of(text: str, where: str) -> Iterator[Row]:
    """The rows in the text of a CSV file."""
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        _check(reader.fieldnames or [], where)
        for line in reader:
            if any(line.values()):
                yield _row(line, reader.line_num)
    except csv.Error as error:
        raise InputError(f"line {reader.line_num} is no CSV: {error}", where=where, mend=MEND) from error


def _row(line: Mapping[str | None, str | list[str] | None], number: int) -> Row:
    """Cells beyond the header are left aside; names of columns may be written in any case."""
    cells = {name.strip().lower(): cell for name, cell in line.items() if name and isinstance(cell, str)}
    known = {name: cells[name].strip() for name in COLUMNS if name in cells}
    return Row(**({"code": ""} | known | {"id": known.get("id") or str(number)}))


def _check(names: object, where: str) -> None:
    given = {name.strip().lower() for name in names if name} if isinstance(names, list) else set()
    if not given:
        raise InputError("the file is empty", where=where, mend=MEND)
    missing = [name for name in NEEDED if name not in given]
    if missing:
        raise InputError(f"there is no column {' and no column '.join(missing)}", where=where, mend=MEND)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path.stat().st_size:,} bytes are too many", where=str(path), mend="split the file")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path), mend="check the path") from error
    except UnicodeDecodeError as error:
        what = f"byte {error.start:,} is not UTF-8"
        raise InputError(what, where=str(path), mend="save the table as CSV in UTF-8") from error


def _separator(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(SEPARATORS, key=head.count)
