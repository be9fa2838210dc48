"""Legs: the two WebSocket ends of one tapped line. Frames pass one by one: opcode, fragments, pings as sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import Server, ServerConnection
from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import Event, Protocol
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

MOST_WAITING = 64  # frames of one leg that may wait for the other before its socket is no longer read
CLOSE_TIMEOUT = 3.0

LOG = logging.getLogger("chargelore.tap")
LOG.addHandler(logging.NullHandler())  # the tap counts what goes wrong; it does not print


class _PassesPings(Protocol):
    """Leaves the answer to a ping to the far end: what is alive is for the two real ends to find out."""

    def recv_frame(self, frame: Frame) -> None:
        """Take a frame in; a ping is not answered here."""
        if frame.opcode is Opcode.PING:
            self.events.append(frame)
        else:
            super().recv_frame(frame)


class _ChargerProtocol(_PassesPings, ServerProtocol):
    """Agrees to the subprotocol that the management system chose."""

    agreed: Subprotocol | None = None

    def process_subprotocol(self, headers: Headers) -> Subprotocol | None:  # noqa: ARG002  # the far end has read them
        """The subprotocol of the far end."""
        return self.agreed


class _CsmsProtocol(_PassesPings, ClientProtocol):
    """Takes any answer to the offered subprotocols: whether it fits is for the charger to judge."""

    def process_subprotocol(self, headers: Headers) -> Subprotocol | None:
        """The first subprotocol that the management system names."""
        named = headers.get_all("Sec-WebSocket-Protocol")
        return Subprotocol(named[0]) if named else None


class Leg(Connection):
    """One end of a line. Its frames wait here until they are passed on; lives as long as its socket."""

    heard: Callable[[Frame], None] | None = None  # told of every frame at once; must not raise
    lost: Callable[[], None] | None = None  # told when the socket is gone; must not raise

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        super().connection_made(transport)
        self.waiting: asyncio.Queue[Frame | None] = asyncio.Queue()

    def process_event(self, event: Event) -> None:
        """A frame came in; the handshake is left to the library."""
        if isinstance(event, Frame):
            self._takes(event)
        else:
            super().process_event(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone; None says so to whoever passes frames on, after all frames that came before."""
        super().connection_lost(exc)
        self.waiting.put_nowait(None)
        if self.lost is not None:
            self.lost()

    def _takes(self, frame: Frame) -> None:
        self.waiting.put_nowait(frame)  # before anybody listens along: the wire wakes up first
        if self.heard is not None:
            self.heard(frame)
        if self.waiting.qsize() >= MOST_WAITING:
            self.transport.pause_reading()

    async def next_frame(self) -> Frame | None:
        """The next data, ping or pong frame; None when the far end closed or is gone."""
        frame = await self.waiting.get()
        if self.waiting.qsize() <= MOST_WAITING // 4:
            self.transport.resume_reading()
        return None if frame is None or frame.opcode is Opcode.CLOSE else frame

    async def pass_on(self, frame: Frame) -> None:
        """Send a frame as it is. Raises ConnectionClosed when this end is closed."""
        async with self.send_context():
            self.protocol.send_frame(frame)

    async def end_like(self, other: Leg) -> None:
        """Close with the other end's code and reason; drop the line without a word if that is what the other did."""
        said = other.protocol.close_rcvd
        if said is None:
            self._drops()
            return
        code = None if said.code == CloseCode.NO_STATUS_RCVD else said.code
        with suppress(ConnectionClosed):
            async with self.send_context():
                self.protocol.send_close(code, said.reason)

    def _drops(self) -> None:
        """Send what is still waiting in the socket, then close it without a closing handshake."""
        self.transport.close()
        self.loop.call_later(CLOSE_TIMEOUT, self.transport.abort)


class CsmsLeg(Leg, ClientConnection):
    """The end towards the management system."""

    def __init__(self, uri: WebSocketURI) -> None:
        protocol = _CsmsProtocol(uri, max_size=None, logger=LOG)
        super().__init__(protocol, ping_interval=None, close_timeout=CLOSE_TIMEOUT)


class ChargerLeg(Leg, ServerConnection):
    """The end towards the charger; `far` is its other end as soon as the management system took the charger in."""

    far: CsmsLeg | None = None
    is_carried: bool = False

    def __init__(self, protocol: ServerProtocol, server: Server, **limits: Any) -> None:  # limits as serve() names them
        super().__init__(_ChargerProtocol(max_size=None, logger=protocol.logger), server, **limits)

    def joins(self, far: CsmsLeg) -> None:
        """The management system took the charger in, with this subprotocol."""
        self.far = far
        cast(_ChargerProtocol, self.protocol).agreed = far.subprotocol

    def connection_lost(self, exc: Exception | None) -> None:
        """The charger is gone; if that was before anything was carried, nobody else would hang up the far end."""
        super().connection_lost(exc)
        if self.far is not None and not self.is_carried:
            self.far.transport.abort()


async def carry(connection: ServerConnection) -> None:
    """Pass frames both ways until either end is gone."""
    charger = cast(ChargerLeg, connection)
    if charger.far is None:  # let in without a far end: it hung up meanwhile
        return
    charger.is_carried = True
    await asyncio.gather(_carry_one_way(charger, charger.far), _carry_one_way(charger.far, charger))


async def _carry_one_way(source: Leg, sink: Leg) -> None:
    with suppress(ConnectionClosed):
        while (frame := await source.next_frame()) is not None:
            await sink.pass_on(frame)
    await sink.end_like(source)
