"""Migrations: bring a store of an earlier version to the layout of this one, or back, with Alembic.

They run inside the program and inside the transaction of the caller: a store is upgraded whole or not at all.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

HERE = Path(__file__).parent


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run what is missing up to a revision."""
    command.upgrade(config(connection), to)


def downgrade(connection: Connection, to: str) -> None:
    """Go back to a revision; what only later ones hold is dropped, the events never are."""
    command.downgrade(config(connection), to)


def stamp(connection: Connection, revision: str) -> None:
    """Say at which revision a store is that was laid out without Alembic."""
    command.stamp(config(connection), revision)


def config(connection: Connection) -> Config:
    """How Alembic is told where the migrations are and on which connection to work."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return made
