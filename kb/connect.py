"""Connect: how a place is opened: which database, how durable, how long to wait for others."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.event import listen
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from chargelore.kb.errors import StoreError
from chargelore.kb.place import MEMORY, Place

SERVERS = frozenset({"postgresql"})


def connected(place: Place, wait: float) -> Engine:
    """The database of a place, opened on first use; `wait` for another program's lock is in seconds."""
    if place.file is None and place.url != MEMORY:
        return _server(place)
    if place.file is None:
        return create_engine(MEMORY, poolclass=StaticPool, connect_args={"check_same_thread": False})
    address = URL.create("sqlite", database=str(place.file))
    # One connection is kept: the last one to leave a file in WAL mode has to tidy up, which costs more than a finding.
    engine = create_engine(address, connect_args={"timeout": wait}, poolclass=QueuePool, pool_size=1)
    listen(engine, "connect", _durable)
    _watch_over(engine, place)
    return engine


def _watch_over(engine: Engine, place: Place) -> None:
    """A kept connection is good for the file that it opened: not for one that was put in its place since."""

    def opened(_connection: object, record: Any) -> None:
        record.info["file"] = place.identity()

    def taken(_connection: object, record: Any, _proxy: object) -> None:
        if record.info["file"] != place.identity():
            raise DisconnectionError("the file was moved or replaced")

    listen(engine, "connect", opened)
    listen(engine, "checkout", taken)


def _server(place: Place) -> Engine:
    try:
        engine = create_engine(place.url)
    except ValueError as error:  # a port that is no number
        raise StoreError("this is no database URL", mend="write postgresql+DRIVER://USER@HOST/DATABASE") from error
    if engine.dialect.name not in SERVERS:
        raise StoreError(f"{engine.dialect.name} cannot hold a store", mend="use SQLite or PostgreSQL")
    return engine


def frozen(file: Path) -> Engine:
    """A file on a read-only disk, read as it lies there."""
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)


def _durable(connection: sqlite3.Connection, _record: object) -> None:
    """Commits reach the disk before they return; readers do not wait for writers."""
    try:
        with suppress(sqlite3.OperationalError):  # another program switches at this moment, or the disk is read-only
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error:
        connection.close()  # nobody else knows of it yet
        raise
