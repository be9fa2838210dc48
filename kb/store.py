"""Store: the event log on disk; the only module that knows SQL. SQLite by default, PostgreSQL by URL.

What `record` returned for is on the disk: a crash, a `kill -9` or a power cut after it loses nothing. Nothing is ever
overwritten, so several programs may write at the same time. Types are portable; sorting is done in Python.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy
from sqlalchemy import Connection, Engine, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import Field, SQLModel, col, func, select

from chargelore.kb import label
from chargelore.kb.clock import Stamp, latest, next_stamp, stamp_of
from chargelore.kb.connect import connected, frozen
from chargelore.kb.errors import InputError, StoreError
from chargelore.kb.events import GAP, Event, canonical, finding_event, gap_event, in_time, sound
from chargelore.kb.finding import Finding
from chargelore.kb.fold import fold
from chargelore.kb.home import home
from chargelore.kb.learned import Learned
from chargelore.kb.place import Place, place_of, sentence

SCHEMA = 1
WAIT_SECONDS = 5.0
INSERTS: Mapping[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class EventRow(SQLModel, table=True):
    """An event as a row; `body` is its canonical JSON."""

    __tablename__ = "event"
    id: str = Field(primary_key=True, max_length=26)
    kind: str = Field(max_length=200, index=True)
    subject: str = Field(max_length=200, index=True)
    hlc: str = Field(max_length=200, index=True)
    author: str = Field(max_length=200)
    origin: str = Field(max_length=200)
    v: int
    body: str = Field(sa_type=Text)


class SchemaRow(SQLModel, table=True):
    """The one row that says how this store is laid out, and its name among other stores."""

    __tablename__ = "chargelore_schema"
    id: int = Field(primary_key=True, default=1)
    version: int
    replica: str = Field(max_length=16)


TABLE: Table = EventRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it to table classes
SCHEMA_TABLE: Table = SchemaRow.__table__  # type: ignore[attr-defined]  # as above
COLUMNS = tuple(TABLE.columns.keys())


def system_now() -> datetime:
    """The wall clock of this machine."""
    return datetime.now(UTC)


class Store:
    """The events of one place. It opens on first use, and reading makes nothing; close it, or use `with`."""

    def __init__(self, place: Place, *, now: Callable[[], datetime] = system_now, wait: float = WAIT_SECONDS) -> None:
        self._place, self._now, self._wait = place, now, wait
        self._last: Stamp | None = None
        self._replica = ""

    @classmethod
    def open(
        cls, place: str | Path | None = None, *, now: Callable[[], datetime] = system_now, wait: float = WAIT_SECONDS
    ) -> Self:
        """The store of a path or a URL, of the data folder when neither is given; `wait` for a lock is in seconds."""
        return cls(place_of(place), now=now, wait=wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; the store opens again when it is used."""
        if "_engine" in self.__dict__:
            self._engine.dispose()
            del self.__dict__["_engine"]

    def record(self, event: Event) -> bool:
        """Keep an event made here for good; False when it was there before. StoreError when it cannot be kept."""
        return self._write((event,)) == 1

    def merge(self, events: Iterable[Event]) -> int:
        """Keep events of another store, all or none; how many were new. InputError when one is unsound or too early."""
        now = self._now()
        return self._write([in_time(sound(each), now) for each in events])

    def record_finding(self, finding: Finding) -> Event:
        """A technician's finding, kept for good when this returns."""
        return self._kept(finding_event(finding, stamp=self.stamp(), author=self.author))

    def record_gap(self, query: str, scope: Mapping[str, str]) -> Event:
        """A look-up that found nothing, with its words."""
        return self._kept(gap_event(query, scope, stamp=self.stamp(), author=self.author))

    def events(self, kind: str = "") -> tuple[Event, ...]:
        """All events in the order of their time, or those of one kind; rows that cannot be read are left out."""
        return tuple(each for each in map(_event, self._rows(kind)) if each is not None)

    def damaged(self) -> tuple[str, ...]:
        """The ids of rows that were changed behind our back."""
        return tuple(row.id for row in self._rows("") if _event(row) is None)

    def learned(self) -> Learned:
        """What all findings together teach the diagnosis."""
        return fold(self.events())

    def gaps(self) -> Mapping[str, int]:
        """The words that people looked for in vain and how often, the most wanted first."""
        return dict(Counter(each.subject for each in self.events(GAP)).most_common())

    def stamp(self) -> Stamp:
        """The moment for the next event: after everything in this store and everything stamped here before.

        What was written while the clock was far ahead does not count: it would drag all later events along.
        """
        now, replica = self._now(), self._prepare()
        limit = latest(now)
        newest = select(func.max(col(EventRow.hlc))).where(col(EventRow.hlc) <= str(limit))
        with self._told(), self._engine.connect() as connection:
            found = connection.execute(newest).scalar()
        seen = [stamp for stamp in (stamp_of(found) if found else None, self._last) if stamp and stamp <= limit]
        self._last = next_stamp(max(seen, default=None), now, replica)
        return self._last

    @cached_property
    def author(self) -> str:
        """Who is speaking here, as a pseudonym."""
        return label.author(home())

    def _kept(self, event: Event) -> Event:
        self.record(event)
        return event

    def _write(self, events: Iterable[Event]) -> int:
        rows = [_row(each) for each in events]
        self._prepare()
        with self._told(), self._engine.begin() as connection:
            return sum(_insert(connection, TABLE, row) for row in rows)

    def _rows(self, kind: str) -> list[Any]:
        if not self._place.exists():
            return []
        query = select(*TABLE.columns)
        query = query.where(col(EventRow.kind) == kind) if kind else query
        with self._told(), self._reading() as connection:
            rows = list(connection.execute(query)) if self._layout(connection) else []
        return sorted(rows, key=lambda row: (row.hlc, row.id))

    def _prepare(self) -> str:
        """Make folder and tables before the first write; the name of this store among others."""
        if not self._replica:
            self._place.prepare()
            with self._told(), self._engine.begin() as connection:
                self._replica = self._layout(connection) or _laid_out(connection)
        return self._replica

    def _layout(self, connection: Connection) -> str:
        """The store's name; empty when nothing was written yet. StoreError for a layout that is not ours."""
        tables = sqlalchemy.inspect(connection).get_table_names()
        if SchemaRow.__tablename__ in tables:
            return self._known(connection.execute(select(SchemaRow.version, SchemaRow.replica)).first())
        if tables and self._place.file is not None:
            raise sentence("no such table", self._place.name)
        return ""

    def _known(self, row: Any) -> str:
        if row is None:
            return ""
        if row.version > SCHEMA:
            raise StoreError("a newer version wrote this store", where=self._place.name, mend="update chargelore")
        return str(row.replica)

    @cached_property
    def _engine(self) -> Engine:
        with self._told():
            return connected(self._place, self._wait)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection to read with, also from a disk where SQLite cannot make its side files."""
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(self._engine.connect())
            except OperationalError as error:
                if self._place.file is None or not self._place.file.is_file() or "locked" in str(error):
                    raise
                connection = stack.enter_context(frozen(self._place.file).connect())
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the database complains of becomes one sentence; passwords stay out of it."""
        try:
            yield
        except ModuleNotFoundError as error:
            mend = f"install it with `pip install {error.name}`"
            raise StoreError(f"the driver {error.name} is missing", where=self._place.name, mend=mend) from error
        except SQLAlchemyError as error:
            raise sentence(str(getattr(error, "orig", None) or error), self._place.name) from error


def _laid_out(connection: Connection) -> str:
    """Make the tables; whoever comes first names the store."""
    for table in (TABLE, SCHEMA_TABLE):
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            connection.execute(CreateIndex(index, if_not_exists=True))
    _insert(connection, SCHEMA_TABLE, {"id": 1, "version": SCHEMA, "replica": secrets.token_hex(4)})
    return str(connection.execute(select(SchemaRow.replica)).scalar_one())


def _insert(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """How many rows were new: one, or none when the key was there."""
    insert = INSERTS[connection.dialect.name](table).values(**row).on_conflict_do_nothing()
    return connection.execute(insert).rowcount


def _row(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in COLUMNS} | {"body": canonical(event.body)}


def _event(row: Any) -> Event | None:
    try:
        values = dict(row._mapping)  # the public name, says SQLAlchemy
        return sound(Event(**values | {"body": json.loads(row.body)}))
    except (ValueError, RecursionError, InputError):
        return None
