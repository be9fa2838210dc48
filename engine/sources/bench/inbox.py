"""Inbox: the folder of uploads: which files are expected, under which name they are kept, and how large they may be."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from io import FileIO
from pathlib import Path
from secrets import token_hex

LARGEST = 256 * 2**20  # bytes of one file
MOST = 64  # requests whose files are expected at once; of more the oldest is given up
MOST_FILES = 8  # of one request; retries replace each other unless their endings differ
_SUFFIX = re.compile(r"(?:\.[A-Za-z0-9]{1,8}){1,2}\Z")


class TooLarge(OSError):  # noqa: N818  # a verdict on an upload; FTP tells it as it tells a full disk
    """More bytes came than one file may have."""

    def __init__(self) -> None:
        super().__init__(errno.EFBIG, os.strerror(errno.EFBIG))


@dataclass(frozen=True, slots=True)
class _Expected:
    charger: str
    password: str = field(repr=False)
    is_here: Callable[[Path], None]
    files: set[Path] = field(default_factory=set)


class Draft:
    """A file that is coming in, for its owner only: a charger's own log names people. On disk from its first byte."""

    def __init__(self, token: str, name: str, path: Path) -> None:
        self.token, self.name, self.path = token, name, path
        self._out: FileIO | None = None
        self._size = 0
        self.closed = False

    def write(self, piece: bytes) -> None:
        """More of it. TooLarge, or OSError where it cannot be written."""
        self._size += len(piece)
        if self._size > LARGEST:
            raise TooLarge
        left = memoryview(piece)
        while left:
            left = left[self._opened().write(left) :]

    def close(self) -> None:
        """Nothing more comes."""
        self.closed = True
        if self._out is not None:
            self._out.close()

    def drops(self) -> None:
        """It is not wanted, or not whole."""
        self.close()
        self.path.unlink(missing_ok=True)

    def becomes(self, file: Path) -> None:
        """It is whole, and has its name."""
        self._opened()
        self.close()
        self.path.replace(file)

    def _opened(self) -> FileIO:
        if self._out is None:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._out = FileIO(handle, "wb")
        return self._out


class Inbox:
    """Used by the loop that expects files, and by the threads that take them in."""

    def __init__(self, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._folder, self._loop = folder, loop
        self._expected: dict[str, _Expected] = {}

    def expects(self, token: str, password: str, charger: str, is_here: Callable[[Path], None]) -> None:
        """Files may come under this token; `is_here` is told on the loop."""
        if len(self._expected) >= MOST:
            del self._expected[next(iter(self._expected))]
        self._expected[token] = _Expected(charger, password, is_here)

    def is_expected(self, token: str) -> bool:
        """Whether a file may come under this token."""
        return token in self._expected

    def lets_in(self, token: str, password: str) -> bool:
        """Whether this is the password that was made for this token."""
        expected = self._expected.get(token)
        known = expected.password if expected else token_hex(8)  # one that is not known takes as long
        return compare_digest(known.encode(), password.encode(errors="replace")) and expected is not None

    def begins(self, token: str, name: str) -> Draft:
        """A file that the charger calls so; nothing but its ending is taken from that name."""
        return Draft(token, name, self._folder / f".{token}-{token_hex(4)}.part")

    def keeps(self, draft: Draft) -> bool:
        """The draft is whole: the last one counts. Else it is dropped. OSError where it cannot be renamed."""
        expected = self._expected.get(draft.token)
        file = self._folder / f"{_safe(expected.charger if expected else '')}-{draft.token}{_suffix(draft.name)}"
        if expected is None or (file not in expected.files and len(expected.files) >= MOST_FILES):
            draft.drops()
            return False
        draft.becomes(file)
        expected.files.add(file)
        self._loop.call_soon_threadsafe(expected.is_here, file)
        return True


def _safe(charger: str) -> str:
    """An id as part of a file's name: no slash, no dot in front, no control character."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", charger)[:60] or "charger"


def _suffix(name: str) -> str:
    found = _SUFFIX.search(name)
    return found.group() if found else ".log"
