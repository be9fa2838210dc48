"""Slicing: chunks of bytes become lines in bounded memory, whatever their encoding and length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chargelore.engine.decode.logs.record import Line

MAX_LINE = 262_144  # bytes; a longer line comes in pieces of at most this size, marked `cut`


@dataclass(slots=True)
class Slicer:
    """Cuts chunks into lines, numbered from `number`; keeps the beginning of a line until its end comes."""

    number: int = 1
    rest: bytes = b""

    def cut(self, chunk: bytes) -> Iterator[Line]:
        """The lines that end in this chunk; the pieces of an overlong line share its number."""
        data = self.rest + chunk if self.rest else chunk
        end = data.rfind(b"\n") + 1
        whole, self.rest = data[:end], data[end:]
        for line in _lines(whole):
            yield from (Line(self.number, line),) if isinstance(line, str) else _line(self.number, line)
            self.number += 1
        while len(self.rest) > MAX_LINE:
            piece, self.rest = _piece(self.rest)
            yield from _line(self.number, piece, ("cut",))

    def end(self) -> Iterator[Line]:
        """The last line, where nothing ended it."""
        rest, self.rest = self.rest, b""
        if rest:
            yield from _line(self.number, rest)
            self.number += 1


def lines_in(chunks: Iterable[bytes]) -> Iterator[Line]:
    """The lines in the chunks, numbered from 1; the pieces of an overlong line share its number."""
    slicer = Slicer()
    for chunk in chunks:
        yield from slicer.cut(chunk)
    yield from slicer.end()


def _lines(whole: bytes) -> list[str] | list[bytes]:
    """The lines in these bytes, as texts where nothing about any of them is odd: most logs are read so, and fast."""
    if b"\r" not in whole:
        try:
            texts = whole.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            texts = []
        if texts and max(map(len, texts)) * 4 <= MAX_LINE:
            return texts[:-1]
    return whole.split(b"\n")[:-1]


def _line(number: int, raw: bytes, marks: tuple[str, ...] = ()) -> Iterator[Line]:
    while len(raw) > MAX_LINE:
        piece, raw = _piece(raw)
        yield from _line(number, piece, ("cut",))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text, marks = raw.decode("latin-1"), (*marks, "not-utf-8")
    if "\r" not in text:
        yield Line(number, text, marks)
        return
    for part in text.split("\r"):  # Windows ends lines with it, progress bars start over with it
        if part:
            yield Line(number, part, marks)


def _piece(raw: bytes) -> tuple[bytes, bytes]:
    """Cut behind a closing bracket if there is one in the last quarter, else between two characters."""
    end = raw.rfind(b"]", MAX_LINE * 3 // 4, MAX_LINE) + 1 or MAX_LINE
    while end > MAX_LINE - 4 and raw[end] & 0xC0 == 0x80:
        end -= 1
    return raw[:end], raw[end:]
