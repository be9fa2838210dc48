"""Workbook: the sheets of an Excel file as CSV, with values as they were last calculated; nothing is ever evaluated.

openpyxl reads row by row, so that a sheet of a million rows needs no more memory than its texts; with defusedxml beside
it, it refuses the entities by which XML is made to grow.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TextIO
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook

PROOF = "xl/workbook.xml"
MOST_ROWS, MOST_COLUMNS = 1_048_576, 400
LARGEST_PART = 67_108_864  # bytes, unpacked, of what must be held at once: texts and styles
_BY_ROW = "xl/worksheets/"


class SheetError(Exception):
    """Why a workbook cannot be read, as half a sentence; told on by who opened it."""


def is_workbook(packed: ZipFile) -> bool:
    """Whether a zip is an Excel file."""
    return PROOF in packed.NameToInfo


def sheets(file: Path) -> Iterator[tuple[str, Iterator[tuple[str, ...]]]]:
    """Each sheet's name and its rows, to be read in turn; empty rows are left out. Raises SheetError."""
    try:
        _refuse_what_is_too_large(file)
        with file.open("rb") as stream, closing(_book(stream)) as book:
            for sheet in book.worksheets:
                rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
                yield sheet.title, filter(any, map(_row, rows))
    except SheetError:
        raise
    except Exception as error:  # a foreign parser of hostile files may raise anything
        raise SheetError(f"is a damaged Excel file ({type(error).__name__})") from error


def _book(stream: IO[bytes]) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl cannot show: colours, validations
        return load_workbook(stream, read_only=True, data_only=True, keep_links=False)


def write(rows: Iterable[tuple[str, ...]], out: TextIO) -> None:
    """The rows as CSV, one line each, none shorter than the widest before it."""
    writer, width = csv.writer(out, lineterminator="\n"), 0
    for row in rows:
        width = max(width, len(row))
        writer.writerow([*(cell.replace("\n", " ") for cell in row), *[""] * (width - len(row))])


def _refuse_what_is_too_large(file: Path) -> None:
    try:
        with ZipFile(file) as packed:
            held = [part for part in packed.infolist() if not part.filename.startswith(_BY_ROW)]
    except BadZipFile as error:
        raise SheetError(f"is a damaged Excel file ({error})") from error
    if any(part.file_size > LARGEST_PART for part in held):
        raise SheetError("is an Excel file with more text than can be held at once; save the sheet as CSV")


def _row(values: Iterable[object]) -> tuple[str, ...]:
    """The cells up to the last one that says something."""
    cells = tuple(map(_cell, values))
    last = max((place for place, cell in enumerate(cells, 1) if cell), default=0)
    return cells[:last]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="milliseconds" if value.microsecond else "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value).replace("\r", " ")
