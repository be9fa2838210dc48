"""Event rows: events to and from rows, many at a time; a row that was changed behind our back is told from others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from chargelore.kb.clock import stamp_of
from chargelore.kb.errors import InputError
from chargelore.kb.events import LAST_VERSION, RETRACT, Event, canonical, checksum
from chargelore.kb.tables import EVENT

COLUMNS = tuple(EVENT.columns.keys())
AT_ONCE = 500  # names in one query: fewer than any database allows
INSERTS: Mapping[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Item = TypeVar("Item")


def row_of(event: Event) -> dict[str, Any]:
    """The event as the columns of its row."""
    return {name: getattr(event, name) for name in COLUMNS} | {"body": canonical(event.body)}


def event_of(row: Any) -> Event | None:
    """The event in a row; None when its content no longer fits its id."""
    try:
        if not _is_whole(row):
            return None
        stamp_of(row.hlc)
        values = dict(row._mapping)  # the public name, says SQLAlchemy
        return Event(**values | {"body": json.loads(row.body)})
    except (ValueError, TypeError, RecursionError, InputError):
        return None


def _is_whole(row: Any) -> bool:
    """Whether the id is that of the content; the body in the row is canonical already."""
    texts = (json.dumps(row.author), row.body, *map(json.dumps, (row.hlc, row.kind, row.subject)))
    content = '{{"author":{},"body":{},"hlc":{},"kind":{},"subject":{},"v":{:d}}}'.format(*texts, row.v)
    return bool(checksum(content) == row.id and 1 <= row.v <= LAST_VERSION)


def inserted(connection: Connection, events: Iterable[Event]) -> list[Event]:
    """Keep those that were not there; which they were."""
    unique = {each.id: each for each in events}
    if len(unique) == 1:
        return _one(connection, *unique.values())
    known = {name for some in chunks(unique) for name in connection.execute(_known(some)).scalars()}
    new = [each for name, each in unique.items() if name not in known]
    add(connection, EVENT, map(row_of, new))
    return new


def _one(connection: Connection, event: Event) -> list[Event]:
    insert = _insert(connection.dialect.name, EVENT)
    done = connection.execute(insert, row_of(event), execution_options={"preserve_rowcount": True})
    return [event] if done.rowcount == 1 else []


def add(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows in bulk; what is there already stays."""
    insert = _insert(connection.dialect.name, table)
    for some in chunks(rows, 5_000):
        connection.execute(insert, some)


@cache
def _insert(dialect: str, table: Table) -> Any:
    return INSERTS[dialect](table).on_conflict_do_nothing()


def read(connection: Connection, query: Any) -> Iterator[Event]:
    """The sound events that a query finds."""
    return (event for event in map(event_of, connection.execute(query)) if event is not None)


def where_in(connection: Connection, table: Table, column: str, names: Iterable[str]) -> Iterator[Event]:
    """The sound events of a table whose column is among the names."""
    for some in chunks(sorted(set(names))):
        yield from read(connection, select(table).where(table.c[column].in_(some)))


def with_retracts(connection: Connection, events: Iterable[Event]) -> list[Event]:
    """These events, and all that take them back, or take that back again."""
    found = {each.id: each for each in events}
    fresh = set(found)
    while fresh:
        about = where_in(connection, EVENT, "subject", fresh)
        more = {each.id: each for each in about if each.kind == RETRACT and each.id not in found}
        found |= more
        fresh = set(more)
    return list(found.values())


def of_kinds(connection: Connection, *kinds: str) -> Iterator[Event]:
    """All sound events of these kinds."""
    return read(connection, select(EVENT).where(EVENT.c.kind.in_(kinds)))


def chunks(items: Iterable[Item], size: int = AT_ONCE) -> Iterator[list[Item]]:
    """The items in lists of at most that many."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _known(names: Sequence[str]) -> Any:
    return select(EVENT.c.id).where(EVENT.c.id.in_(names))
