"""Tests of the knowledge may ask for stores on SQLite and on PostgreSQL."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from place_fixtures import places, postgresql

if find_spec("alembic") is None:
    pytest.exit("A dependency is new since this environment was made: run `make setup`.", returncode=2)

__all__ = ["places", "postgresql"]
