"""Tap: a WebSocket proxy between chargers and their management system. It forwards everything and listens along."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import cast
from urllib.parse import unquote

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import InvalidURI
from websockets.frames import Frame
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.uri import WebSocketURI, parse_uri

from chargelore.engine.sources.address import Address
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.copies import VERSIONS, Copies, Health, Line, OnSignal, Sender, parting
from chargelore.engine.sources.dial import DIAL_TIMEOUT, dialled
from chargelore.engine.sources.legs import CLOSE_TIMEOUT, LOG, ChargerLeg, CsmsLeg, carry
from chargelore.kb.errors import SourceError


class Tap:
    """Listens for chargers and opens for each its own line to the management system. Lives as long as its `async with`.

    `listen` is `host:port` (port 0: any free one); the path of `upstream` is put before the path a charger asks for.
    Signals carry the time that `now` says when a frame passes. Raises SourceError when it cannot listen there or when
    `upstream` is no WebSocket address.
    """

    def __init__(
        self, listen: str, upstream: str, on_signal: OnSignal, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._listen, self._upstream = Address.read(listen), _upstream(upstream)
        self._copies = Copies(on_signal, now)
        self._server: Server | None = None
        self._work: asyncio.Task[None] | None = None

    @property
    def health(self) -> Health:
        """The counters."""
        return self._copies.health

    @property
    def address(self) -> str:
        """Where chargers can connect, as `ws://host:port`; empty until the tap listens."""
        if self._server is None:
            return ""
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"ws://{Address(host, port)}"

    async def drained(self) -> None:
        """Wait until the engine has been told all that passed so far."""
        await self._copies.drained()

    async def __aenter__(self) -> Tap:
        try:
            self._server = await _serving(self._listen, self._lets_in)
        except OSError as error:
            raise SourceError(
                f"cannot listen: {error.strerror or error}",
                where=str(self._listen),
                mend="choose another address or port",
            ) from error
        self._work = asyncio.create_task(self._copies.work())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._server is not None and self._work is not None:
            self._server.close()
            await self._server.wait_closed()
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work

    async def _lets_in(self, connection: ServerConnection, request: Request) -> Response | None:
        """Ask the management system first; its refusal is the answer to the charger."""
        charger, line = cast(ChargerLeg, connection), Line(_charger_in(request.path), request.path)
        answer = await dialled(self._upstream, request)
        if isinstance(answer, Response):
            self.health.refused += 1
            self._copies.event(line, "disconnected", {"code": answer.status_code, "reason": answer.reason_phrase})
            return answer
        if charger.state is not State.CONNECTING:  # the charger did not wait
            answer.transport.abort()
            return None
        self._listens_along(line, charger, answer)
        return None

    def _listens_along(self, line: Line, charger: ChargerLeg, far: CsmsLeg) -> None:
        line.version = VERSIONS.get((far.subprotocol or "").lower(), line.version)
        self.health.connections += 1
        self.health.open += 1
        self._copies.event(line, "connected", {"path": line.path, "protocol": far.subprotocol or ""})
        far.heard = partial(self._hears, line, "csms")
        charger.heard = partial(self._hears, line, "charger")
        charger.lost = partial(self._loses, line, charger)
        charger.joins(far)

    def _hears(self, line: Line, sender: Sender, frame: Frame) -> None:
        if sender == "charger":
            self.health.from_charger += 1
        else:
            self.health.from_csms += 1
        self._copies.frame(line, sender, frame)

    def _loses(self, line: Line, charger: ChargerLeg) -> None:
        self.health.open -= 1
        self._copies.event(line, "disconnected", parting(charger.protocol.close_rcvd))


def _upstream(url: str) -> WebSocketURI:
    try:
        uri = parse_uri(url)
    except (InvalidURI, ValueError) as error:
        raise SourceError(
            "not a WebSocket address", where=url, mend="write it as ws://host:port/path or wss://host/path"
        ) from error
    return replace(uri, path=uri.path.rstrip("/"), query="")


def _charger_in(path: str) -> str:
    """The charger's identity as OCPP-J writes it: the last part of the path, escapes undone."""
    parts = path.partition("?")[0].rstrip("/").rpartition("/")
    return unquote(parts[2]) or "unknown"


async def _serving(
    listen: Address, lets_in: Callable[[ServerConnection, Request], Awaitable[Response | None]]
) -> Server:
    return await serve(
        carry,
        listen.host,
        listen.port,
        process_request=lets_in,
        create_connection=ChargerLeg,
        compression=None,
        server_header=None,
        open_timeout=DIAL_TIMEOUT + 5,
        ping_interval=None,
        close_timeout=CLOSE_TIMEOUT,
        max_size=None,
        logger=LOG,
    )
