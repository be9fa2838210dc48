"""A store that an older version wrote is upgraded whole and without loss; a newer one is left alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from databases import Places
from sqlalchemy import Connection, inspect, select
from store_tables import Olgas, projected

from chargelore.kb import migrations
from chargelore.kb.connect import connected
from chargelore.kb.errors import StoreError
from chargelore.kb.finding import Finding
from chargelore.kb.kept import KeptSignal, Wanted
from chargelore.kb.layout import HEAD, REVISIONS, lock
from chargelore.kb.model import CauseId, FaultId
from chargelore.kb.place import place_of
from chargelore.kb.tables import METADATA, REVISION, STAT

# What version 1 laid out and wrote, word for word.
VERSION_1 = (
    """CREATE TABLE event (id VARCHAR(26) NOT NULL, kind VARCHAR(200) NOT NULL, subject VARCHAR(200) NOT NULL,
    hlc VARCHAR(200) NOT NULL, author VARCHAR(200) NOT NULL, origin VARCHAR(200) NOT NULL, v INTEGER NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (id))""",
    """CREATE TABLE chargelore_schema (id INTEGER NOT NULL, version INTEGER NOT NULL, replica VARCHAR(16) NOT NULL,
    PRIMARY KEY (id))""",
    *(f"CREATE INDEX ix_event_{name} ON event ({name})" for name in ("hlc", "kind", "subject")),
    """INSERT INTO event VALUES('wmj4alhdfqf272lhqgjremqtqi','finding','c','1795725431904.00.86d9498a',
    'tnvo5ksls6mbpsgz','86d9498a',1,'{"case":"c","cause":"wet","evidence":{"rain":"yes"},"fault":"trip"}')""",
    """INSERT INTO event VALUES('gtxozwdnvztzn6lefrhj3dju2w','gap','E 7','1795725432003.00.86d9498a',
    'tnvo5ksls6mbpsgz','86d9498a',1,'{"vendor":"Acme","words":"E 7"}')""",
    "INSERT INTO chargelore_schema VALUES(1,1,'86d9498a')",
)


@contextmanager
def connection_to(place: str) -> Iterator[Connection]:
    engine = connected(place_of(place), 5.0)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def older(place: str) -> str:
    with connection_to(place) as connection:
        for statement in VERSION_1:
            connection.exec_driver_sql(statement)
    return place


def difference(connection: Connection) -> list[object]:
    """What Alembic would change to make the database as the catalogue says."""
    options = {"compare_type": True, "version_table": REVISION.name}
    found: list[object] = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    return found


def test_an_older_store_is_read_without_being_touched(places: Places) -> None:
    place = older(places())
    with Olgas.open(place) as store:
        assert [each.kind for each in store.events()] == ["finding", "gap"]
        assert store.learned().causes[FaultId("trip"), CauseId("wet")].cases == 1
    with connection_to(place) as connection:
        assert set(inspect(connection).get_table_names()) == {"event", "chargelore_schema"}


def test_the_first_write_upgrades_an_older_store_and_loses_nothing(places: Places) -> None:
    place = older(places())
    with Olgas.open(place) as store:
        before = store.events()
        new = store.record_finding(Finding(case="d", fault=FaultId("trip"), cause="wet"))
        assert store.events() == (*before, new)
        assert store.damaged() == ()
        assert new.hlc.endswith(".86d9498a")
        assert store.learned().causes[FaultId("trip"), CauseId("wet")].cases == 2
        assert store.owners == {store.author}
    with connection_to(place) as connection:
        assert difference(connection) == []
        assert connection.exec_driver_sql("SELECT version_num FROM chargelore_revision").scalars().all() == [HEAD]


def test_an_older_store_that_gets_signals_first_is_upgraded_whole_too(places: Places) -> None:
    place, at = older(places()), datetime(2026, 5, 4, tzinfo=UTC)
    signal = KeptSignal("run", 1, 0, at, at, "CP-1", None, "ocpp", "log", "{}", "raw")
    with Olgas.open(place) as store:
        assert list(store.signals(Wanted())) == []
        for _ in range(2):
            store.keep_signals([signal])
        assert list(store.signals(Wanted())) == [signal]
        assert store.learned().causes[FaultId("trip"), CauseId("wet")].cases == 1
    with connection_to(place) as connection:
        assert difference(connection) == []
        assert connection.execute(select(STAT.c.id)).first() is not None


def test_a_new_store_is_laid_out_as_the_migrations_would(places: Places) -> None:
    place = places()
    with Olgas.open(place) as store:
        store.record_gap("E 7", {})
    with connection_to(place) as connection:
        assert difference(connection) == []
        assert connection.exec_driver_sql("SELECT version_num FROM chargelore_revision").scalars().all() == [HEAD]


def test_all_the_way_up_down_and_up_again_keeps_the_events(places: Places) -> None:
    place = older(places())
    with connection_to(place) as connection:
        lock(connection)
        migrations.stamp(connection, REVISIONS[1])
        migrations.upgrade(connection)
        assert difference(connection) == []
        migrations.downgrade(connection, REVISIONS[1])
        assert set(inspect(connection).get_table_names()) == {"event", "chargelore_schema", REVISION.name}
        migrations.upgrade(connection)
        assert difference(connection) == []
    with Olgas.open(place) as store:
        assert len(store.events()) == 2


def test_from_nothing_the_migrations_make_what_the_catalogue_says(places: Places) -> None:
    with connection_to(places()) as connection:
        lock(connection)
        migrations.upgrade(connection)
        assert difference(connection) == []


def test_an_upgrade_that_fails_leaves_the_older_store_as_it_was(places: Places) -> None:
    place = older(places())
    with connection_to(place) as connection:
        connection.exec_driver_sql("CREATE TABLE edge_stat (soup TEXT)")  # in the way
    with Olgas.open(place) as store, pytest.raises(StoreError):
        store.record_gap("E 8", {})
    with connection_to(place) as connection:
        assert set(inspect(connection).get_table_names()) == {"event", "chargelore_schema", "edge_stat"}


def test_a_newer_store_is_refused_and_left_alone(places: Places) -> None:
    place = places()
    with Olgas.open(place) as store:
        store.record_gap("E 7", {})
    before = projected(place)
    with connection_to(place) as connection:
        connection.exec_driver_sql("UPDATE chargelore_schema SET version = 99")
    with Olgas.open(place) as store:
        for use in (Olgas.events, Olgas.learned, Olgas.rebuild, lambda each: each.record_gap("E 8", {})):
            with pytest.raises(StoreError, match="newer version"):
                use(store)
    assert projected(place) == before


def test_a_projection_of_an_older_fold_is_not_read_and_is_built_anew_by_the_next_write(places: Places) -> None:
    place = places()
    with Olgas.open(place) as store:
        store.record_finding(Finding(case="c", fault=FaultId("trip"), cause="wet"))
    with connection_to(place) as connection:
        connection.exec_driver_sql("UPDATE chargelore_schema SET folded = 0")
        connection.exec_driver_sql("DELETE FROM edge_stat")
    with Olgas.open(place) as store:
        assert store.learned().cases == 1
        store.record_gap("E 7", {})
        assert store.learned().cases == 1
        assert len(projected(place)["edge_stat"]) == 2


def test_alembic_stays_on_the_shelf_until_a_store_is_older(tmp_path: object) -> None:
    program = """
import sys
from chargelore.kb.store import Store
with Store.open(sys.argv[1]) as store:
    store.record_gap("E 7", {})
    store.learned()
print("alembic" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, f"{tmp_path}/a.db"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
