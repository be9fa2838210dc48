"""Parcel: a zip, a tar or an Excel file as separate inputs, unpacked within bounds into files with names of our own.

What a member is called is shown and never used as a path. A member that cannot be unpacked is told, not left out; a
bomb is refused whole.
"""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from chargelore.engine import workbook
from chargelore.engine.decode.logs.tables.columns import NOTHING
from chargelore.engine.decode.unpacking import HARMLESS, MAX_RATIO, PACKED, unpacked
from chargelore.engine.read import CHUNK, Reading, read, untold
from chargelore.kb.errors import InputError

MOST_MEMBERS = 500
MOST_BYTES = 8 * 2**30  # unpacked, on disk
DEEPEST = 3  # a zip in a tar in a zip
LONGEST_NAME = 120
PIECE = 16_384  # bytes; of a damaged member less than this is lost in front of the damage
LARGEST_DIRECTORY = 4_194_304  # bytes of a zip's list of members; it is held at once
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
TAR, TAR_AT = b"ustar", 257
MAGICS = (*ZIP, *PACKED)  # of which a parcel begins with one, or is a tar
_BROKEN = (
    *(BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, ValueError),
    *(NotImplementedError, RuntimeError, OverflowError, IndexError),
)  # what zipfile and tarfile raise over bytes that are not as they should be
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")
_TAIL = 65_557  # bytes in which the end of a zip must stand


class Member(NamedTuple):
    """One member: what it is called, where it was unpacked to, and what went wrong, if anything did."""

    name: str
    file: Path | None
    why: str = ""


@dataclass(slots=True)
class _Room:
    """Where members go, and how much of it is taken; lives for one parcel."""

    folder: Path
    where: str
    packed: int
    given: int = 0
    files: int = 0
    names: set[str] = field(default_factory=set)

    def file(self) -> Path:
        """The next file; its name is a number."""
        self.files += 1
        if self.files > MOST_MEMBERS:
            raise InputError(f"holds more than {MOST_MEMBERS} files", where=self.where, mend="unpack it by hand")
        return self.folder / f"{self.files:04}"

    def takes(self, size: int) -> None:
        """Count what was unpacked. Raises InputError where it is a bomb, or more than fits."""
        self.given += size
        if self.given > MOST_BYTES or (self.given > HARMLESS and self.given > MAX_RATIO * self.packed):
            what = f"{self.packed} bytes unpack to more than {self.given}"
            raise InputError(what, where=self.where, mend="unpack it by hand and look what it is")

    def called(self, name: str) -> str:
        """The name by which a member is shown; of two with one name the second gets a number."""
        shown = "".join(letter if letter.isprintable() else "?" for letter in name)[-LONGEST_NAME:]
        again = (f"{shown} ({number})" for number in count(2))
        once = next(each for each in chain([shown], again) if each not in self.names)
        self.names.add(once)
        return once


def is_parcel(file: Path) -> bool:
    """Whether a file is a zip, a tar (packed or not) or an Excel file; by its content."""
    return _kind(file) is not None


def members(file: Path, folder: Path, where: str = "") -> tuple[Member, ...]:
    """All members, unpacked into `folder`, parcels in parcels too. Raises InputError for a bomb or a damaged parcel."""
    room = _Room(folder, where or file.name, file.stat().st_size)
    found = tuple(_opened(file, room, "", 1))
    if not found:
        raise InputError("holds no file", where=room.where, mend="give an archive with at least one log")
    return found


def read_member(member: Member, columns: Mapping[str, str] = NOTHING) -> Reading:
    """What a member says; one that holds nothing to read is one unreadable piece, with the reason."""
    if member.file is None:
        return untold(member.why)
    try:
        reading = read(member.file, columns)
    except InputError as error:
        return untold(member.why or error.what)
    return reading.with_trouble(member.why) if member.why else reading


def _kind(file: Path) -> Callable[[Path, _Room, str], Iterator[Member]] | None:
    if not file.is_file():  # of a pipe that has a name nothing may be taken just to look
        return None
    try:
        with file.open("rb") as stream:
            begin = next(unpacked(iter(lambda: stream.read(CHUNK), b"")), b"")
    except (OSError, InputError):
        return None  # it is told where it is read
    if begin.startswith(ZIP):
        with file.open("rb") as stream:
            return None if stream.read(2) != b"PK" else _of_zip  # a packed zip is nothing that we unpack
    return _of_tar if begin[TAR_AT : TAR_AT + len(TAR)] == TAR else None


def _opened(file: Path, room: _Room, above: str, depth: int) -> Iterator[Member]:
    """The members of a parcel; a member that is a parcel gives its own."""
    kind = _kind(file)
    for member in kind(file, room, above) if kind is not None else ():
        inner = _kind(member.file) if member.file is not None and not member.why else None
        if member.file is None or inner is None:
            yield member
        elif depth >= DEEPEST:
            yield Member(member.name, None, f"is packed more than {DEEPEST} deep")
        else:
            yield from _inner(member, member.file, room, depth)


