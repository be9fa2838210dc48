"""Tests of the relay may ask for stores on SQLite and on PostgreSQL."""

from __future__ import annotations

from place_fixtures import places, postgresql

__all__ = ["places", "postgresql"]
