"""Parcels: the files that a person named, with archives and Excel files as one input for each of their members."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from chargelore.engine import parcel, witness
from chargelore.engine.door import redacted_text
from chargelore.engine.parcel import Member
from chargelore.engine.read import Reading, heard_alone, read
from chargelore.engine.witness import Sight
from chargelore.kb.errors import UseError
from chargelore.tui.live import key_at_hand

STDIN = "-"
SEEN = "seen"  # the input that no file is behind


@dataclass(frozen=True, slots=True)
class Input:
    """One input: a file that a person named, a file on disk behind it, or a member of a parcel. Can be pickled."""

    name: str
    file: Path
    member: Member | None = None
    seen: tuple[Sight, ...] = ()

    def read(self, columns: Mapping[str, str]) -> Reading:
        """Open it and recognise what it is; what a person saw is among its signals."""
        if self.name == SEEN:
            return heard_alone(witness.NAME, witness.alone(self.seen))
        reading = self._read(columns)
        return reading.through(lambda _, signals: witness.among(signals, self.seen)) if self.seen else reading

    def _read(self, columns: Mapping[str, str]) -> Reading:
        if self.member is not None:
            return parcel.read_member(self.member, columns)
        return read(sys.stdin.buffer if self.is_piped else self.file, columns)

    @property
    def is_piped(self) -> bool:
        """Whether it comes from standard input as it is."""
        return str(self.file) == STDIN


def with_seen(given: Mapping[str, Input], seen: tuple[Sight, ...], *, together: bool) -> dict[str, Input]:
    """The inputs with what a person saw: in the only log, or as one of its own. UseError where it may be of any."""
    if not seen:
        return dict(given)
    if len(given) == 1:
        return {name: replace(each, seen=seen) for name, each in given.items()}
    nowhere = next((each.signal.raw for each in seen if not each.signal.charger), "") if given else ""
    if given and (nowhere or not together):
        what = (
            f"`{nowhere[:60]}` may be of any of these logs" if together else "what was seen may be of any of these logs"
        )
        raise UseError(what, mend="name its charger, `@CP-1 …`, and the --places; or give one log")
    if given and (dateless := next(filter(witness.is_dateless, seen), None)):
        raise UseError(f"`{dateless.signal.raw[:60]}` names no day", mend="write it, `2031-05-01 10:05 …`")
    return {**given, SEEN: Input(SEEN, Path(SEEN), seen=seen)}


@contextmanager
def inputs(names: Iterable[str]) -> Iterator[dict[str, Input]]:
    """Everything to be read, by the name to show; what had to be unpacked is gone at the end."""
    with TemporaryDirectory(prefix="chargelore-") as folder:
        found = (each for number, name in enumerate(names) for each in _inputs(name, Path(folder) / str(number)))
        yield {each.name: each for each in found}


def _inputs(name: str, folder: Path) -> Iterator[Input]:
    file = _spooled(folder) if name == STDIN and _is_packed(_begin()) else Path(name)
    if str(file) == STDIN or not parcel.is_parcel(file):
        yield Input(name, file)
        return
    folder.mkdir()
    key = key_at_hand()  # a member may be called after a serial number
    for member in parcel.members(file, folder, name):
        shown = f"{name}/{redacted_text(member.name, key)}"
        yield Input(shown, member.file or file, member._replace(name=shown))


def _begin() -> bytes:
    """What comes first from standard input, left where it is."""
    stream = sys.stdin.buffer
    return stream.peek(parcel.TAR_AT + len(parcel.TAR)) if isinstance(stream, BufferedReader) else b""


def _is_packed(begin: bytes) -> bool:
    return begin.startswith(parcel.MAGICS) or begin[parcel.TAR_AT :].startswith(parcel.TAR)


def _spooled(folder: Path) -> Path:
    file = folder.with_suffix(".stdin")
    with file.open("wb") as out:
        copyfileobj(sys.stdin.buffer, out)
    return file
