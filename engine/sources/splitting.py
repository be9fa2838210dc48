"""Splitting: a copy of the bytes of one direction falls into frames, whatever they hold. Pure; memory is bounded."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec
from websockets.frames import apply_mask  # type: ignore[attr-defined]  # the compiled one, where there is one

LONGEST = 2**20  # bytes of a payload that are kept, and one more to tell that there were others
MOST = 2**63  # a length that no frame may have
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_CODES = frozenset({*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)})


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A frame as it passed: its first byte, whether it was masked, its payload (unmasked, cut) and true length."""

    first: int
    is_masked: bool
    data: bytes
    length: int

    @property
    def opcode(self) -> int:
        """Which kind of frame it is."""
        return self.first & 0x0F

    @property
    def is_last(self) -> bool:
        """Whether its message ends with it."""
        return bool(self.first & 0x80)

    @property
    def is_control(self) -> bool:
        """Ping, pong, close, or what may one day be like them."""
        return bool(self.first & 0x08)


class Endless(Exception):  # noqa: N818  # no error of ours: the bytes cannot be split any more
    """A frame has a length that none may have."""


class Splitter:
    """Bytes in, frames out. Lives as long as its direction of a line."""

    __slots__ = ("_at", "_bytes", "_first", "_left", "_length", "_mask", "_payload")

    def __init__(self) -> None:
        self._bytes, self._at = bytearray(), 0
        self._left = -1  # bytes of the payload that are still to come; -1 between two frames
        self._first = self._length = 0
        self._mask, self._payload = b"", bytearray()

    @property
    def is_between(self) -> bool:
        """Whether all that came so far was whole frames."""
        return self._left < 0 and self._at == len(self._bytes)

    def takes(self, data: bytes) -> None:
        """More bytes came."""
        if self._at:
            del self._bytes[: self._at]
            self._at = 0
        self._bytes += data

    def next(self) -> Piece | None:
        """The next whole frame; None as long as more has to come. Raises Endless where no frame can follow."""
        if self._left < 0 and not self._begins():
            return None
        taken = min(self._left, len(self._bytes) - self._at)
        kept = min(taken, LONGEST + 1 - len(self._payload))
        self._payload += self._bytes[self._at : self._at + kept]
        self._at += taken
        self._left -= taken
        return None if self._left else self._whole()

    def _begins(self) -> bool:
        """Read a header, if it is there as a whole."""
        begin, there = self._at, len(self._bytes) - self._at
        if there < 2:
            return False
        short, is_masked = self._bytes[begin + 1] & 0x7F, self._bytes[begin + 1] & 0x80
        wide = 2 if short == 126 else 8 if short == 127 else 0
        end = begin + 2 + wide + (4 if is_masked else 0)
        if end > len(self._bytes):
            return False
        self._first = self._bytes[begin]
        self._length = int.from_bytes(self._bytes[begin + 2 : begin + 2 + wide]) if wide else short
        if self._length >= MOST:
            raise Endless
        self._mask = bytes(self._bytes[end - 4 : end]) if is_masked else b""
        self._at, self._left = end, self._length
        return True

    def _whole(self) -> Piece:
        data = apply_mask(self._payload, self._mask) if self._mask and self._payload else bytes(self._payload)
        self._left = -1
        self._payload.clear()
        return Piece(self._first, bool(self._mask), data, self._length)


@dataclass(slots=True)
class Manners:
    """What is odd about the frames of one direction, as reasons of `trouble.py`. Lives as long as the direction."""

    is_masking: bool  # a charger has to mask what it sends, a management system must not
    is_amid: bool = False
    is_text: bool = False
    has_closed: bool = False
    _letters: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    @property
    def is_at_ease(self) -> bool:
        """Whether a whole text could come now and nothing would be odd."""
        return not (self.has_closed or self.is_amid)

    def oddities(self, piece: Piece) -> Iterator[str]:
        """The reasons, none for a frame as it should be."""
        if self.has_closed:
            yield "after-close"
        if piece.first & 0x70:
            yield "compressed"
        if piece.is_masked != self.is_masking:
            yield "not-masked" if self.is_masking else "masked"
        yield from self._control(piece) if piece.is_control else self._message(piece)

    def _control(self, piece: Piece) -> Iterator[str]:
        if piece.opcode not in (CLOSE, PING, PONG):
            yield "reserved-opcode"
        if piece.length > 125:
            yield "long-control"
        if not piece.is_last:
            yield "cut-control"
        if piece.opcode == CLOSE:
            self.has_closed = True
            if not _may_be_said(piece.data):
                yield "bad-close"

    def _message(self, piece: Piece) -> Iterator[str]:
        if piece.opcode not in (CONT, TEXT, BINARY):
            yield "reserved-opcode"
            return
        if self.is_amid != (piece.opcode == CONT):
            yield "no-end" if self.is_amid else "no-beginning"
        if piece.opcode != CONT:
            self.is_text = piece.opcode == TEXT and not piece.first & 0x70
            self._letters.reset()
        self.is_amid = not piece.is_last
        spells = not self.is_text or self._spells(piece)
        self.is_text = self.is_text and spells and self.is_amid  # once is enough; its end is the end
        if not spells:
            yield "no-utf8"

    def _spells(self, piece: Piece) -> bool:
        if piece.is_last and piece.opcode == TEXT and piece.data.isascii():
            return True
        if piece.length > len(piece.data):  # its end is not here to be read
            self.is_text = False
            return True
        try:
            self._letters.decode(piece.data, piece.is_last)
        except UnicodeDecodeError:
            return False
        return True


def plain(data: bytes, *, is_masking: bool) -> bytes | None:
    """The text that these bytes are: one whole frame of ASCII as it should be, as nearly all are. None for all else."""
    if len(data) < 3 or data[0] != 0x81 or (data[1] > 0x7F) != is_masking:
        return None
    short = data[1] & 0x7F
    begin = 2 if short < 126 else 4 if short == 126 else 10
    length = short if begin == 2 else int.from_bytes(data[2:begin])
    begin += 4 if is_masking else 0
    if not 0 < length == len(data) - begin <= LONGEST:
        return None
    text = apply_mask(data[begin:], data[begin - 4 : begin]) if is_masking else data[begin:]
    return text if text.isascii() else None


def farewell(data: bytes) -> tuple[int, str]:
    """Code and reason of a close; 1005 where it says nothing, 1002 where it cannot be read."""
    if len(data) < 2:
        return (1002, "") if data else (1005, "")
    return int.from_bytes(data[:2]), data[2:].decode("utf-8", "replace")


def goodbye(code: int, *, is_masked: bool) -> bytes:
    """A close with a code and no reason, as it goes over the wire."""
    said = code.to_bytes(2)
    # A mask of zeros hides nothing, and there is nothing to hide: it is ours to choose.
    return b"\x88\x82\0\0\0\0" + said if is_masked else b"\x88\x02" + said


def _may_be_said(data: bytes) -> bool:
    if not data:
        return True
    if len(data) < 2 or int.from_bytes(data[:2]) not in _CODES:
        return False
    try:
        data[2:].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
