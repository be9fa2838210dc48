"""A store whose owner the tests know, and everything that lies in its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy
from event_logs import OWNER

from chargelore.kb.connect import connected
from chargelore.kb.place import place_of
from chargelore.kb.store import Store
from chargelore.kb.tables import METADATA

TRUTH = frozenset({"event", "chargelore_schema"})


class Olgas(Store):
    """A store that Olga makes and owns."""

    author = OWNER


def projected(place: str | Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table but the log, in order."""
    engine = connected(place_of(place), 5.0)
    try:
        with engine.connect() as connection:
            return {
                name: sorted((dict(row) for row in connection.execute(sqlalchemy.select(table)).mappings()), key=str)
                for name, table in METADATA.tables.items()
                if name not in TRUTH
            }
    finally:
        engine.dispose()
