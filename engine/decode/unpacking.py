"""Unpacking: gzip, bzip2 and xz in bounded pieces, several in a row as log rotation leaves them; bombs are refused."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Protocol

from chargelore.kb.errors import InputError

PACKED: Mapping[bytes, str] = MappingProxyType({b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"})
PIECE = 1_048_576  # bytes that are unpacked at once
MAX_RATIO = 400  # logs pack to a fiftieth; what unpacks to more than this is made to hurt
HARMLESS = 268_435_456  # bytes, unpacked, that no ratio makes a bomb


class _Unpacker(Protocol):
    """What zlib, bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Gzip:
    """zlib's, which keeps what it could not yet unpack to itself as the others do."""

    def __init__(self) -> None:
        self._inner, self._rest = zlib.decompressobj(wbits=31), b""

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        out = self._inner.decompress(self._rest + data, max_length)
        self._rest = self._inner.unconsumed_tail
        return out


_UNPACKERS: Mapping[bytes, Callable[[], _Unpacker]] = {
    b"\x1f\x8b": _Gzip, b"BZh": bz2.BZ2Decompressor, b"\xfd7zXZ\0": lzma.LZMADecompressor,
}  # fmt: skip


def unpacked(chunks: Iterable[bytes], where: str = "") -> Iterator[bytes]:
    """The chunks, unpacked if they begin like something packed. A file that ends too early gives what is there.

    Raises InputError for a bomb, for damage, and for something packed in something packed.
    """
    chunks = iter(chunks)
    begin = next(chunks, b"")
    kind = _kind(begin)
    if not kind:
        yield from chain([begin] if begin else [], chunks)
        return
    meter = _Meter(where, PACKED[kind])
    pieces = _pieces(chain([begin], chunks), kind, meter)
    first = next(pieces, b"")
    if _kind(first):
        raise InputError(
            f"this is {PACKED[_kind(first)]} inside {PACKED[kind]}", where=where, mend="unpack it once by hand"
        )
    yield first
    yield from pieces


def _kind(begin: bytes) -> bytes:
    return next((magic for magic in PACKED if begin.startswith(magic)), b"")


class _Meter:
    """Counts bytes in and out; lives for one file."""

    def __init__(self, where: str, name: str) -> None:
        self.where, self.name, self.taken, self.given = where, name, 0, 0

    def gives(self, piece: bytes) -> bytes:
        self.given += len(piece)
        if self.given > HARMLESS and self.given > MAX_RATIO * self.taken:
            raise InputError(
                f"{self.taken} bytes of {self.name} unpack to more than {self.given}",
                where=self.where,
                mend="unpack it by hand and look what it is",
            )
        return piece

    def broken(self, error: Exception) -> InputError:
        what = f"this {self.name} is damaged after {self.given} unpacked bytes ({error})"
        return InputError(what, where=self.where, mend="copy it again, or unpack what is whole by hand")


def _pieces(chunks: Iterator[bytes], kind: bytes, meter: _Meter) -> Iterator[bytes]:
    unpacker, rest = _UNPACKERS[kind](), b""
    for chunk in chunks:
        meter.taken += len(chunk)
        data = rest + chunk
        rest = b""
        while data:
            if unpacker.eof and len(data) < len(kind):
                rest = data  # the next one in a row begins at the end of this chunk
                break
            if unpacker.eof:
                if not data.startswith(kind):
                    return  # padding
                unpacker = _UNPACKERS[kind]()
            yield from _given(unpacker, data, meter)
            data = unpacker.unused_data if unpacker.eof else b""


def _given(unpacker: _Unpacker, data: bytes, meter: _Meter) -> Iterator[bytes]:
    """All that comes out for this data, in pieces."""
    piece = _decompressed(unpacker, data, meter)
    while piece:
        yield meter.gives(piece)
        piece = _decompressed(unpacker, b"", meter) if len(piece) == PIECE and not unpacker.eof else b""


def _decompressed(unpacker: _Unpacker, data: bytes, meter: _Meter) -> bytes:
    try:
        return unpacker.decompress(data, PIECE)
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
        raise meter.broken(error) from error
