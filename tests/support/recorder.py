"""Recorder: keeps every byte that passes between two ends, and reads the WebSocket frames in it by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

END_OF_HEAD = b"\r\n\r\n"


class WireFrame(NamedTuple):
    """A frame as it stood on the wire, without its mask; `first` is the byte of FIN, RSV and opcode as sent."""

    first: int
    payload: bytes


@dataclass
class Recording:
    """One connection: the bytes of the end that connected, and those of the end it reached."""

    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Recorder:
    """Listens in the place of a server and hands all bytes on to it. Lives as long as its `async with recorded()`."""

    def __init__(self, target: str) -> None:
        place = urlsplit(target)
        self._target = (place.hostname, place.port)
        self.address = ""
        self.lines: list[Recording] = []

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until both its ends are gone."""
        line = Recording()
        self.lines.append(line)
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        await asyncio.gather(_hands_on(reader, far_writer, line.up), _hands_on(far_reader, writer, line.down))
        line.ended.set()


@asynccontextmanager
async def recorded(target: str) -> AsyncIterator[Recorder]:
    """A recorder in front of the server at `target`, a ws:// address."""
    recorder = Recorder(target)
    server = await asyncio.start_server(recorder.connected, "127.0.0.1", 0)
    recorder.address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield recorder


async def _hands_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            kept += data
            if writer.is_closing():  # libuv's loop takes nothing for a socket that is gone, and says so
                continue
            writer.write(data)
            await writer.drain()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def head(stream: bytes) -> dict[str, str]:
    """The headers before the frames, by lower-case name; the request or status line under the empty name."""
    first, *lines = bytes(stream).partition(END_OF_HEAD)[0].decode().split("\r\n")
    pairs = (each.partition(":") for each in lines)
    return {"": first} | {name.lower(): value.strip() for name, _, value in pairs}


def body(stream: bytes) -> bytes:
    """All bytes after the head."""
    return bytes(stream).partition(END_OF_HEAD)[2]


def frames(stream: bytes) -> list[WireFrame]:
    """The frames after the head; what a broken connection cut off is left out."""
    return list(_frames(body(stream)))


def _frames(rest: bytes) -> Iterator[WireFrame]:
    while len(rest) >= 2:
        size, begin = _size(rest)
        mask = rest[begin : begin + 4] if rest[1] & 0x80 else b""
        begin += len(mask)
        if begin + size > len(rest):
            return
        yield WireFrame(rest[0], _unmasked(rest[begin : begin + size], mask))
        rest = rest[begin + size :]


def _size(rest: bytes) -> tuple[int, int]:
    """How long the payload is, and where the mask or the payload begins."""
    short = rest[1] & 0x7F
    wide = {126: 2, 127: 8}.get(short, 0)
    return int.from_bytes(rest[2 : 2 + wide]) if wide else short, 2 + wide


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    if not mask:
        return payload
    repeated = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload) ^ int.from_bytes(repeated)).to_bytes(len(payload))
