"""Real WebSocket peers for tests of the tap: a management system that does what a test asks, and chargers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from chargelore.engine.signal import Signal
from chargelore.engine.sources.tap import Tap

OCPP16 = Subprotocol("ocpp1.6")
Behaviour = Callable[[ServerConnection], Awaitable[None]]


async def echo(charger: ServerConnection) -> None:
    """Send every message back as it came."""
    async for message in charger:
        await charger.send(message)


async def silence(charger: ServerConnection) -> None:
    """Wait until the charger leaves."""
    await charger.wait_closed()


@asynccontextmanager
async def csms(
    behaves: Behaviour = echo, *, answers: Callable[[ServerConnection, Request], Response | None] | None = None
) -> AsyncIterator[str]:
    """A management system on a free port; yields its address."""
    serving = serve(
        behaves,
        "127.0.0.1",
        0,
        subprotocols=[OCPP16],
        select_subprotocol=lambda _, offered: OCPP16 if OCPP16 in offered else None,
        process_request=answers,
        max_size=None,
        compression=None,
    )
    async with serving as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def charger(tap: Tap, path: str = "/CP-1") -> connect:
    """A charger that connects through the tap."""
    return connect(f"{tap.address}{path}", subprotocols=[OCPP16], max_size=None, compression=None, proxy=None)


@asynccontextmanager
async def tapped(
    behaves: Behaviour = echo, on_signal: Callable[[Signal], None] = lambda _: None, path: str = "/CP-1"
) -> AsyncIterator[tuple[Tap, ClientConnection]]:
    """A charger that talks through a tap to a management system."""
    async with csms(behaves) as upstream, Tap("127.0.0.1:0", upstream, on_signal) as tap, charger(tap, path) as socket:
        yield tap, socket