def _inner(member: Member, file: Path, room: _Room, depth: int) -> Iterator[Member]:
    """The members of a parcel in a parcel; one that is damaged is told, and the others are read."""
    try:
        yield from _opened(file, room, f"{member.name}/", depth + 1)
    except _DamagedError as error:
        yield Member(member.name, None, error.what)
    finally:
        file.unlink(missing_ok=True)


class _DamagedError(InputError):
    """A parcel that is broken; inside another one it is one unread member."""


def _of_zip(file: Path, room: _Room, above: str) -> Iterator[Member]:
    _refuse_a_long_list(file, room)
    try:
        with ZipFile(file) as packed:
            if workbook.is_workbook(packed):
                yield from _of_workbook(file, room, above)
                return
            for part in packed.infolist():
                if not part.is_dir() and not _is_litter(part.filename):
                    yield _part(packed, part, room, above)
    except _BROKEN as error:
        raise _DamagedError(f"this zip is damaged or cut ({error})", where=room.where, mend="copy it again") from error


def _refuse_a_long_list(file: Path, room: _Room) -> None:
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - _TAIL))
        tail = stream.read(_TAIL)
    end = tail.rfind(b"PK\x05\x06")
    if end >= 0 and int.from_bytes(tail[end + 12 : end + 16], "little") > LARGEST_DIRECTORY:
        raise InputError(f"holds more than {MOST_MEMBERS} files", where=room.where, mend="unpack it by hand")


def _part(packed: ZipFile, part: ZipInfo, room: _Room, above: str) -> Member:
    name, file = room.called(above + part.filename), room.file()
    if part.flag_bits & 1:
        return Member(name, None, "needs a password")
    try:
        with packed.open(part) as stream:
            return Member(name, file, _kept(stream, file, room))
    except _BROKEN as error:
        return Member(name, None, f"cannot be unpacked ({error})")


def _of_tar(file: Path, room: _Room, above: str) -> Iterator[Member]:
    before = room.files
    with file.open("rb") as raw:
        stream = _Joined(unpacked(iter(lambda: raw.read(CHUNK), b""), room.where))
        try:
            with tarfile.open(fileobj=stream, mode="r|", bufsize=tarfile.RECORDSIZE) as packed:
                for part in packed:
                    yield from _tar_part(packed, part, room, above)
        except _BROKEN as error:
            if room.files == before:
                what = f"this tar is damaged ({error})"
                raise _DamagedError(what, where=room.where, mend="copy it again") from error
            yield Member(room.called(f"{above}the rest"), None, f"is damaged ({error})")


def _tar_part(packed: tarfile.TarFile, part: tarfile.TarInfo, room: _Room, above: str) -> Iterator[Member]:
    if part.isdir() or _is_litter(part.name):
        return
    name = room.called(above + part.name)
    stream = packed.extractfile(part) if part.isreg() else None
    if stream is None:
        room.file()
        yield Member(name, None, "is a link or a device, which is not followed")
    else:
        file = room.file()
        yield Member(name, file, _kept(stream, file, room))


def _kept(stream: IO[bytes], file: Path, room: _Room) -> str:
    """Write all that can be unpacked; what went wrong on the way."""
    with file.open("wb") as out:
        try:
            while piece := stream.read(PIECE):
                room.takes(len(piece))
                out.write(piece)
        except _BROKEN as error:
            return f"is damaged from here on ({error})"
    return ""


def _of_workbook(file: Path, room: _Room, above: str) -> Iterator[Member]:
    try:
        for title, rows in workbook.sheets(file):
            name, sheet = room.called(above + title), room.file()
            with sheet.open("w", encoding="utf-8") as out:
                workbook.write(_metered(rows, room), out)
            if sheet.stat().st_size:
                yield Member(name, sheet)
    except workbook.SheetError as error:
        raise _DamagedError(str(error), where=room.where, mend="save the sheet as CSV") from error


def _metered(rows: Iterable[tuple[str, ...]], room: _Room) -> Iterator[tuple[str, ...]]:
    for row in rows:
        room.takes(sum(map(len, row)))
        yield row


def _is_litter(name: str) -> bool:
    return name.startswith(_LITTER[0]) or name.endswith(_LITTER[1:])


class _Joined(io.RawIOBase):
    """Chunks as a stream that is read in pieces of any size."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, none at the end."""
        while len(self._rest) < size and (piece := next(self._chunks, b"")):
            self._rest += piece
        given, self._rest = self._rest[:size], self._rest[size:]
        return given
