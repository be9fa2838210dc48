"""Tables: how the log and its projection lie in SQL. Portable types only, so that SQLite and PostgreSQL hold the same.

`event` is the truth. All other tables but `chargelore_schema` and `signal` are a projection of it: they may be dropped
and rebuilt at any time, and nothing is ever edited in them by hand. `signal` holds what chargers said, for some weeks.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, Text
from sqlmodel import Field, SQLModel

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMES)


class Row(SQLModel):
    """A row of a store; the tables share one catalogue, apart from those of other programs."""

    metadata: ClassVar[Any] = METADATA


class EventColumns(Row):
    """An event as a row; `body` is its canonical JSON."""

    id: str = Field(primary_key=True, max_length=26)
    kind: str = Field(max_length=200, index=True)
    subject: str = Field(max_length=200, index=True)
    hlc: str = Field(max_length=200, index=True)
    author: str = Field(max_length=200)
    origin: str = Field(max_length=200)
    v: int
    body: str = Field(sa_type=Text)


class EventRow(EventColumns, table=True):
    """One event of the log."""

    __tablename__ = "event"


class PackRow(EventColumns, table=True):
    """One statement of the shipped knowledge, as of the last rebuild."""

    __tablename__ = "pack_event"


class SchemaRow(Row, table=True):
    """The one row that says how this store is laid out, its name among other stores, and who owns it.

    `folded` is the version of the fold that filled the projection; 0 where it must be rebuilt.
    """

    __tablename__ = "chargelore_schema"
    id: int = Field(primary_key=True, default=1)
    version: int
    replica: str = Field(max_length=16)
    owner: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    folded: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class StatementColumns(Row):
    """What nodes and edges have in common."""

    id: str = Field(primary_key=True, max_length=200)
    attrs: str = Field(sa_type=Text)
    status: str = Field(max_length=20)
    replaced_by: str = Field(sa_type=Text)
    author: str = Field(max_length=200)
    created: str = Field(max_length=200)
    updated: str = Field(max_length=200)
    event: str = Field(max_length=26)


class NodeRow(StatementColumns, table=True):
    """A node as it stands; `attrs` is canonical JSON."""

    __tablename__ = "node"
    kind: str = Field(max_length=20, index=True)
    label: str = Field(sa_type=Text)


class EdgeRow(StatementColumns, table=True):
    """An edge as it stands; `scope` and `attrs` are canonical JSON."""

    __tablename__ = "edge"
    src: str = Field(max_length=200, index=True)
    rel: str = Field(max_length=20)
    dst: str = Field(max_length=200, index=True)
    answer: str = Field(sa_type=Text)
    scope: str = Field(sa_type=Text)
    grade: str = Field(max_length=20)


class AliasRow(Row, table=True):
    """A node that was merged, and the one that stands for it."""

    __tablename__ = "alias"
    id: str = Field(primary_key=True, max_length=200)
    into: str = Field(sa_type=Text)


class FindingRow(Row, table=True):
    """Where a finding is counted: `topic` stands for author, fault and cause, `trouble` for author and case.

    `gone` ones were taken back, or their author said something else of the case since.
    """

    __tablename__ = "finding"
    id: str = Field(primary_key=True, max_length=26)
    topic: str = Field(max_length=26, index=True)
    trouble: str = Field(max_length=26, index=True)
    hlc: str = Field(max_length=200)
    gone: bool


class StatRow(Row, table=True):
    """One count: weights for and against in parts of 2⁻⁴⁰ of a case, cases, and fixes that held."""

    __tablename__ = "edge_stat"
    id: str = Field(primary_key=True, max_length=26)
    what: str = Field(max_length=20)
    a: str = Field(sa_type=Text)
    b: str = Field(sa_type=Text)
    c: str = Field(sa_type=Text)
    yes: int = Field(sa_type=BigInteger)
    no: int = Field(sa_type=BigInteger)
    cases: int
    held: int


class CodeKeyRow(Row, table=True):
    """The key under which a code is looked for: one spelling for 4, 0x04, 004 and 04h."""

    __tablename__ = "code_key"
    node: str = Field(primary_key=True, max_length=200)
    vendor: str = Field(sa_type=Text)
    model: str = Field(sa_type=Text)
    firmware: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    kind: str = Field(max_length=20)
    value: str = Field(max_length=400, index=True)


class SignalRow(Row, table=True):
    """One signal that a watch captured: which run of a watch, its message in that run, its place in the message.

    `heard` is when it was captured and `at` its event time, as ISO 8601 in UTC of one width, so that they sort as text.
    `body` is the signal as JSON without `raw`; `raw` is NULL where it is that of the first signal of the message.
    """

    __tablename__ = "signal"
    __table_args__ = (Index(None, "charger", "heard"),)
    run: str = Field(primary_key=True, max_length=60)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    part: int = Field(primary_key=True)
    heard: str = Field(max_length=32, index=True)
    at: str = Field(max_length=32)
    charger: str = Field(max_length=200)
    connector: int | None = Field(default=None, nullable=True)
    layer: str = Field(max_length=20)
    kind: str = Field(max_length=40)
    body: str = Field(sa_type=Text)
    raw: str | None = Field(default=None, sa_type=Text, nullable=True)


EVENT, PACK, SCHEMA_ROW, NODE, EDGE, ALIAS, FINDING, STAT, CODE_KEY, SIGNAL = (
    METADATA.tables[name]
    for name in (
        "event", "pack_event", "chargelore_schema", "node", "edge", "alias", "finding", "edge_stat", "code_key",
        "signal",
    )
)  # fmt: skip
# Which migration a store is at; it belongs to Alembic, not to the catalogue.
REVISION = Table(
    "chargelore_revision", MetaData(naming_convention=NAMES), Column("version_num", String(32), primary_key=True)
)
