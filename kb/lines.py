"""Lines: the events of another store as a file of JSON lines; one bad line and nothing of the file is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from chargelore.kb.errors import InputError
from chargelore.kb.events import LONGEST_LINE, Event, from_line, in_time, to_line

SQLITE = b"SQLite format 3\0"


def is_store(file: Path) -> bool:
    """Whether the file is a store itself rather than lines; InputError when it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(SQLITE)) == SQLITE
    except OSError as error:
        raise _unread(str(file), error) from error


def read_file(file: Path, now: datetime) -> list[Event]:
    """The events of a file; InputError with file, line and cure for the first one that is unsound or too early."""
    try:
        with file.open("rb") as stream:
            return list(read_lines(stream, str(file), now))
    except OSError as error:
        raise _unread(str(file), error) from error


def read_lines(stream: BinaryIO, where: str, now: datetime) -> Iterator[Event]:
    """The events of a stream, one a line; blank lines do not count."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if line.strip():
            yield _event(line, f"{where}:{number}", now)


def written(events: Iterable[Event]) -> Iterator[str]:
    """The events as lines for another store."""
    return (f"{to_line(each)}\n" for each in events)


def _event(line: bytes, where: str, now: datetime) -> Event:
    try:
        return in_time(from_line(line.decode("utf-8")), now)
    except UnicodeDecodeError as error:
        raise InputError("this line is no UTF-8", where=where, mend="send the events again") from error
    except InputError as error:
        name = f" ({error.where})" if error.where else ""
        raise InputError(f"{error.what}{name}", where=where, mend=error.mend) from error


def _unread(where: str, error: OSError) -> InputError:
    return InputError(f"cannot be read ({error.strerror})", where=where, mend="name a file of events or a store")
