"""Listing: rows of a command in the format that was asked for; and which store a command works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from chargelore.kb.clock import Stamp, stamp_of
from chargelore.kb.errors import InputError, UseError
from chargelore.tui.cli.output import Command, as_json, aside, chosen, say, stacked, table, write_csv
from chargelore.tui.text import count

if TYPE_CHECKING:
    from chargelore.kb.store import Store

Row = Mapping[str, object]
TELLS = ("code", "tells")  # the columns of a list of checks


def db_option(command: Command) -> Command:
    """`--db URL`: another store than the one in the data folder."""
    return click.option("--db", metavar="URL", default=None, help="Another store than the one in the data folder.")(
        command
    )


def opened(db: str | None) -> Store:
    """The store that a command works on; the database loads only here."""
    from chargelore.kb.store import Store  # noqa: PLC0415  # a third of a second that other commands need not wait

    return Store.open(db)


def tell_damaged(store: Store) -> None:
    """Say on stderr how many events of a store were changed behind our back, which therefore count for nothing."""
    if damaged := store.damaged():
        many = count(len(damaged), "event")
        aside(f"left out {many} changed after they were written: {', '.join(damaged[:3])}; see `kb rebuild`")


def listed(  # noqa: PLR0913  # named, and the last may be left out
    rows: Sequence[Row], columns: Sequence[str], form: str | None, *, name: str, nothing: str, wide: bool = False
) -> None:
    """Print rows: a table, JSON under `name`, or CSV; `nothing` is the sentence where a table would be empty.

    Rows that are too `wide` for 80 columns are paragraphs instead.
    """
    if chosen(form) == "json":
        say(as_json({name: [dict(row) for row in rows]}))
    elif chosen(form) == "csv":
        write_csv(rows, columns)
    elif wide and rows:
        say(stacked(rows, columns))
    else:
        say(table([[row.get(column, "") for column in columns] for row in rows], columns) if rows else nothing)


def tells(checks: Iterable[tuple[str, str]]) -> list[Row]:
    """Checks as rows: the code of each, and what it tells."""
    return [dict(zip(TELLS, each, strict=True)) for each in checks]


def done(what: Row, sentence: str, form: str | None) -> None:
    """Print what a command did: a sentence, or JSON or CSV of one row."""
    if chosen(form) == "json":
        say(as_json(what))
    elif chosen(form) == "csv":
        write_csv([what], tuple(what))
    else:
        say(sentence)


def when(hlc: str) -> str:
    """The wall time of a stamp, to the second; `-` for a statement without a date."""
    try:
        stamp = stamp_of(hlc)
    except InputError:
        return "-"
    return at_second(stamp) if stamp.ms else "-"


def at_second(stamp: Stamp) -> str:
    """ISO 8601 in UTC."""
    return stamp.at.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """A day (its end) or a time that a person typed; UTC where no zone is given. UseError for anything else."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise UseError(f"{text!r} is no date", mend="write 2026-05-04 or 2026-05-04T12:30") from error
    if len(text) == 10:
        read = read.replace(hour=23, minute=59, second=59, microsecond=999_000)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
