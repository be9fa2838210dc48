"""Journal: what was captured, appended line by line to files of bounded size, until it is stored and remembered.

A line is the CRC-32 of a record in hex, a blank, and the record as JSON. A file is named by the number of its first
record. The first line of a file says which run and item came before it, so that no older file has to be read for that.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import msgspec
from msgspec.structs import replace

from chargelore.engine.case import Charger
from chargelore.engine.relay.item import Shown, tamed
from chargelore.engine.signal import Signal
from chargelore.kb.home import made

SEGMENT = 8 * 2**20  # bytes of one file
MOST = 4 * 2**30  # bytes of all files
PIECE = 2**20  # bytes that are read at once
ENDING = ".log"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One item of a run as it is journaled: `n` numbers all records, `seq` the items of the run, `at` is its capture.

    A record without anything in it says that time went on. Signals have passed the door.
    """

    n: int = 0
    run: str
    seq: int
    at: datetime
    signals: tuple[Signal, ...] = ()
    who: Charger | None = None
    shown: Shown | None = None
    is_head: bool = False
    is_beside: bool = False  # no item of a run stands behind it


_read = msgspec.json.Decoder(Record).decode
_write = msgspec.json.Encoder().encode


class Segment(NamedTuple):
    """One file of a journal, and the number of its first record."""

    first: int
    file: Path


class Journal:
    """The journal in a folder, as its one writer has it; several threads may append. Lives as long as the child.

    Opening cuts off a line that was torn when the last writer was killed. `last` is the number of the newest record
    that is there as a whole; `run` and `seq` are of the newest item. OSError when it cannot be written; then nothing
    of what was to be appended is there.
    """

    def __init__(self, folder: Path, *, segment: int = SEGMENT) -> None:
        self.folder, self._segment = folder, segment
        self.grown = threading.Condition()
        self.last, self.run, self.seq = 0, "", 0
        self.cut = 0  # bytes that were torn
        self._lock = threading.Lock()
        self._out, self._size = -1, 0
        self._takes_up()

    def append(self, records: Sequence[Record]) -> None:
        """Add records, which get their numbers here; the last one is of the newest item."""
        self._appends(records, records[-1])

    def append_beside(self, records: Sequence[Record]) -> None:
        """Add records that no item of a run stands behind."""
        self._appends(records, None)

    def _appends(self, records: Sequence[Record], newest: Record | None) -> None:
        with self._lock:
            numbered = [replace(each, n=self.last + place) for place, each in enumerate(records, 1)]
            lines = b"".join(map(line_of, numbered))
            self._makes_room(len(lines))
            self._writes(lines)
            self.last += len(records)
            if newest is not None:
                self.run, self.seq = newest.run, newest.seq
        with self.grown:
            self.grown.notify_all()

    def sync(self) -> None:
        """Return when all that was appended survives a cut of power. OSError when the disk says that it may not."""
        if self._out >= 0:
            os.fsync(self._out)

    def waits(self, after: int, seconds: float) -> None:
        """Wait until there is a record behind that number, for some seconds at most."""
        with self.grown:
            self.grown.wait_for(lambda: self.last > after, seconds)

    def forget(self, upto: int) -> None:
        """Delete the files all of whose records have a number up to this one."""
        kept = segments(self.folder)
        for old, following in pairwise(kept):
            if following.first <= upto + 1:
                with suppress(OSError):  # it is tried again with the next one
                    old.file.unlink()

    def oldest_beyond(self, most: int = MOST) -> Segment | None:
        """The oldest file, when all together are larger than that; never the one that is written."""
        kept = segments(self.folder)
        return kept[0] if len(kept) > 1 and sum(map(_size, kept)) > most else None

    def close(self) -> None:
        """Let go of the file."""
        if self._out >= 0:
            os.close(self._out)
            self._out = -1

    def _takes_up(self) -> None:
        kept = segments(self.folder)
        if not kept:
            return
        newest = kept[-1]
        self.last = newest.first - 1
        with newest.file.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    self.cut = len(line)
                    break
                record = record_in(line)
                self._size += len(line)
                if record is not None:
                    self.last = max(record.n, self.last)
                    if not record.is_beside:
                        self.run, self.seq = record.run, record.seq
        if self.cut:
            os.truncate(newest.file, self._size)

    def _makes_room(self, size: int) -> None:
        """Open the file that is written, another one when the old one is full."""
        if self._out >= 0 and self._size + size <= self._segment:
            return
        kept = segments(self.folder) if self._out < 0 else []
        self.close()
        if kept and self._size + size <= self._segment:
            self._out = os.open(kept[-1].file, os.O_WRONLY | os.O_APPEND)
            return
        made(self.folder)
        file = self.folder / f"{self.last + 1:016d}{ENDING}"
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC, 0o600)
        self._size = 0
        self._writes(line_of(Record(n=self.last, run=self.run, seq=self.seq, at=EPOCH, is_head=True)))
        _sync_folder(self.folder)

    def _writes(self, lines: bytes) -> None:
        """All or nothing."""
        try:
            rest = memoryview(lines)
            while rest:
                rest = rest[os.write(self._out, rest) :]
        except OSError:
            self._goes_back()
            raise
        self._size += len(lines)

    def _goes_back(self) -> None:
        """To the end of what is whole; if not even that can be done, or nothing is, the next one begins a file."""
        try:
            os.ftruncate(self._out, self._size)
            self._size = self._size or self._segment
        except OSError:
            self._size = self._segment


