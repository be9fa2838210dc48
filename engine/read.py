"""Reading: a log or a case file of any kind, from a path or a stream, becomes signals in bounded memory."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from chargelore.engine import capture, witness
from chargelore.engine.case import Charger
from chargelore.engine.decode import casefile, jsonish, signallines
from chargelore.engine.decode.clock import Clock, payload_time
from chargelore.engine.decode.flat import clean
from chargelore.engine.decode.jsonish import strict
from chargelore.engine.decode.logs import PLAIN, documents, recognised
from chargelore.engine.decode.logs.devices import objects_in
from chargelore.engine.decode.logs.layout import Layout
from chargelore.engine.decode.logs.order import is_newest_first, upright
from chargelore.engine.decode.logs.placing import Placing
from chargelore.engine.decode.logs.reader import records
from chargelore.engine.decode.logs.record import Record
from chargelore.engine.decode.logs.repeats import Once
from chargelore.engine.decode.logs.sayings import Sayings
from chargelore.engine.decode.logs.tables import proposal, table_in
from chargelore.engine.decode.logs.tables.columns import NOTHING
from chargelore.engine.decode.logs.telling import signals
from chargelore.engine.decode.message import Message
from chargelore.engine.decode.slicing import lines_in
from chargelore.engine.decode.unpacking import PACKED, unpacked
from chargelore.engine.signal import BY_SERIAL, Signal
from chargelore.kb.errors import InputError

CHUNK = 1_048_576
SAMPLE = 262_144
SAMPLED_LINES = 400
MAX_DOCUMENT = 33_554_432  # bytes of a case file or another JSON value that are held at once
CASE_FILE = "case-file"
TIMES = ("timestamp", "currentTime")  # of a payload
UNREAD = "unread"
STDIN = "standard input"

FIRST = 50  # records that are looked at for objects of interfaces
SAMPLES = 3  # unreadable pieces that are kept to be shown

_PACKED = {
    **PACKED, b"PK\x03\x04": "a zip or Excel file", b"%PDF": "PDF", b"(\xb5/\xfd": "zstd",
    b"7z\xbc\xaf": "a 7-zip file", b"Rar!": "a rar file", b"\xd0\xcf\x11\xe0": "an Excel file of the old kind (.xls)",
    b"\x40\x14\x11\x4a\x9f\xe4\xcf\x11": "PQDIF of a power-quality recorder",  # the GUID that begins every record
}  # fmt: skip
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(slots=True)
class Reading:
    """An iterator of signals, to be read once, and what was counted on the way.

    `format` and `introduced` (chargers that the input itself names) are known at once, the counters when all was
    read: `frames` are OCPP frames as printed, `repeated` how many of them were second prints of the same frame and made
    no signals, `unreadable` the signals that nobody could decode; `samples` shows the first of those. `first_at` and
    `last_at` are of the input itself, not of what a person saw beside it. `hint` says what a person could add for more
    to be read.
    """

    format: str
    introduced: tuple[Charger, ...] = ()
    frames: int = 0
    repeated: int = 0
    unreadable: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    hint: str = ""
    samples: list[Signal] = field(default_factory=list)
    taken: _Counted | None = None
    _signals: Iterator[Signal] = field(default_factory=lambda: iter(()))

    def __iter__(self) -> Iterator[Signal]:
        for signal in self._signals:
            if signal.kind == "unreadable":
                self.unreadable += 1
                if len(self.samples) < SAMPLES:
                    self.samples.append(signal)
            if (at := signal.at) is not None and not (self.taken and witness.NAME in signal.marks):
                if self.first_at is None or at < self.first_at:
                    self.first_at = at
                if self.last_at is None or at > self.last_at:
                    self.last_at = at
            yield signal

    def through(self, passing: Callable[[Reading, Iterator[Signal]], Iterator[Signal]]) -> Reading:
        """The reading itself, whose signals will pass what looks on while they are read."""
        self._signals = passing(self, self._signals)
        return self

    def with_trouble(self, why: str) -> Reading:
        """The reading itself, which at its end tells of a piece that could not be had."""
        self._signals = chain(self._signals, [_not_had(why)])
        return self

    def hinting(self, hint: str) -> Reading:
        """The reading itself with what a person could mend, unless it says so already."""
        self.hint = self.hint or hint
        return self

    @property
    def bytes(self) -> int:
        """How many bytes of the source were taken so far."""
        return self.taken.bytes if self.taken is not None else 0


def read(source: Path | BinaryIO, columns: Mapping[str, str] = NOTHING) -> Reading:
    """Open a log, table, dump or case file, recognise it by its content, and make ready to read it.

    `columns` says of a table which column holds what: role -> name or number from 1. Raises InputError when there is
    nothing to read (no such file, empty, no text), UseError when `columns` does not fit.
    """
    where = str(source) if isinstance(source, Path) else STDIN
    packed = _Counted(_chunks(source, where))
    chunks = unpacked(packed, where)
    begin = next(chunks, b"")
    if capture.is_capture(begin):
        return _of_capture(source, chain([begin], chunks), where)
    chunks = _unwidened(chain([begin], chunks))
    begin = next(chunks, b"")
    refuse_what_is_no_text(begin[:SAMPLE], where)
    reading = _recognised(begin, chunks, where, columns)
    reading.taken = packed
    return reading


def untold(why: str) -> Reading:
    """The reading of what nobody can read: one unreadable piece, so that it is counted and shown with the reason."""
    return Reading(UNREAD).with_trouble(why)


def heard_alone(format_name: str, signals: Iterable[Signal]) -> Reading:
    """A reading of signals that stand in no file."""
    reading = Reading(format_name)
    reading._signals = iter(signals)
    return reading


def _not_had(why: str) -> Signal:
    return Signal(layer="firmware", kind="unreadable", fields={"text": "", "why": why}, marks=("off-spec",))


def _recognised(begin: bytes, chunks: Iterator[bytes], where: str, columns: Mapping[str, str]) -> Reading:
    sample = begin[:SAMPLE].decode("utf-8", "replace")
    if signallines.looks(sample):
        return _of_signals(begin, chunks)
    if casefile.looks(sample) or documents.looks(sample):
        begin += b"".join(_up_to(chunks, MAX_DOCUMENT - len(begin)))
        more = next(chunks, b"")  # of what is too long to be held, every line is still read
        text = "" if more else begin.decode("utf-8", "replace")
        whole = _of_document(text, where, columns) if text else None
        if whole is not None:
            return whole
        return _of_log(chain([begin, more], chunks), sample, columns).hinting(_broken(text, where))
    return _of_log(chain([begin], chunks), sample, columns)


def _broken(text: str, where: str) -> str:
    """Where JSON breaks off that is read as text then. InputError where nothing is left to be read."""
    at = jsonish.breaks_off(text)
    if at is None:
        return ""
    what = f"line {at.lineno}, column {at.colno}: the JSON breaks off ({at.msg})"
    if not jsonish.holds_values(text):
        raise InputError(what, where=where, mend="export it whole, or give the log as text")
    return f"{what}; it is read as text as far as it goes — export it whole"


def _of_capture(source: Path | BinaryIO, chunks: Iterable[bytes], where: str) -> Reading:
    is_file = isinstance(source, Path) and source.is_file()
    told = capture.records(source if is_file and isinstance(source, Path) else chunks, where)
    return _of_records(Reading(capture.NAME), told)


def _of_signals(begin: bytes, chunks: Iterator[bytes]) -> Reading:
    reading = Reading(signallines.NAME, introduced=signallines.introduced(begin.decode("utf-8", "replace")))
    reading._signals = _counted(signallines.signals(lines_in(chain([begin], chunks))), reading)
    return reading


def _of_document(text: str, where: str, columns: Mapping[str, str]) -> Reading | None:
    case = casefile.case_file(text, where) if casefile.looks(text) else None
    if case is not None:
        return _of_case(case)
    known = documents.document(text, columns)
    return None if known is None else _of_records(Reading(known.name), known.records)


class _Counted:
    """Chunks, and how many bytes of them were taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self.bytes = chunks, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.bytes += len(chunk)
            yield chunk


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
    marked, encoding = begin[:2] in _WIDE, wide(begin)
    if encoding is None:
        yield from (chunk for chunk in chain([begin.removeprefix(codecs.BOM_UTF8)], chunks) if chunk)
        return
    for text in codecs.iterdecode(chain([begin[2:] if marked else begin], chunks), encoding, "replace"):
        yield text.encode("utf-8", "replace")


