"""Bare sockets for tests of the tap: no library in between that tidies what is sent or hides what comes."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
MASK = b"\x01\x02\x03\x04"
ANSWER = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Accept: {ACCEPT}\r\n"
)


def asks(path: str = "/CP-1", *headers: str) -> bytes:
    """What a charger asks."""
    lines = (
        f"GET {path} HTTP/1.1", "Host: tap.example", "Upgrade: websocket", "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13", *headers, "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode("latin-1")


def framed(first: int, data: bytes = b"", *, mask: bytes = MASK, length: int | None = None) -> bytes:
    """A frame with this first byte, masked unless `mask` is empty; `length` may lie."""
    size = len(data) if length is None else length
    bit = 0x80 if mask else 0
    if size < 126:
        head = bytes([first, bit | size])
    elif size < 65_536:
        head = bytes([first, bit | 126]) + size.to_bytes(2)
    else:
        head = bytes([first, bit | 127]) + size.to_bytes(8)
    return head + mask + (bytes(each ^ mask[at % 4] for at, each in enumerate(data)) if mask else data)


@dataclass
class Wire:
    """One bare socket."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def says(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def hears(self, size: int) -> bytes:
        return await self.reader.readexactly(size)

    async def head(self) -> bytes:
        return await self.reader.readuntil(b"\r\n\r\n")

    async def rest(self) -> bytes:
        """All until the other end closes."""
        with suppress(ConnectionError):
            return await self.reader.read()
        return b""

    async def closes(self) -> None:
        self.writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await self.writer.wait_closed()


@asynccontextmanager
async def knocked(address: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """A bare socket to `ws://host:port`."""
    host, _, port = address.partition("://")[2].rpartition(":")
    wire = Wire(*await asyncio.open_connection(host, int(port), ssl=tls))
    try:
        yield wire
    finally:
        await wire.closes()


@asynccontextmanager
async def opened(address: str, path: str = "/CP-1", *headers: str) -> AsyncIterator[Wire]:
    """A bare socket over which the WebSocket handshake went well."""
    async with knocked(address) as wire:
        await wire.says(asks(path, *headers))
        assert (await wire.head()).startswith(b"HTTP/1.1 101")
        yield wire


@dataclass
class Upstream:
    """A bare management system: who came, and what each asked."""

    address: str
    asked: list[bytes] = field(default_factory=list)
    came: asyncio.Queue[Wire] = field(default_factory=asyncio.Queue)


async def takes_in(wire: Wire, asked: bytes) -> None:
    """Every charger is welcome."""
    await wire.says(f"{ANSWER}\r\n".encode())


@asynccontextmanager
async def bare_csms(
    answers: Callable[[Wire, bytes], Awaitable[None]] = takes_in, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Upstream]:
    """A management system without a library; the test holds its sockets."""
    wires: list[Wire] = []

    async def serves(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        wires.append(wire)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            asked = await wire.head()
            upstream.asked.append(asked)
            await answers(wire, asked)
            upstream.came.put_nowait(wire)

    server = await asyncio.start_server(serves, "127.0.0.1", 0, ssl=tls)
    scheme = "wss" if tls else "ws"
    upstream = Upstream(f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield upstream
    finally:
        server.close()
        for wire in wires:
            await wire.closes()


async def until(holds: Callable[[], object]) -> None:
    """Wait until something is so; not for ever, so that a broken tap is a failed test."""
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.005)
