"""Home: the one folder where this program keeps what it must not lose; `CHARGELORE_HOME` moves it."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

import platformdirs

from chargelore.kb.errors import StoreError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


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
        for each in (*reversed(folder.parents), folder):  # `parents=True` would make those open to all
            if not each.exists():
                each.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(exist_ok=True)  # a file in its place is told
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def owned(file: Path) -> None:
    """The file, for its owner alone, made empty if it was missing; where that cannot be done, whoever opens it says.

    One that is there is not opened: to close it would give up the locks that a database holds on it.
    """
    with suppress(OSError):
        if os.name == "posix" and file.stat().st_mode & 0o077:
            file.chmod(0o600)
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def unwritable(path: Path, error: OSError) -> StoreError:
    """The sentence for a place that cannot be written."""
    reason = (error.strerror or str(error)).lower()
    mend = "free some space" if error.errno in FULL else "name a writable folder with CHARGELORE_HOME"
    return StoreError(f"cannot be written ({reason})", where=str(path), mend=mend)


def cache_folder() -> Path:
    """Where parsed YAML is kept; it may be deleted at any time. `CHARGELORE_CACHE` moves it alone."""
    named = os.environ.get("CHARGELORE_CACHE")
    if named:
        return Path(named).expanduser()
    if os.environ.get("CHARGELORE_HOME"):
        return home() / "cache"
    return platformdirs.user_cache_path("chargelore", appauthor=False)
