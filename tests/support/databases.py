"""Fresh, empty places for stores: SQLite files, and schemas of a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy

SERVER = "CHARGELORE_TEST_POSTGRES"  # a URL postgresql+psycopg://USER@HOST/DATABASE whose schemas we may make and drop
NO_SERVER = f"no PostgreSQL: `pip install pgserver` (Python 3.11 and 3.12), or name a server with {SERVER}"

Places = Callable[[], str]


def files(folder: Path) -> Places:
    """A new SQLite file each time."""
    numbers = count()
    return lambda: str(folder / f"store-{next(numbers)}.db")


@contextmanager
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server, on a socket of its own; it ends with the tests."""
    if named := os.environ.get(SERVER):
        yield named
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a runtime folder that not every machine has
        pgserver = pytest.importorskip("pgserver", reason=NO_SERVER, exc_type=ImportError)
    folder = tempfile.mkdtemp(prefix="chargelore-pg-")  # short: the name of a socket has 100 letters
    try:
        running = pgserver.get_server(folder)
        yield running.get_uri().replace("postgresql:", "postgresql+psycopg:")
        running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def schemas(url: str) -> Iterator[Places]:
    """A new schema of that server each time; all are dropped at the end."""
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def another() -> str:
        name = f"t{os.getpid()}_{len(made)}"
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        made.append(name)
        return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"

    try:
        yield another
    finally:
        with engine.connect() as connection:
            for name in made:
                connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
        engine.dispose()