def wide(begin: bytes) -> str | None:
    """The encoding of UTF-16, None where a text does not begin so."""
    return _WIDE.get(begin[:2]) or _wide_by_zeros(begin[:SAMPLE])


def _wide_by_zeros(begin: bytes) -> str | None:
    """UTF-16 that does not say so: every other byte of most texts is zero."""
    half = len(begin) // 2
    if half < 4 or begin.count(b"\0") * 3 < half:
        return None
    odd = begin[1::2].count(b"\0")
    even = begin[::2].count(b"\0")
    if min(odd, even) * 20 > half:
        return None
    return "utf-16-le" if odd * 10 > half * 7 else "utf-16-be" if even * 10 > half * 7 else None


def _up_to(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := next(chunks, b"")):
        size -= len(chunk)
        yield chunk


def refuse_what_is_no_text(begin: bytes, where: str) -> None:
    """InputError when a file does not begin like a text."""
    if not begin.strip():
        raise InputError("the input is empty", where=where, mend="give a log with at least one line")
    for magic, name in _PACKED.items():
        if begin.startswith(magic):
            raise InputError(f"this is {name}, not a text", where=where, mend="unpack it; export a table as CSV")
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


def _of_log(chunks: Iterable[bytes], sample: str, columns: Mapping[str, str]) -> Reading:
    shown = sample.splitlines()[:SAMPLED_LINES]
    table = table_in(shown, columns)
    if table is not None:
        return _of_records(Reading(table.name, hint=table.hint), table.records(lines_in(chunks)))
    layout = recognised([line for line in shown if line.strip()])
    begin = list(islice(records(lines_in([sample.encode()]), layout), SAMPLED_LINES))
    read_records = records(lines_in(chunks), layout)
    if is_newest_first(begin):
        read_records = upright(read_records)
    reading = _named(layout, begin, shown)
    place = Placing(side=layout.side, sole=only_charger(begin), clock=Clock(hint=day_told(begin)))
    return _of_records(reading, read_records, place)


