"""A hand-written Modbus TCP device on 127.0.0.1 that answers each request as it is told to, well or badly."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

Reply = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
REQUEST = 12  # bytes of a whole request for words


def framed(request: bytes, *, unit: int | None = None, function: int | None = None, body: bytes) -> bytes:
    """An answer to a request, from another unit or with another function where these are given."""
    head = bytes([request[6] if unit is None else unit, request[7] if function is None else function])
    return request[:4] + struct.pack(">H", len(head + body)) + head + body


def words(*some: int) -> bytes:
    """The body of an answer with these words."""
    return bytes([2 * len(some)]) + struct.pack(f">{len(some)}H", *some)


def sends(*some: int, unit: int | None = None, function: int | None = None) -> Reply:
    """An answer with words."""

    async def reply(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(request, unit=unit, function=function, body=words(*some)))

    return reply


def excepts(code: int) -> Reply:
    """An answer with an exception code."""

    async def reply(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(request, function=request[7] | 0x80, body=bytes([code])))

    return reply


async def hangs_up(_: bytes, writer: asyncio.StreamWriter) -> None:
    """The line goes, and no answer with it."""
    writer.close()


async def says_nothing(_: bytes, __: asyncio.StreamWriter) -> None:
    """No answer."""


async def babbles(_: bytes, writer: asyncio.StreamWriter) -> None:
    """More than an answer can be."""
    writer.write(b"\x00\x01\x00\x00\xff\xff" + b"\x01" * 900)


async def floods(_: bytes, writer: asyncio.StreamWriter) -> None:
    """Ten megabytes, as fast as they are taken."""
    for _piece in range(100):
        writer.write(b"\x00\x01\x00\x00\xff\xff" + b"\x01" * 100_000)
        await writer.drain()


async def drips(request: bytes, writer: asyncio.StreamWriter) -> None:
    """The first bytes of a right answer, one after the other, and never the last."""
    for byte in framed(request, body=words(1, 2))[:-1]:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def device(*replies: Reply, seen: list[bytes] | None = None) -> AsyncIterator[int]:
    """Its port, until the block ends; the last reply is given for ever. What is asked is put into `seen`."""
    left, lines = list(replies), set[asyncio.Task[None]]()

    async def serves(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.add(asyncio.current_task())  # type: ignore[arg-type]  # asyncio runs us as a task
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while request := await reader.readexactly(REQUEST):
                if seen is not None:
                    seen.append(request)
                await (left.pop(0) if len(left) > 1 else left[0])(request, writer)
        writer.close()

    server = await asyncio.start_server(serves, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)


def functions_of(seen: Sequence[bytes]) -> set[int]:
    """The function codes that were asked."""
    return {each[7] for each in seen}