class Follower:
    """Reads a journal behind its writer, from the record after a number on. Lives as long as its thread.

    `after` is the number of the last record that was given out; `damaged` counts lines whose checksum does not fit.
    """

    def __init__(self, folder: Path, after: int) -> None:
        self.after, self.damaged = after, 0
        self._folder = folder
        self._segment: Segment | None = None
        self._place = 0  # in the file, in bytes

    def next(self, upto: int, most: int = 1_000) -> list[Record]:
        """The next records up to a number, `most` at most; empty when there is none yet."""
        found: list[Record] = []
        while self.after < upto and len(found) < most and self._finds():
            place = self._place
            for record in self._read(most - len(found), upto):
                self.after = record.n
                if not record.is_head:
                    found.append(record)
            if self._place == place and not self._goes_on():
                break
        return found

    def _goes_on(self) -> bool:
        """Leave a file that ends in a torn line behind, where there is another one."""
        later = [each for each in segments(self._folder) if self._segment and each.first > self._segment.first]
        if later:
            self._segment, self._place = later[0], 0
            self.damaged += 1
        return bool(later)

    def _finds(self) -> bool:
        """Stand in a file where more may be read; False when there is none."""
        kept = segments(self._folder)
        if self._segment is not None and self._segment in kept and self._place < _size(self._segment):
            return True
        wanted = [each for each in kept if self._segment is None or each.first > self._segment.first]
        if self._segment is None:  # the one that holds the next record, or the first of those that are left
            before = [each for each in kept if each.first <= self.after + 1]
            wanted = before[-1:] or wanted
        if not wanted:
            return False
        self._segment, self._place = wanted[0], 0
        return True

    def _read(self, most: int, upto: int) -> Iterator[Record]:
        assert self._segment is not None  # noqa: S101  # it was found before
        with self._segment.file.open("rb") as file:
            file.seek(self._place)
            for line in file.readlines(PIECE):
                record = record_in(line)
                if not line.endswith(b"\n") or most <= 0 or (record is not None and record.n > upto):
                    return
                self._place += len(line)
                if record is None:
                    self.damaged += 1
                elif record.n > self.after:
                    most -= 1
                    yield record


def whole(segment: Segment) -> Iterator[Record]:
    """All sound records of a file."""
    with suppress(OSError), segment.file.open("rb") as file:
        yield from (record for line in file if (record := record_in(line)) is not None and not record.is_head)


def segments(folder: Path) -> list[Segment]:
    """The files of a journal, oldest first; none where there is no journal."""
    try:
        names = [each for each in folder.iterdir() if each.suffix == ENDING and each.stem.isdecimal()]
    except OSError:
        return []
    return sorted(Segment(int(each.stem), each) for each in names)


def line_of(record: Record) -> bytes:
    """The record as a line; a signal that no reader of JSON would take is tamed."""
    try:
        body = _write(record)
    except (OverflowError, UnicodeEncodeError, msgspec.MsgspecError):
        body = _write(tamed(record))
    return b"%08x %s\n" % (crc32(body), body)


def record_in(line: bytes) -> Record | None:
    """The record on a line; None where the line is torn or damaged."""
    told, _, body = line.rstrip(b"\n").partition(b" ")
    try:
        return _read(body) if int(told, 16) == crc32(body) else None
    except (ValueError, msgspec.MsgspecError):
        return None


def _size(segment: Segment) -> int:
    try:
        return segment.file.stat().st_size
    except OSError:
        return 0


def _sync_folder(folder: Path) -> None:
    """A new file survives a cut of power; not every system can do this to a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
