"""Home: the one folder where this program keeps what it must not lose; `CHARGELORE_HOME` moves it."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from chargelore.kb.errors import StoreError


def home() -> Path:
    """The data folder; it may not be there yet."""
    named = os.environ.get("CHARGELORE_HOME")
    return Path(named).expanduser() if named else platformdirs.user_data_path("chargelore", appauthor=False)


def store_path() -> Path:
    """Where the events are kept unless another store is named."""
    return home() / "events.db"


def made(folder: Path) -> Path:
    """The folder, created for its owner alone if it was missing; StoreError where that cannot be done."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def unwritable(path: Path, error: OSError) -> StoreError:
    """The sentence for a place that cannot be written."""
    reason = (error.strerror or str(error)).lower()
    return StoreError(
        f"cannot be written ({reason})", where=str(path), mend="name a writable folder with CHARGELORE_HOME"
    )


def cache_folder() -> Path:
    """Where parsed YAML is kept; it may be deleted at any time. `CHARGELORE_CACHE` moves it alone."""
    named = os.environ.get("CHARGELORE_CACHE")
    if named:
        return Path(named).expanduser()
    if os.environ.get("CHARGELORE_HOME"):
        return home() / "cache"
    return platformdirs.user_cache_path("chargelore", appauthor=False)
