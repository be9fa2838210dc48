"""Inbox: the folder of uploads: which files are expected, under which name they are kept, and how large they may be."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

LARGEST = 256 * 2**20  # bytes of one file
MOST = 64  # files that are expected at once; of more the oldest is given up
_SUFFIX = re.compile(r"(?:\.[A-Za-z0-9]{1,8}){1,2}\Z")


class TooLarge(Exception):  # noqa: N818  # a verdict on an upload, not an error of ours
    """More bytes came than one file may have."""


@dataclass(frozen=True, slots=True)
class _Expected:
    charger: str
    is_here: Callable[[Path], None]


class Inbox:
    """Used by the loop that expects files, and by the threads that take them in."""

    def __init__(self, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._folder, self._loop = folder, loop
        self._expected: dict[str, _Expected] = {}

    def expects(self, token: str, charger: str, is_here: Callable[[Path], None]) -> None:
        """A file may come under this token; `is_here` is told on the loop."""
        if len(self._expected) >= MOST:
            del self._expected[next(iter(self._expected))]
        self._expected[token] = _Expected(charger, is_here)

    def is_expected(self, token: str) -> bool:
        """Whether a file may come under this token."""
        return token in self._expected

    def takes(self, token: str, name: str, pieces: Iterable[bytes]) -> bool:
        """Keep a file; the last one that comes whole counts. TooLarge, or OSError where it cannot be written."""
        expected = self._expected.get(token)
        if expected is None:
            return False
        draft = self._folder / f".{token}.part"
        file = self._folder / f"{_safe(expected.charger)}-{token}{_suffix(name)}"
        try:
            _write(draft, pieces)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        self._loop.call_soon_threadsafe(expected.is_here, file)
        return True


def _write(draft: Path, pieces: Iterable[bytes]) -> None:
    """Only for its owner: a charger's own log names people."""
    handle, size = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 0
    with os.fdopen(handle, "wb") as out:
        for piece in pieces:
            size += len(piece)
            if size > LARGEST:
                raise TooLarge
            out.write(piece)


def _safe(charger: str) -> str:
    """An id as part of a file's name: no slash, no dot in front, no control character."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", charger)[:60] or "charger"


def _suffix(name: str) -> str:
    found = _SUFFIX.search(name)
    return found.group() if found else ".log"
