"""Reading: a log or a case file of any kind, from a path or a stream, becomes signals in bounded memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from chargelore.engine.case import Charger
from chargelore.engine.decode import casefile
from chargelore.engine.decode.clock import Clock, payload_time
from chargelore.engine.decode.flat import clean
from chargelore.engine.decode.logs import recognised
from chargelore.engine.decode.logs.layout import Layout
from chargelore.engine.decode.logs.order import is_newest_first, upright
from chargelore.engine.decode.logs.placing import Placing
from chargelore.engine.decode.logs.reader import records
from chargelore.engine.decode.logs.record import Record
from chargelore.engine.decode.logs.repeats import Once
from chargelore.engine.decode.logs.sayings import Sayings
from chargelore.engine.decode.logs.telling import signals
from chargelore.engine.decode.message import Message
from chargelore.engine.decode.slicing import lines_in
from chargelore.engine.signal import Signal
from chargelore.kb.errors import InputError

CHUNK = 1_048_576
SAMPLE = 262_144
SAMPLED_LINES = 400
MAX_CASE_FILE = 33_554_432
CASE_FILE = "case-file"
TIMES = ("timestamp", "currentTime")  # of a payload
STDIN = "standard input"

_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"%PDF": "PDF"}
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(slots=True)
class Reading:
    """An iterator of signals, to be read once, and what was counted on the way.

    `format` and `introduced` (chargers that the input itself names) are known at once, the counters when all was
    read: `frames` are OCPP frames as printed, `repeated` how many of them were second prints of the same frame and made
    no signals, `unreadable` the signals that nobody could decode.
    """

    format: str
    introduced: tuple[Charger, ...] = ()
    frames: int = 0
    repeated: int = 0
    unreadable: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    _signals: Iterator[Signal] = field(default_factory=lambda: iter(()))

    def __iter__(self) -> Iterator[Signal]:
        for signal in self._signals:
            self.unreadable += signal.kind == "unreadable"
            if (at := signal.at) is not None:
                if self.first_at is None or at < self.first_at:
                    self.first_at = at
                if self.last_at is None or at > self.last_at:
                    self.last_at = at
            yield signal


def read(source: Path | BinaryIO) -> Reading:
    """Open a log or case file, recognise it by its content, and make ready to read it.

    Raises InputError when there is nothing to read: no such file, empty, packed, or not a text.
    """
    where = str(source) if isinstance(source, Path) else STDIN
    chunks = _unwidened(_chunks(source, where))
    begin = next(chunks, b"")
    _refuse_what_is_no_text(begin[:SAMPLE], where)
    sample = begin[:SAMPLE].decode("utf-8", "replace")
    if casefile.looks(sample):
        begin += b"".join(_up_to(chunks, MAX_CASE_FILE - len(begin)))
        case = casefile.case_file(begin.decode("utf-8", "replace"), where)
        if case is not None:
            return _of_case(case)
    return _of_log(chain([begin], chunks), sample)


def _chunks(source: Path | BinaryIO, where: str) -> Iterator[bytes]:
    try:
        if not isinstance(source, Path):
            yield from iter(lambda: source.read(CHUNK), b"")
            return
        with source.open("rb") as stream:
            yield from iter(lambda: stream.read(CHUNK), b"")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=where, mend="name a file that is there") from error


def _unwidened(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """UTF-16, as Windows tools write it, becomes UTF-8."""
    begin = next(chunks, b"")
    encoding = _WIDE.get(begin[:2])
    if encoding is None:
        yield from (chunk for chunk in chain([begin.removeprefix(codecs.BOM_UTF8)], chunks) if chunk)
        return
    for text in codecs.iterdecode(chain([begin[2:]], chunks), encoding, "replace"):
        yield text.encode("utf-8", "replace")


def _up_to(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := next(chunks, b"")):
        size -= len(chunk)
        yield chunk


def _refuse_what_is_no_text(begin: bytes, where: str) -> None:
    if not begin.strip():
        raise InputError("the input is empty", where=where, mend="give a log with at least one line")
    for magic, name in _PACKED.items():
        if begin.startswith(magic):
            raise InputError(f"this is {name}, not a text", where=where, mend="unpack it first")
    strange = sum(begin.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 27))
    if strange * 10 > len(begin):
        raise InputError("this is binary, not a text log", where=where, mend="export the log as text")


def _of_case(case: casefile.CaseFile) -> Reading:
    reading = Reading(CASE_FILE, introduced=(case.charger,))
    reading._signals = _counted(case.signals, reading)
    return reading


def _counted(told: Iterable[Signal], reading: Reading) -> Iterator[Signal]:
    """Signals of one frame share its raw text and line."""
    last = None
    for signal in told:
        if "uid" in signal.fields and (signal.line, signal.raw) != last:
            last = (signal.line, signal.raw)
            reading.frames += 1
        yield signal


def _of_log(chunks: Iterable[bytes], sample: str) -> Reading:
    layout = recognised([line for line in sample.splitlines()[:SAMPLED_LINES] if line.strip()])
    shown = list(islice(records(lines_in([sample.encode()]), layout), SAMPLED_LINES))
    reading = Reading(layout.name)
    reading._signals = _signals(chunks, layout, shown, reading)
    return reading


def _signals(chunks: Iterable[bytes], layout: Layout, sample: Sequence[Record], reading: Reading) -> Iterator[Signal]:
    read_records = records(lines_in(chunks), layout)
    if is_newest_first(sample):
        read_records = upright(read_records)
    place = Placing(side=layout.side, sole=_only_charger(sample), clock=Clock(hint=_day(sample)))
    once, sayings = Once(), Sayings()
    for placed in once.passed(place.placed(record) for record in read_records):
        reading.frames += placed.record.message is not None
        yield from signals(placed, sayings)
    reading.repeated = once.repeated
    reading.frames += once.repeated


def _only_charger(sample: Sequence[Record]) -> str:
    """The one charger that the begin of a log names; else the one that introduces itself by its serial number."""
    named = {record.charger or record.head.charger for record in sample} - {""}
    named = named or {_serial(record.message) for record in sample if record.message is not None} - {""}
    return named.pop() if len(named) == 1 else ""


def _serial(message: Message) -> str:
    serial = message.payload.get("chargeBoxSerialNumber") or message.payload.get("chargePointSerialNumber") or ""
    return str(clean(serial)) if message.action == "BootNotification" else ""


def _day(sample: Sequence[Record]) -> date | None:
    """The day that the begin of a log without dates is about, as its frames tell it."""
    times = (payload_time(record.message.payload.get(name)) for record in sample if record.message for name in TIMES)
    return next((at.date() for at in times if at is not None and at.year > 2000), None)
