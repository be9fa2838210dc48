"""SimCharger: an OCPP 1.6 charger with one connector, as an OCPP client on a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from ocpp.v16.enums import (
    Action,
    ChargePointErrorCode,
    ChargePointStatus,
    ChargingProfileStatus,
    FirmwareStatus,
    Reason,
)
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from chargelore.engine.case import Charger
from chargelore.engine.demo.clock import SimClock
from chargelore.engine.demo.csms import HEARTBEAT, OCPP16, QUIET

UNITS = {"Current.Import": "A", "Current.Offered": "A", "Power.Active.Import": "W", "Voltage": "V"}
UNITS |= {"Temperature": "Celsius", "Energy.Active.Import.Register": "Wh", "SoC": "Percent"}


class _Talk(ChargePoint):  # type: ignore[misc]  # ocpp ships no types
    """The charger's side of one connection."""

    def __init__(self, charger: str, socket: ClientConnection, numbers: count[int]) -> None:
        super().__init__(charger, socket, response_timeout=10, logger=QUIET)
        self.profiles = ChargingProfileStatus.accepted
        self._unique_id_generator = lambda: f"{charger}-{next(numbers)}"

    @on(Action.set_charging_profile)  # type: ignore[untyped-decorator]  # ocpp ships no types
    def given_profile(self, **_: object) -> Any:
        """The answer that the script wants."""
        return call_result.SetChargingProfile(self.profiles)


class SimCharger:
    """What a script makes a charger do. Every verb that speaks waits for the answer; lives as long as its script."""

    def __init__(self, who: Charger, tap: str, clock: SimClock) -> None:
        self.who, self.clock = who, clock
        self._url = f"{tap}/{who.id}"
        self._numbers = count(1)
        self._talk: _Talk | None = None
        self._socket: ClientConnection | None = None
        self._energy = 1_000.0

    @asynccontextmanager
    async def online(self) -> AsyncIterator[None]:
        """Connected to the management system while inside; hangs up politely at the end unless it dropped the line."""
        self._socket = await connect(
            self._url, subprotocols=[OCPP16], compression=None, ping_interval=None, proxy=None, logger=QUIET
        )
        self._talk = _Talk(self.who.id, self._socket, self._numbers)
        hears = asyncio.create_task(_hears(self._talk))
        try:
            yield
        finally:
            await self._socket.close()
            hears.cancel()

    async def drops_the_line(self) -> None:
        """The charger closes its socket without a word."""
        assert self._socket is not None  # noqa: S101  # it is called only while `online`
        self._socket.transport.abort()
        await self._socket.wait_closed()

    async def boots(self) -> None:
        """BootNotification, then Available."""
        who = self.who
        await self._says(call.BootNotification(who.model, who.vendor, firmware_version=who.firmware))
        await self.is_now("Available")

    async def is_now(self, status: str, error: str = "NoError", **vendor: str) -> None:
        """StatusNotification of the connector; `vendor_error_code`, `vendor_id` and `info` as keywords."""
        code, state = ChargePointErrorCode(error), ChargePointStatus(status)
        await self._says(call.StatusNotification(1, code, state, timestamp=self.clock.stamp(), **vendor))

    async def tells_firmware(self, status: str) -> None:
        """FirmwareStatusNotification, which the small management system does not know."""
        await self._says(call.FirmwareStatusNotification(FirmwareStatus(status)))

    async def starts(self, tag: str = "DEMO-TAG") -> int:
        """Authorize, StartTransaction and Charging; returns the transaction's number."""
        await self._says(call.Authorize(tag))
        answer = await self._says(call.StartTransaction(1, tag, int(self._energy), self.clock.stamp()))
        await self.is_now("Charging")
        return int(answer.transaction_id)

    async def meters(self, transaction: int, **measured: float) -> None:
        """MeterValues; keywords are `current`, `offered`, `temperature`; power and energy follow from the current."""
        watts = measured.get("current", 0.0) * 690
        self._energy += watts / 60
        values = {
            "Energy.Active.Import.Register": self._energy,
            "Power.Active.Import": watts,
            "Current.Import": measured.get("current"),
            "Current.Offered": measured.get("offered"),
            "Temperature": measured.get("temperature"),
        }
        samples = [
            {"value": f"{value:.1f}", "measurand": name, "unit": UNITS[name], "context": "Sample.Periodic"}
            | ({"location": "Body"} if name == "Temperature" else {})
            for name, value in values.items()
            if value is not None
        ]
        await self._says(call.MeterValues(1, [{"timestamp": self.clock.stamp(), "sampledValue": samples}], transaction))

    async def stops(self, transaction: int, reason: str = "Local") -> None:
        """StopTransaction, Finishing, Available."""
        await self._says(call.StopTransaction(int(self._energy), self.clock.stamp(), transaction, Reason(reason)))
        await self.is_now("Finishing")
        await self.clock.sleep(20)
        await self.is_now("Available")

    async def idles(self, seconds: float) -> None:
        """Nothing but heartbeats for so long."""
        while seconds > 0:
            nap = min(seconds, HEARTBEAT)
            await self.clock.sleep(nap)
            seconds -= nap
            if nap == HEARTBEAT:
                await self._says(call.Heartbeat())

    def answers_profiles(self, status: str) -> None:
        """From now on SetChargingProfile is answered so: Accepted, Rejected or NotSupported."""
        assert self._talk is not None  # noqa: S101  # it is called only while `online`
        self._talk.profiles = ChargingProfileStatus(status)

    async def _says(self, request: object) -> Any:
        assert self._talk is not None  # noqa: S101  # it is called only while `online`
        return await self._talk.call(request)


async def _hears(talk: _Talk) -> None:
    with suppress(ConnectionClosed):
        await talk.start()
