"""What the tap costs: the same echo direct and through the tap, in the same run; prints both and their ratio."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from contextlib import AsyncExitStack

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from chargelore.engine.sources.tap import Tap

ROUND_TRIPS = 2_000
BURST = 10_000
FRAME = json.dumps(
    [
        2,
        "1",
        "MeterValues",
        {"connectorId": 1, "meterValue": [{"sampledValue": [{"value": "1"}] * 12, "timestamp": ""}]},
    ]
)


async def echo(socket: ServerConnection) -> None:
    async for message in socket:
        await socket.send(message)


async def latency(socket: ClientConnection) -> float:
    """Median seconds of one round trip."""
    times = []
    for _ in range(ROUND_TRIPS):
        begun = time.perf_counter()
        await socket.send(FRAME)
        await socket.recv()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


async def throughput(socket: ClientConnection) -> float:
    """Frames a second when many are under way."""

    async def sends() -> None:
        for _ in range(BURST):
            await socket.send(FRAME)

    begun = time.perf_counter()
    sending = asyncio.create_task(sends())
    for _ in range(BURST):
        await socket.recv()
    await sending
    return BURST / (time.perf_counter() - begun)


async def main() -> None:
    async with AsyncExitStack() as until:
        server = await until.enter_async_context(serve(echo, "127.0.0.1", 0, compression=None))
        upstream = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        tap = await until.enter_async_context(Tap("127.0.0.1:0", upstream, lambda _: None))
        direct = await until.enter_async_context(connect(f"{upstream}/CP", compression=None, proxy=None))
        tapped = await until.enter_async_context(connect(f"{tap.address}/CP", compression=None, proxy=None))
        waits = await latency(direct), await latency(tapped)
        rates = await throughput(direct), await throughput(tapped)
        await tap.drained()
    print(
        f"round trip   direct {waits[0] * 1e6:8.0f} us   tapped {waits[1] * 1e6:8.0f} us   {waits[1] / waits[0]:.2f} x"
    )
    print(f"frames/s     direct {rates[0]:8.0f}      tapped {rates[1]:8.0f}      {rates[1] / rates[0]:.2f} x")
    print(f"copies dropped {tap.health.dropped_copies}, engine errors {tap.health.engine_errors}")


if __name__ == "__main__":
    asyncio.run(main())