def _named(layout: Layout, begin: Sequence[Record], shown: Sequence[str]) -> Reading:
    """A text of no known logger may still hold the objects of a known interface, or be a table that nobody knows."""
    if layout is not PLAIN:
        return Reading(layout.name)
    bodies = (strict(record.text, record.text.find("{")) for record in begin[:FIRST] if "{" in record.text)
    kind = next((kind.name for body in bodies if body is not None for kind, _ in objects_in(body.value)), "")
    return Reading(kind or layout.name, hint="" if kind else proposal(shown))


def _of_records(reading: Reading, told: Iterable[Record], place: Placing | None = None) -> Reading:
    reading._signals = _signals(reading, told, place or Placing())
    return reading


def _signals(reading: Reading, told: Iterable[Record], place: Placing) -> Iterator[Signal]:
    once, sayings = Once(), Sayings()
    for placed in once.passed(map(place.placed, told)):
        reading.frames += placed.record.is_frame
        yield from signals(placed, sayings)
        reading.repeated = once.repeated
    reading.repeated = once.repeated
    reading.frames += once.repeated


def only_charger(sample: Sequence[Record]) -> str:
    """The one charger that the begin of a log names; else the one that introduces itself by its serial number."""
    named = {record.charger or record.head.charger for record in sample} - {""}
    named = named or {_serial(record.message) for record in sample if record.message is not None} - {""}
    return named.pop() if len(named) == 1 else ""


def _serial(message: Message) -> str:
    serial = message.payload.get("chargeBoxSerialNumber") or message.payload.get("chargePointSerialNumber") or ""
    return f"{BY_SERIAL}{clean(serial)}" if serial and message.action == "BootNotification" else ""


def day_told(sample: Sequence[Record]) -> date | None:
    """The day that the begin of a log without dates is about, as its frames tell it."""
    times = (payload_time(record.message.payload.get(name)) for record in sample if record.message for name in TIMES)
    return next((at.date() for at in times if at is not None and at.year > 2000), None)
