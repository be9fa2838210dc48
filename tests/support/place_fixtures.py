"""Stores on SQLite and on PostgreSQL: a test that asks for `places` runs on both. For conftest files to import."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from databases import Places, files, schemas, server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Places]:
    """Fresh schemas on a real PostgreSQL."""
    with server() as url, schemas(url) as places:
        yield places


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Each call names a new, empty place."""
    if request.param == "sqlite":
        return files(tmp_path_factory.mktemp("stores"))
    found: Places = request.getfixturevalue("postgresql")
    return found
