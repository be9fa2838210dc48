"""Tail: the end of a file that grows, whatever happens to it: not there yet, moved aside, cut short, written anew."""

from __future__ import annotations

import os
import select
import stat
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

CHUNK = 262_144  # bytes at once
HEAD = 65_536  # bytes at the begin of a file by which its format is known
MARK = 256  # bytes at the begin by which a file is known to be the same
NOT_THERE, REMOVED = "it is not there yet", "it was removed"
LINGERS = 2.0  # seconds: whoever writes may go on for a while in the file that was moved aside

News = Literal["", "begins", "moved", "cut"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that came. `news` says what happened before them: a file begins, another took its name, it was cut short.

    With news comes the `head` of the file, which may be longer or shorter than the bytes.
    """

    data: bytes
    news: News = ""
    head: bytes = b""


class Ended(Exception):  # noqa: N818  # no error: there is nothing more to come
    """A stream has come to its end."""


@dataclass(slots=True)
class Held:
    """A file that is open, how far it was read, and the begin by which it is known to be the same."""

    file: int
    at: int = 0
    mark: bytes = b""
    news: News = ""
    is_plain: bool = True  # a pipe or a serial port has no place to go back to

    @property
    def id(self) -> tuple[int, int]:
        """Which file it is, under whatever name."""
        found = os.fstat(self.file)
        return found.st_dev, found.st_ino

    def read(self) -> Piece | None:
        """The next bytes; None where there are none now."""
        if not self.is_plain:
            return self._heard()
        if os.fstat(self.file).st_size < self.at or os.pread(self.file, len(self.mark), 0) != self.mark:
            self.at, self.mark, self.news = 0, b"", "cut"
        data = os.pread(self.file, CHUNK, self.at)
        if not data:
            return None
        news, self.news = self.news, ""
        self.at += len(data)
        self.mark = os.pread(self.file, min(MARK, self.at), 0)
        return Piece(data, news, os.pread(self.file, HEAD, 0) if news else b"")

    def _heard(self) -> Piece | None:
        try:
            data = os.read(self.file, CHUNK)
        except BlockingIOError:
            return None
        news, self.news = self.news, ""
        return Piece(data, news, data if news else b"") if data else None

    def skips(self) -> None:
        """Go to the end, but not into the middle of a line that is being written."""
        size = os.fstat(self.file).st_size
        begin = max(size - CHUNK, 0)
        self.at = begin + (os.pread(self.file, CHUNK, begin).rfind(b"\n") + 1 or size - begin)
        self.mark = os.pread(self.file, min(MARK, size), 0)


@dataclass(slots=True)
class FileTail:
    """A file by its name. Never waits. `trouble` says why nothing can be read, and is empty while there is no reason.

    What stands in it when the tail begins is only read `from_start`; what takes its name later is read whole.
    """

    path: Path
    from_start: bool = False
    timer: Callable[[], float] = time.monotonic
    trouble: str = ""
    held: deque[Held] = field(default_factory=deque)  # the last has the name now, those before were moved aside
    lost: tuple[tuple[int, int], int, bytes] | None = None  # a file that could not be read on: which, how far, its mark
    heard_at: float = 0.0
    gone_at: float | None = None  # since when nothing has the name

    def read(self) -> Piece | None:
        """The next bytes; None where there are none now."""
        try:
            self._looks()
            return self._read()
        except OSError as error:
            self.trouble = error.strerror or str(error)
            self._lets_go()
            return None

    def close(self) -> None:
        """Let go of the file."""
        for each in self.held:
            os.close(each.file)
        self.held.clear()

    def _read(self) -> Piece | None:
        while self.held:
            piece = self.held[0].read()
            if piece is not None:
                self.heard_at = self.timer()
                return piece
            if len(self.held) == 1 or self.timer() - self.heard_at < LINGERS:
                return None
            os.close(self.held.popleft().file)
        return None

    def _looks(self) -> None:
        """Open what has the name now, when that is another file than before."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._misses()
            return
        self.gone_at = None
        if self.held and (not self.held[-1].is_plain or self.held[-1].id == (found.st_dev, found.st_ino)):
            return
        self._opens(stat.S_ISREG(found.st_mode))

    def _misses(self) -> None:
        """Nothing has the name; a file that was removed is read for as long as somebody still writes in it."""
        self.from_start = True  # whatever comes under this name is new
        if not self.held:
            self.trouble = self.trouble if self.trouble == REMOVED else NOT_THERE
            return
        self.gone_at = self.timer() if self.gone_at is None else self.gone_at
        if self.timer() - max(self.gone_at, self.heard_at) >= LINGERS:
            is_elsewhere = os.fstat(self.held[-1].file).st_nlink > 0
            self._lets_go() if is_elsewhere else self.close()  # else a new file may get the number of the old one
            self.trouble = REMOVED

    def _opens(self, is_plain: bool) -> None:
        held = Held(os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), is_plain=is_plain)
        held.news = "moved" if self.held else "begins"
        self.held.append(held)
        if self.lost is not None and self.lost[0] == held.id and os.pread(held.file, MARK, 0)[: len(self.lost[2])]:
            held.at, held.mark = self.lost[1:]
        elif is_plain and not self.from_start:
            held.skips()
        self.trouble, self.lost, self.from_start, self.heard_at = "", None, True, self.timer()

    def _lets_go(self) -> None:
        """The file cannot be read; when it is the same that comes back, go on where we were."""
        if self.held and self.held[-1].is_plain:
            last = self.held[-1]
            self.lost = last.id, last.at, last.mark
        self.close()


@dataclass(slots=True)
class StreamTail:
    """What comes in on an open stream, such as standard input. Never waits; raises Ended behind its last byte."""

    file: int
    trouble: str = ""
    is_begun: bool = False

    def read(self) -> Piece | None:
        """The next bytes; None where there are none now."""
        if not select.select([self.file], [], [], 0)[0]:
            return None
        data = os.read(self.file, CHUNK)
        if not data:
            raise Ended
        news: News = "" if self.is_begun else "begins"
        self.is_begun = True
        return Piece(data, news, data if news else b"")

    def close(self) -> None:
        """The stream is somebody else's."""
