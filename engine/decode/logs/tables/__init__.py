"""The tables known by their columns: one module each, gathered in a tuple; and how any of them is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from chargelore.engine.decode.logs import plain
from chargelore.engine.decode.logs.order import in_time
from chargelore.engine.decode.logs.reader import records
from chargelore.engine.decode.logs.record import Head, Line, Record
from chargelore.engine.decode.logs.tables import (
    chargers,
    citrineos,
    gridevents,
    gridwatch,
    loglines,
    messages,
    meters,
    sessions,
    statuses,
    steve,
    supply,
)
from chargelore.engine.decode.logs.tables.columns import NOTHING, ROLES, SEEN, bare, is_empty, roles_of
from chargelore.engine.decode.logs.tables.days import TIMES, is_day_first, turned
from chargelore.engine.decode.logs.tables.form import Form
from chargelore.engine.decode.logs.tables.grid import Row, grid_in
from chargelore.engine.decode.logs.tables.jsonrows import JsonLines, json_lines
from chargelore.engine.decode.logs.tables.rows import kept, said_by
from chargelore.engine.decode.scan import START
from chargelore.kb.errors import UseError

FORMS: tuple[Form, ...] = tuple(
    module.FORM
    for module in (steve, citrineos, gridevents, messages, statuses, sessions, meters, chargers, supply, loglines)
)
ANY = Form(name="table")
OWN_NUMBERS = (
    "connector_pk is a number of the database, not of the charger: export it joined with the table `connector`, with"
    " charge_box_id and connector_id, to see which charger and plug it is"
)
TIMES_OF_GRID = ("time", "date", "clock", "charger")
MAIN_ROLES = ("time", "charger", "connector", "status", "error")


class Source(Protocol):
    """How a table is written: its columns' names, and its rows."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        ...

    @property
    def delimiter(self) -> str:
        """What stands between two cells."""
        ...

    def rows(self, lines: Iterator[Line]) -> Iterator[Row]:
        """The rows in these lines."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table that we can read: how it is written, of which form it is, and what stands where (role -> place)."""

    source: Source
    form: Form
    places: Mapping[str, int]
    day_first: bool = False
    interval: float = 0.0  # seconds between two rows of a meter, where it is one
    hint: str = ""

    @property
    def name(self) -> str:
        """The name of its form."""
        return self.form.name

    def records(self, lines: Iterator[Line]) -> Iterator[Record]:
        """What the rows say, in order of time; what is no row is read as a line of text."""
        return self.said(self.source.rows(lines))

    def said(self, rows: Iterable[Row]) -> Iterator[Record]:
        """What these rows say, in order of time."""
        told = in_time(each for row in rows for each in self._records(row))
        return gridwatch.with_events(told, self.interval) if self.form is supply.FORM else told

    def told(self, lines: Iterator[Line]) -> Iterator[Record]:
        """What the rows say as they come, for a table that still grows."""
        return (each for row in self.source.rows(lines) for each in self._records(row))

    def _records(self, row: Row) -> Iterator[Record]:
        cells = self._fitted(row)
        said = () if cells is None else tuple(said_by(cells, self.form.layer))
        if said and (any(each.is_frame for each in said) or not START.search(row.raw)):
            for each in said:
                yield each._replace(line=row.line.number, raw=kept(cells or {}), marks=(*row.line.marks, *each.marks))
        elif not row.cells or self.source.delimiter not in row.raw or START.search(row.raw):
            yield from records(iter([Line(row.line.number, row.raw, row.line.marks)]), plain.LAYOUT)
        else:
            yield _unreadable(row, f"{len(row.cells)} cells where the head has {len(self.source.names)}")

    def _fitted(self, row: Row) -> dict[str, str] | None:
        """The cells by role; None where they are too many or far too few."""
        cells, width = row.cells, len(self.source.names)
        if len(cells) > width and self.places.get("frame", self.places.get("text")) == width - 1:
            cells = tuple(row.raw.split(self.source.delimiter, width - 1))  # JSON or words that nobody quoted
        if len(cells) > width or len(cells) * 2 < width or len(cells) < 2:
            return None
        held = {role: cells[place] for role, place in self.places.items() if place < len(cells)}
        told = {role: cell for role, cell in held.items() if not is_empty(cell)}
        return {**told, **{role: turned(told[role]) for role in TIMES & told.keys()}} if self.day_first else told


def _unreadable(row: Row, why: str) -> Record:
    """A row that is kept though nobody can read it."""
    fields = {"text": row.raw[:500], "why": why}
    base = Record(row.line.number, row.raw, Head(0), kind="unreadable", layer="csms", marks=("off-spec",))
    return base._replace(fields=fields, raw=row.raw)


