"""Layout: how a store is laid out; makes a new one, upgrades that of an older version, refuses that of a newer one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.schema import CreateIndex, CreateTable

from chargelore.kb.errors import StoreError
from chargelore.kb.place import Place, sentence
from chargelore.kb.tables import METADATA, REVISION, SCHEMA_ROW

SCHEMA = 4
HEAD = "0004"  # the migration that ends in this layout
REVISIONS = {1: "0001", 2: "0002", 3: "0003", 4: "0004"}
FOLD = 4  # goes up when the fold gives other tables from the same log: then they are rebuilt
WHOLE_ROW = select(SCHEMA_ROW)
# Somebody may have removed a file, or put another one in its place, since it was last looked at.
THERE = text("SELECT 1 FROM sqlite_master WHERE name = 'chargelore_schema'")
WRITERS = 0x6C6F7265  # the number of our lock on a PostgreSQL server


@dataclass(frozen=True, slots=True)
class Layout:
    """How a store is laid out. `folded` is 0 where the projection must be rebuilt before it can be read."""

    version: int
    replica: str
    owner: str
    folded: int

    @property
    def is_current(self) -> bool:
        """Whether its projection can be read as it is."""
        return self.version == SCHEMA and self.folded == FOLD


def lock(connection: Connection) -> None:
    """From here to the end of the transaction nobody else writes."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS})


def layout_of(connection: Connection, place: Place) -> Layout | None:
    """The layout of a store, None where nothing was written yet; StoreError for one that is not ours to read."""
    tables = sqlalchemy.inspect(connection).get_table_names()
    if SCHEMA_ROW.name not in tables:
        if tables and place.file is not None:
            raise sentence("no such table", place.name)
        return None
    row = connection.execute(select(SCHEMA_ROW.c.version, SCHEMA_ROW.c.replica)).first()
    if row is None:
        return None
    if row.version > SCHEMA:
        raise StoreError("a newer version wrote this store", where=place.name, mend="update chargelore")
    if row.version < SCHEMA:
        return Layout(row.version, row.replica, "", 0)
    return _read(connection)


def settled(connection: Connection, place: Place, owner: str, *, is_known: bool) -> Layout:
    """The layout of this version, made or upgraded where needed. The connection holds the lock.

    `is_known` says that it was of this version before, so that one look is enough.
    """
    is_there = connection.dialect.name != "sqlite" or connection.execute(THERE).first() is not None
    if is_known and is_there and (known := _read(connection)).version == SCHEMA:
        return known
    found = layout_of(connection, place)
    if found is None:
        return _laid_out(connection, owner)
    if found.version < SCHEMA:
        _upgraded(connection, found, owner)
    return _read(connection)


def mark_folded(connection: Connection, fold: int = FOLD) -> None:
    """The projection is now what this fold makes of the log."""
    connection.execute(update(SCHEMA_ROW).values(folded=fold))


def _read(connection: Connection) -> Layout:
    row = connection.execute(WHOLE_ROW).one()
    return Layout(row.version, row.replica, row.owner, row.folded)


def _laid_out(connection: Connection, owner: str) -> Layout:
    """Make the tables; whoever comes first names and owns the store. An empty projection is that of an empty log."""
    for table in (*METADATA.sorted_tables, REVISION):
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            connection.execute(CreateIndex(index, if_not_exists=True))
    made = Layout(SCHEMA, secrets.token_hex(4), owner, FOLD)
    values = {"version": made.version, "replica": made.replica, "owner": owner, "folded": made.folded}
    connection.execute(insert(SCHEMA_ROW).values(id=1, **values))
    connection.execute(insert(REVISION).values(version_num=HEAD))
    return made


def _upgraded(connection: Connection, found: Layout, owner: str) -> None:
    """Run the migrations from the version found to ours. Alembic loads only here: most starts need none."""
    from chargelore.kb import migrations  # noqa: PLC0415  # a fifth of a second

    if REVISION.name not in sqlalchemy.inspect(connection).get_table_names():
        migrations.stamp(connection, REVISIONS[found.version])
    migrations.upgrade(connection)
    connection.execute(update(SCHEMA_ROW).values(version=SCHEMA, owner=owner, folded=0))
