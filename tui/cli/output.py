"""Output: how commands print: a table for a person, JSON or CSV for a program; hostile text stays harmless."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from io import StringIO
from textwrap import wrap
from typing import Any, TextIO, TypeVar

import click

from chargelore.kb.errors import UseError
from chargelore.tui.text import plain

WIDTH = 80
WHOLE = frozenset({"file"})  # columns of paths
FORMATS = ("table", "json", "csv")
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that starts so
_NO_CHARACTER = re.compile("[\ud800-\udfff]")

_SAID_BY: ContextVar[Callable[[str], object] | None] = ContextVar("_SAID_BY", default=None)

Command = TypeVar("Command", bound=Callable[..., Any])


def format_option(command: Command) -> Command:
    """`--format table|json|csv`; a table on a terminal, JSON when piped."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default=None,
        help="How to print; a table on a terminal, JSON when piped.",
    )(command)


def markdown_option(command: Command) -> Command:
    """`--format table|json|csv|markdown`, for reports that people pass on."""
    choice = click.Choice((*FORMATS, "markdown"))
    return click.option(
        "--format", "form", type=choice, default=None, help="How to print; a table on a terminal, JSON when piped."
    )(command)


def markdown_row(cells: Iterable[object]) -> str:
    """A row of a table in Markdown, each cell plain text whatever a charger or a person wrote."""
    from chargelore.kb.export.markdowns import md  # noqa: PLC0415  # look-ups need not wait for what exports need

    return f"| {' | '.join(md(plain(str(each))) for each in cells)} |"


def mapped(columns: str) -> dict[str, str]:
    """What `time=Zeit,status=Zustand` says: role -> column. Raises UseError where it says something else."""
    pairs = [each.partition("=") for each in columns.split(",") if each.strip()]
    if any(not equals or not column.strip() for _, equals, column in pairs):
        raise UseError(f"--columns {columns}: not every part says ROLE=NAME", mend="write time=Zeit,status=Zustand")
    return {role.strip(): column.strip() for role, _, column in pairs}


def chosen(form: str | None) -> str:
    """The format that was asked for, or what fits where the output goes."""
    return form or ("table" if sys.stdout.isatty() else "json")


def as_json(value: object) -> str:
    """One line of JSON."""
    return readable(json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=str))


def readable(text: str) -> str:
    """The text with a sign for every byte that was typed and is no UTF-8, so that it can be written again."""
    return _NO_CHARACTER.sub("\ufffd", text)


def write_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Rows as CSV on stdout, each cell safe for a spreadsheet."""
    _rows_to(sys.stdout, rows, columns)


def csv_text(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """The same as text."""
    out = StringIO()
    _rows_to(out, rows, columns)
    return out.getvalue()


def _rows_to(file: TextIO, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(columns)
    for row in rows:
        out.writerow([cell(row.get(column)) for column in columns])


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else plain(str(value))
    is_number = isinstance(value, int | float)
    return f"'{text}" if text.startswith(RISKY) and not is_number else text


def say(text: str = "") -> None:
    """A line for a person; control characters of a charger's text are made harmless."""
    click.echo("\n".join(plain(line) for line in text.split("\n")))


def aside(text: str) -> None:
    """A line that is no result: on stderr, so that piped output stays clean."""
    says = _SAID_BY.get() or partial(click.echo, err=True)
    says(f"chargelore: {plain(text)}")


@contextmanager
def aside_by(says: Callable[[str], object]) -> Iterator[None]:
    """Meanwhile such lines are written by somebody else; for those who must not wait until they are read."""
    before = _SAID_BY.set(says)
    try:
        yield
    finally:
        _SAID_BY.reset(before)


def stacked(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Each row as a paragraph of lines, `column: value`, in 80 columns; what is empty is left out.

    A path stays whole on its line, as people copy it.
    """
    return "\n\n".join("\n".join(_paragraph(row, columns)) for row in rows)


def _paragraph(row: Mapping[str, object], columns: Sequence[str]) -> Iterator[str]:
    told = {column: plain(str(row[column])) for column in columns if row.get(column) not in (None, "")}
    for place, (column, text) in enumerate(told.items()):
        margin = "  " if place else ""
        if column in WHOLE:
            yield f"{margin}{column}: {text}"
            continue
        yield from wrap(f"{column}: {text}", WIDTH, initial_indent=margin, subsequent_indent="    ",
                        break_on_hyphens=False)  # fmt: skip


def table(rows: Iterable[Sequence[object]], header: Sequence[str]) -> str:
    """Columns in line, the last one free to run on."""
    lines = [[plain(str(each)) for each in row] for row in (header, *rows)]
    widths = [min(40, max(len(line[place]) for line in lines)) for place in range(len(header))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
