"""Signal rows: what watches captured, kept once however often it comes in, read in the order of capture, let go of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, FromClause, Row, Select, and_, delete, func, select

from chargelore.kb.eventrows import add
from chargelore.kb.tables import SIGNAL

AT_ONCE = 500  # rows in memory while many are read
LONGEST = {"run": 60, "charger": 200, "layer": 20, "kind": 40}
LARGEST = 2**31
NAME = ("run", "seq", "part")
_ORDER = ("heard", *NAME)
Asking = TypeVar("Asking", bound=Select[Any])


class KeptSignal(NamedTuple):
    """A captured signal. `run`, `seq` and `part` name it: a run of a watch, the message in it, the place in that.

    `heard` is when it was captured, `at` its event time or else the same; `body` is JSON without `raw`, which is None
    where it is that of the message's first signal.
    """

    run: str
    seq: int
    part: int
    heard: datetime
    at: datetime
    charger: str
    connector: int | None
    layer: str
    kind: str
    body: str
    raw: str | None


class Wanted(NamedTuple):
    """Which signals somebody asks for: empty and None stand for all; `until` is not part of them."""

    charger: str = ""
    layer: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


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


def paged(connection: Connection, asked: Wanted, start: int, most: int) -> list[KeptSignal]:
    """So many of the signals that were asked for, from a place in the order of capture on; from 0."""
    names = [SIGNAL.c[name] for name in _ORDER]
    place = _within(select(*names), asked).order_by(*names).offset(start).limit(most).subquery()
    query = _raw_too(SIGNAL.join(place, and_(*(SIGNAL.c[name] == place.c[name] for name in NAME))))
    return [_kept(row) for row in connection.execute(query.order_by(*names))]


def let_go(connection: Connection, before: datetime, most: int) -> bool:
    """Delete about `most` of the signals that were captured earlier; whether there may be more."""
    old = SIGNAL.c.heard < written(before)
    ordered = select(SIGNAL.c.heard).where(old).order_by(SIGNAL.c.heard)
    bound = connection.execute(ordered.offset(most).limit(1)).scalar()
    connection.execute(delete(SIGNAL).where(old if bound is None else SIGNAL.c.heard <= bound))
    return bound is not None


def written(at: datetime) -> str:
    """A time as text of one width that sorts by time."""
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at.astimezone(UTC).isoformat(timespec="microseconds")


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
    return _within(_raw_too(SIGNAL), asked).order_by(*(SIGNAL.c[name] for name in _ORDER))


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
