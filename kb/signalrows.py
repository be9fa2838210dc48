"""Signal rows: what watches captured, kept once however often it comes in, read in the order of capture, let go of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, delete, func, select

from chargelore.kb.eventrows import add
from chargelore.kb.kept import FIRST, KeptSignal, Mark, Wanted, written
from chargelore.kb.tables import SIGNAL

AT_ONCE = 500  # rows in memory while many are read
LONGEST = {"run": 60, "charger": 200, "layer": 20, "kind": 40}
LARGEST = 2**31
Asking = TypeVar("Asking", bound=Select[Any])


NAME = ("run", "seq", "part")
_PLACE: tuple[ColumnElement[Any], ...] = tuple(SIGNAL.c[name] for name in ("heard", *NAME))


def put(connection: Connection, signals: Iterable[KeptSignal]) -> None:
    """Keep signals; those that are there already stay as they are."""
    add(connection, SIGNAL, (_row(each) for each in signals))


def wanted(connection: Connection, asked: Wanted) -> Iterator[KeptSignal]:
    """The signals that were asked for in the order of capture, few at a time."""
    for row in connection.execution_options(yield_per=AT_ONCE).execute(_query(asked)):
        yield _kept(row)


def counted(connection: Connection, asked: Wanted) -> int:
    """How many signals were asked for."""
    return connection.execute(_within(select(func.count()).select_from(SIGNAL), asked)).scalar_one()


def marked(connection: Connection, asked: Wanted, every: int, start: Mark = FIRST) -> tuple[list[Mark], int]:
    """The place of the first of each so many signals, from a place on, and how many signals there are from there on.

    Only the time of capture is looked at, which the index of a charger holds: no row is read.
    """
    number, rank = (each.over(order_by=SIGNAL.c.heard) for each in (func.row_number(), func.rank()))
    names = SIGNAL.c.heard, (number - 1 - start.skip).label("n"), (number - rank).label("skip")
    rows = _within(select(*names), asked).where(SIGNAL.c.heard >= start.heard).subquery()
    firsts = select(rows.c.heard, rows.c.skip).where(rows.c.n >= 0, rows.c.n % every == 0).order_by(rows.c.n)
    count = _within(select(func.count()).select_from(SIGNAL), asked).where(SIGNAL.c.heard >= start.heard)
    marks = [Mark(*row) for row in connection.execute(firsts)]
    return marks, max(0, connection.execute(count).scalar_one() - start.skip)


def paged(connection: Connection, asked: Wanted, start: Mark, most: int, until: Mark | None = None) -> list[KeptSignal]:
    """So many of the signals that were asked for, in the order of capture, from a place on and about up to another."""
    behind = _within(select(*_PLACE), asked).where(SIGNAL.c.heard >= start.heard)
    place = behind if until is None else behind.where(SIGNAL.c.heard <= until.heard)
    place = place.order_by(*_PLACE).offset(start.skip).limit(most)
    found = place.subquery()
    query = _raw_too(SIGNAL.join(found, and_(*(SIGNAL.c[name] == found.c[name] for name in NAME))))
    return [_kept(row) for row in connection.execute(query.order_by(*_PLACE))]


def let_go(connection: Connection, before: datetime, most: int) -> bool:
    """Delete about `most` of the signals that were captured earlier; whether there may be more."""
    old = SIGNAL.c.heard < written(before)
    ordered = select(SIGNAL.c.heard).where(old).order_by(SIGNAL.c.heard)
    bound = connection.execute(ordered.offset(most).limit(1)).scalar()
    connection.execute(delete(SIGNAL).where(old if bound is None else SIGNAL.c.heard <= bound))
    return bound is not None


def _row(signal: KeptSignal) -> dict[str, object]:
    named = {name: _fit(getattr(signal, name))[:most] for name, most in LONGEST.items()}
    times = {"heard": written(signal.heard), "at": written(signal.at)}
    is_number = signal.connector is not None and -LARGEST < signal.connector < LARGEST
    connector = signal.connector if is_number else None
    raw = None if signal.raw is None else _fit(signal.raw)
    return signal._asdict() | named | times | {"connector": connector, "body": _fit(signal.body), "raw": raw}


def _fit(text: str) -> str:
    """Text that every database can hold: no NUL, no half of a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _kept(row: Row[tuple[object, ...]]) -> KeptSignal:
    return KeptSignal(**{**row._mapping, "heard": _moment(row.heard), "at": _moment(row.at)})


def _query(asked: Wanted) -> Select[tuple[object, ...]]:
    return _within(_raw_too(SIGNAL), asked).order_by(*_PLACE)


def _raw_too(rows: FromClause) -> Select[tuple[object, ...]]:
    """The signals among rows, with the text of the message where it is kept with its first signal only."""
    first = SIGNAL.alias("first")
    same = and_(first.c.run == SIGNAL.c.run, first.c.seq == SIGNAL.c.seq, first.c.part == 0)
    columns = [SIGNAL.c[name] for name in KeptSignal._fields if name != "raw"]
    return select(*columns, func.coalesce(SIGNAL.c.raw, first.c.raw).label("raw")).select_from(
        rows.outerjoin(first, same)
    )


def _within(query: Asking, asked: Wanted) -> Asking:
    for name in ("charger", "layer", "kind"):
        if value := getattr(asked, name):
            query = query.where(SIGNAL.c[name] == value[: LONGEST[name]])
    if asked.since is not None:
        query = query.where(SIGNAL.c.at >= written(asked.since))
    if asked.until is not None:
        query = query.where(SIGNAL.c.at < written(asked.until))
    return query