def table_in(sample: Sequence[str], columns: Mapping[str, str] = NOTHING) -> Table | None:
    """The table that a sample begins, None where it is none that we know. `columns` names the column of a role.

    Raises UseError where `columns` names a role or a column that is not there.
    """
    source = grid_in(sample) or json_lines(sample)
    if source is None:
        if columns:
            raise UseError("--columns maps the columns of a table, and this is none", mend="leave --columns out")
        return None
    table = table_of(source, _rows(source, sample), columns)
    if table is None or (table.form is loglines.FORM and isinstance(source, JsonLines)):
        return None  # a log of one object a line is read with all its members
    is_whole = not {"frame", "text"}.isdisjoint(table.places) or not any(map(START.search, sample))
    return table if is_whole else None  # better a log with all its frames than half a table


def _rows(source: Source, sample: Sequence[str]) -> list[tuple[str, ...]]:
    lines = (Line(number, text) for number, text in enumerate(sample, 1))
    return [row.cells for row in islice(source.rows(lines), SEEN) if len(row.cells) == len(source.names)]


def table_of(source: Source, rows: Sequence[Sequence[str]], columns: Mapping[str, str] = NOTHING) -> Table | None:
    """The table with these columns and rows, None where nobody knows what it holds."""
    known = next((form for form in FORMS if form.is_proven(source.names)), None)
    events = gridevents.columns_in(source.names, rows) if known is None else {}
    if events:
        return _of_the_grid(source, gridevents.FORM, rows, events, columns)
    places = roles_of(source.names, rows, known.roles if known else NOTHING)
    if columns:
        others = {role: place for role, place in places.items() if role not in columns}
        places = {**others, **_named(source.names, columns)}
    cells = {role: [row[place] for row in rows if not is_empty(row[place])] for role, place in places.items()}
    known = known or next((form for form in FORMS if form.fits(cells)), None)
    measured = supply.fields_in(source.names) if known in (None, loglines.FORM) else {}
    if measured and "time" in {*places, *columns} | ({"time"} if "date" in places else set()):
        return _of_the_grid(source, supply.FORM, rows, measured, columns)
    known = known or (ANY if columns else None)
    if known is None:
        return None
    times = {source.names[places[role]]: cells[role] for role in TIMES if role in places}
    hint = OWN_NUMBERS if "connectorkey" in places and "charger" not in places else ""
    return Table(source, known, places, is_day_first(times), hint=hint)


def _of_the_grid(
    source: Source,
    form: Form,
    rows: Sequence[Sequence[str]],
    measured: Mapping[str, int],
    columns: Mapping[str, str],
) -> Table:
    """A table of what the supply did: what its columns measure, when, and by which meter."""
    others = {role: place for role, place in roles_of(source.names, rows).items() if place not in measured.values()}
    if "time" not in others and "started" in others:
        others["time"] = others["started"]
    places = {role: others[role] for role in (*TIMES_OF_GRID, *supply.OF_A_CHARGER) if role in others}
    places |= {**measured, **_named(source.names, columns)}
    stamps = [" ".join(row[places[role]] for role in ("date", "clock", "time") if role in places) for row in rows]
    times = {source.names[places[role]]: [row[places[role]] for row in rows] for role in TIMES if role in places}
    hint = "" if form is gridevents.FORM else supply.blind(supply.interval_in(stamps), iter(measured))
    return Table(source, form, places, is_day_first(times), supply.interval_in(stamps), hint)


def _named(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """The places that a person named: by the name of a column, or by its number from 1."""
    by_name = {bare(name): place for place, name in enumerate(names)}
    found = {}
    for role, name in columns.items():
        place = int(name) - 1 if name.isdecimal() and len(name) < 4 else by_name.get(bare(name), -1)
        if role not in ROLES and not supply.is_field(role):
            raise UseError(f"--columns: nothing is called `{role}`", mend=f"use {', '.join(ROLES)}")
        if not 0 <= place < len(names):
            raise UseError(f"--columns: there is no column `{name}`", mend=f"the columns are {', '.join(names)}")
        found[f"{role}{supply.JOINT}1.0" if supply.is_field(role) else role] = place
    return found


def proposal(sample: Sequence[str]) -> str:
    """For a table that nobody knows, the mapping to give, with `?` where nothing tells; "" for anything else."""
    grid = grid_in(sample)
    rows = _rows(grid, sample) if grid is not None else []
    if grid is None or grid.width < 3 or len(rows) < 2:
        return ""
    places = roles_of(grid.names, rows)
    told = ",".join(f"{role}={grid.names[places[role]] if role in places else '?'}" for role in MAIN_ROLES)
    return f"this is a table with the columns {', '.join(grid.names)}: say what they hold with --columns '{told}'"
