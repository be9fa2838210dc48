"""Locking: two watches of one source must not write one journal."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from chargelore.kb.errors import StoreError, UseError
from chargelore.kb.home import made
from chargelore.tui.cli.output import aside

OFTEN = 0.1  # seconds between two tries
PATIENT = 2.0  # seconds before a person is told why nothing goes on


@contextmanager
def held(file: Path, seconds: float) -> Iterator[None]:
    """Hold a file alone, after waiting for another program that ends. UseError when it does not.

    A folder that cannot be written is no reason to stop: nothing can be kept there, by anybody.
    """
    opened = _opened(file)
    if opened is None:
        yield
        return
    with opened:
        _waited(opened, seconds)
        _signed(opened)
        yield


def _signed(opened: BinaryIO) -> None:
    """Say in the file whose it is; for people, so that a full disk does not matter."""
    with suppress(OSError):
        opened.truncate(0)
        opened.write(f"{os.getpid()}\n".encode())
        opened.flush()


def _opened(file: Path) -> BinaryIO | None:
    try:
        made(file.parent)
        return file.open("ab")
    except (OSError, StoreError):
        return None


def _waited(opened: BinaryIO, seconds: float) -> None:
    begun, is_told = time.monotonic(), False
    while not _locked(opened):
        waited = time.monotonic() - begun
        if waited > seconds:
            raise UseError("another watch of this source is running", mend="end it, or watch something else")
        if waited > PATIENT and not is_told:
            is_told = True
            aside("waits for another watch of this source to end")
        time.sleep(OFTEN)


def _locked(opened: BinaryIO) -> bool:
    """Whether the file is ours; it is let go of when it is closed, or its process is killed."""
    try:
        import fcntl  # noqa: PLC0415  # not on Windows, where nothing else keeps two watches apart
    except ImportError:
        return True
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
