"""Csms: a small management system that speaks OCPP 1.6: it accepts everybody and sends what a script asks it to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result
from ocpp.v16.enums import Action, AuthorizationStatus, RegistrationStatus
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

OCPP16 = Subprotocol("ocpp1.6")
HEARTBEAT = 300  # seconds, as told to every charger at boot

QUIET = logging.getLogger("chargelore.demo")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False  # the demo's faults are its content; they are not printed as trouble of the program


class Session(ChargePoint):  # type: ignore[misc]  # ocpp ships no types
    """One charger as the management system sees it. Lives as long as the connection."""

    def __init__(self, charger: str, socket: ServerConnection, stamp: Callable[[], str]) -> None:
        super().__init__(charger, socket, response_timeout=10, logger=QUIET)
        self._stamp = stamp
        numbers, self._transactions = count(1), count(1)
        self._unique_id_generator = lambda: f"csms-{next(numbers)}"

    @on(Action.boot_notification)  # type: ignore[untyped-decorator]  # ocpp ships no types; so below
    def booted(self, **_: object) -> Any:
        """Welcome."""
        return call_result.BootNotification(self._stamp(), HEARTBEAT, RegistrationStatus.accepted)

    @on(Action.heartbeat)  # type: ignore[untyped-decorator]  # as above
    def beat(self, **_: object) -> Any:
        """The time."""
        return call_result.Heartbeat(self._stamp())

    @on(Action.status_notification)  # type: ignore[untyped-decorator]  # as above
    def told_status(self, **_: object) -> Any:
        """Noted."""
        return call_result.StatusNotification()

    @on(Action.authorize)  # type: ignore[untyped-decorator]  # as above
    def asked_leave(self, **_: object) -> Any:
        """Everybody may charge."""
        return call_result.Authorize({"status": AuthorizationStatus.accepted})

    @on(Action.start_transaction)  # type: ignore[untyped-decorator]  # as above
    def started(self, **_: object) -> Any:
        """A number for the transaction."""
        return call_result.StartTransaction(next(self._transactions), {"status": AuthorizationStatus.accepted})

    @on(Action.meter_values)  # type: ignore[untyped-decorator]  # as above
    def metered(self, **_: object) -> Any:
        """Noted."""
        return call_result.MeterValues()

    @on(Action.stop_transaction)  # type: ignore[untyped-decorator]  # as above
    def stopped(self, **_: object) -> Any:
        """Noted."""
        return call_result.StopTransaction()


class Csms:
    """Listens on a free port. Lives as long as its `async with`."""

    def __init__(self, stamp: Callable[[], str]) -> None:
        self._stamp = stamp
        self._sessions: dict[str, Session] = {}
        self._gone: dict[str, asyncio.Event] = {}
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where chargers connect."""
        assert self._server is not None  # noqa: S101  # only inside `async with`
        return f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def sends(self, charger: str, request: object) -> Any:
        """Send a request and wait for the answer."""
        return await self._sessions[charger].call(request)

    async def saw_it_go(self, charger: str) -> None:
        """Wait until the charger's connection has ended."""
        await self._gone[charger].wait()

    async def __aenter__(self) -> Csms:
        self._server = await serve(
            self._serves, "127.0.0.1", 0, subprotocols=[OCPP16], compression=None, ping_interval=None, logger=QUIET
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serves(self, socket: ServerConnection) -> None:
        assert socket.request is not None  # noqa: S101  # the handshake is over
        charger = socket.request.path.rpartition("/")[2]
        self._sessions[charger] = Session(charger, socket, self._stamp)
        gone = self._gone[charger] = asyncio.Event()
        with suppress(ConnectionClosed):
            await self._sessions[charger].start()
        gone.set()
