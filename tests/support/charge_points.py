"""Charge points of the `ocpp` package on real sockets, for tests of the bench: they do what a test tells them to."""

# ruff: noqa: ARG002  # ocpp passes every field of a message by its name
from __future__ import annotations

import asyncio
import ftplib
import io
import logging
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

from ocpp.routing import after, on
from ocpp.v16 import ChargePoint as ChargePoint16
from ocpp.v16 import call as call16
from ocpp.v16 import call_result as result16
from ocpp.v16.enums import ChargePointErrorCode, ChargePointStatus
from ocpp.v21 import ChargePoint as ChargePoint21
from ocpp.v201 import ChargePoint as ChargePoint201
from ocpp.v201 import call as call201
from ocpp.v201 import call_result as result201
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

QUIET = logging.getLogger("chargelore.tests.charge-points")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False
LOG = b"2026-03-02 08:00:00 relay stuck\n"
STAMP = "2026-03-02T08:00:00Z"


class Lazy:
    """What both versions share: what was asked, and which answers to refuse or to accept without doing anything."""

    def __init__(
        self,
        name: str,
        socket: ClientConnection,
        *,
        refuses: bool = False,
        ignores: bool = False,
        sends_by: str = "FTP,HTTP",
        names_it: bool = False,
    ) -> None:
        super().__init__(name, socket, response_timeout=10, logger=QUIET)  # type: ignore[call-arg]  # ocpp's own
        self.socket, self.refuses, self.ignores = socket, refuses, ignores
        self.sends_by, self.names_it = sends_by, names_it
        self.asked: list[str] = []
        self.locations: list[str] = []
        self.restarted = asyncio.Event()

    @property
    def says(self) -> str:
        return "Rejected" if self.refuses else "Accepted"

    @property
    def does(self) -> bool:
        return not (self.refuses or self.ignores)

    async def sends(self, location: str, name: str) -> bool:
        """Upload its log; whether it can, by the protocol that it is told to."""
        self.locations.append(location)
        scheme = location.partition(":")[0]
        if scheme.upper() not in self.sends_by.split(","):
            return False
        await asyncio.to_thread(put if scheme == "http" else put_by_ftp, f"{location}{name}", LOG)
        return True


class Box16(Lazy, ChargePoint16):  # type: ignore[misc]  # ocpp ships no types
    """A charger with one connector that speaks OCPP 1.6."""

    async def boots(self) -> None:
        await self.call(call16.BootNotification("Model One", "Acme", firmware_version="5.2"))
        await self.is_now("Available")

    async def is_now(self, status: str, error: str = "NoError") -> None:
        code, state = ChargePointErrorCode(error), ChargePointStatus(status)
        await self.call(call16.StatusNotification(1, code, state, timestamp=STAMP))

    async def charges(self) -> int:
        await self.call(call16.Authorize("CARD-4711"))
        started = await self.call(call16.StartTransaction(1, "CARD-4711", 1000, STAMP))
        await self.is_now("Charging")
        return int(started.transaction_id)

    @on("GetConfiguration")
    def tells_configuration(self, key: list[str] | None = None) -> Any:
        self.asked.append("GetConfiguration")
        keys = {"HeartbeatInterval": "300", "AuthorizationKey": "SuperSecret1", "WiFiSignalStrength": "-88"}
        if self.names_it:
            keys["SupportedFileTransferProtocols"] = self.sends_by
        told = {name: value for name, value in keys.items() if not key or name in key}
        unknown = [name for name in key or () if name not in keys]
        return result16.GetConfiguration(
            [{"key": name, "readonly": False, "value": value} for name, value in told.items()], unknown
        )

    @on("TriggerMessage")
    def triggered(self, requested_message: str, connector_id: int | None = None) -> Any:
        self.asked.append(f"TriggerMessage {requested_message}")
        return result16.TriggerMessage(self.says)

    @after("TriggerMessage")
    async def does_trigger(self, requested_message: str, connector_id: int | None = None) -> None:
        if self.does and requested_message == "StatusNotification":
            await self.is_now("Available")
        if self.does and requested_message == "Heartbeat":
            await self.call(call16.Heartbeat())

    @on("GetDiagnostics")
    def asked_for_diagnostics(self, location: str, **_: object) -> Any:
        self.asked.append("GetDiagnostics")
        return result16.GetDiagnostics(None if self.refuses else "diagnostics.log")

    @after("GetDiagnostics")
    async def uploads(self, location: str, **_: object) -> None:
        if self.does:
            status = "Uploaded" if await self.sends(location, "diagnostics.log") else "UploadFailed"
            await self.call(call16.DiagnosticsStatusNotification(status))

    @on("GetLocalListVersion")
    def list_version(self) -> Any:
        return result16.GetLocalListVersion(7)

    @on("GetCompositeSchedule")
    def schedule(self, connector_id: int, duration: int, **_: object) -> Any:
        periods = [{"startPeriod": 0, "limit": 16.0}]
        return result16.GetCompositeSchedule(
            self.says, connector_id, STAMP, {"chargingRateUnit": "A", "chargingSchedulePeriod": periods}
        )

    @on("Reset")
    def reset(self, type: str) -> Any:  # noqa: A002  # OCPP's word
        self.asked.append(f"Reset {type}")
        return result16.Reset(self.says)

    @after("Reset")
    async def restarts(self, type: str) -> None:  # noqa: A002  # as above
        if self.does:
            self.restarted.set()

    @on("UnlockConnector")
    def unlock(self, connector_id: int) -> Any:
        self.asked.append(f"UnlockConnector {connector_id}")
        return result16.UnlockConnector("UnlockFailed" if self.refuses else "Unlocked")

    @on("ClearCache")
    def clear_cache(self) -> Any:
        self.asked.append("ClearCache")
        return result16.ClearCache(self.says)

    @on("ChangeAvailability")
    def change_availability(self, connector_id: int, type: str) -> Any:  # noqa: A002  # as above
        self.asked.append(f"ChangeAvailability {type}")
        return result16.ChangeAvailability(self.says)


class Box201(Lazy, ChargePoint201):  # type: ignore[misc]  # ocpp ships no types
    """A charging station with one EVSE that speaks OCPP 2.0.1."""

    of_a_monitor: dict[str, Any] = {}  # noqa: RUF012  # never changed

    async def boots(self) -> None:
        station = {"model": "Model Two", "vendorName": "Acme", "firmwareVersion": "2.0"}
        await self.call(call201.BootNotification(station, "PowerUp"))
        await self.is_now("Available")

    async def is_now(self, status: str) -> None:
        await self.call(call201.StatusNotification(STAMP, status, 1, 1))

    async def charges(self) -> str:
        await self.call(
            call201.TransactionEvent("Started", STAMP, "Authorized", 0, {"transactionId": "T-1"}, evse={"id": 1})
        )
        return "T-1"

    async def trips(self) -> None:
        """An event of the residual current device, as the device model names it."""
        event = {
            "eventId": 1, "timestamp": STAMP, "trigger": "Alerting", "actualValue": "true",
            "eventNotificationType": "HardWiredNotification",
            "component": {"name": "RCD", "evse": {"id": 1}}, "variable": {"name": "Tripped"},
        }  # fmt: skip
        await self.call(call201.NotifyEvent(STAMP, 0, [event]))

    @on("GetVariables")
    def tells_variables(self, get_variable_data: list[dict[str, Any]], **_: object) -> Any:
        self.asked.append("GetVariables")
        known = {"SignalStrength": "-88", "BasicAuthPassword": "SuperSecret1"}
        if self.names_it:
            known["FileTransferProtocols"] = self.sends_by
        return result201.GetVariables([_told(each, known) for each in get_variable_data])

    @on("GetBaseReport")
    def base_report(self, request_id: int, report_base: str, **_: object) -> Any:
        self.asked.append(f"GetBaseReport {report_base}")
        return result201.GetBaseReport(self.says)

    @after("GetBaseReport")
    async def reports(self, request_id: int, report_base: str, **_: object) -> None:
        for number in range(3) if self.does else ():
            data = [_reported("OCPPCommCtrlr", f"Variable{number}", str(number))]
            await self.call(call201.NotifyReport(request_id, STAMP, number, tbc=number < 2, report_data=data))

    @on("GetReport")
    def report(self, request_id: int, **_: object) -> Any:
        return result201.GetReport("EmptyResultSet")

    @on("GetMonitoringReport")
    def monitoring(self, request_id: int, **_: object) -> Any:
        return result201.GetMonitoringReport(self.says)

    @after("GetMonitoringReport")
    async def monitors(self, request_id: int, **_: object) -> None:
        monitor = {
            "id": 4,
            "transaction": False,
            "value": 80.0,
            "type": "UpperThreshold",
            "severity": 3,
        } | self.of_a_monitor
        one = {"component": {"name": "Connector"}, "variable": {"name": "Temperature"}, "variableMonitoring": [monitor]}
        if self.does:
            await self.call(call201.NotifyMonitoringReport(request_id, 0, STAMP, monitor=[one]))

    @on("GetLog")
    def asked_for_log(self, log: dict[str, Any], log_type: str, request_id: int, **_: object) -> Any:
        self.asked.append(f"GetLog {log_type}")
        return result201.GetLog(self.says, filename="station.log")

    @after("GetLog")
    async def uploads(self, log: dict[str, Any], log_type: str, request_id: int, **_: object) -> None:
        if self.does:
            await self.call(call201.LogStatusNotification("Uploading", request_id))
            status = "Uploaded" if await self.sends(log["remote_location"], "station.log") else "UploadFailure"
            await self.call(call201.LogStatusNotification(status, request_id))

    @on("TriggerMessage")
    def triggered(self, requested_message: str, **_: object) -> Any:
        self.asked.append(f"TriggerMessage {requested_message}")
        return result201.TriggerMessage(self.says)

    @after("TriggerMessage")
    async def does_trigger(self, requested_message: str, **_: object) -> None:
        if self.does and requested_message == "StatusNotification":
            await self.is_now("Available")

    @on("Reset")
    def reset(self, type: str, **_: object) -> Any:  # noqa: A002  # OCPP's word
        self.asked.append(f"Reset {type}")
        return result201.Reset(self.says)

    @after("Reset")
    async def restarts(self, type: str, **_: object) -> None:  # noqa: A002  # as above
        if self.does:
            self.restarted.set()

    @on("UnlockConnector")
    def unlock(self, evse_id: int, connector_id: int, **_: object) -> Any:
        self.asked.append(f"UnlockConnector {evse_id}")
        return result201.UnlockConnector("UnlockFailed" if self.refuses else "Unlocked")

    @on("ClearCache")
    def clear_cache(self, **_: object) -> Any:
        return result201.ClearCache(self.says)

    @on("ChangeAvailability")
    def change_availability(self, operational_status: str, **_: object) -> Any:
        self.asked.append(f"ChangeAvailability {operational_status}")
        return result201.ChangeAvailability(self.says)


class Box21(ChargePoint21, Box201):  # type: ignore[misc]  # ocpp ships no types
    """The same station with OCPP 2.1, which checks all by the schemas of 2.1."""

    of_a_monitor: dict[str, Any] = {"eventNotificationType": "CustomMonitor"}  # noqa: RUF012  # as above


BOXES: dict[str, tuple[type[Any], str]] = {
    "1.6": (Box16, "ocpp1.6"),
    "2.0.1": (Box201, "ocpp2.0.1"),
    "2.1": (Box21, "ocpp2.1"),
}


@asynccontextmanager
async def plugged(
    url: str, version: str = "1.6", name: str = "CP-1", tls: SSLContext | None = None, **how: Any
) -> AsyncIterator[Any]:
    """A charge point on its line, booted; it hangs up at the end."""
    kind, protocol = BOXES[version]
    async with line(f"{url}/{name}", protocol, tls) as socket:
        box = kind(name, socket, **how)
        hears = asyncio.create_task(_hears(box))
        try:
            await box.boots()
            yield box
        finally:
            await socket.close()
            await hears


async def lives(url: str, version: str = "1.6", name: str = "CP-1", **how: Any) -> None:
    """A charge point that comes back after each restart, until it is cancelled or the bench is gone."""
    with suppress(ConnectionClosed, OSError):
        while True:
            async with plugged(url, version, name, **how) as box:
                await box.restarted.wait()


def line(url: str, protocol: str = "ocpp1.6", tls: SSLContext | None = None) -> connect:
    """A bare socket to a management system."""
    spoken = [Subprotocol(protocol)]
    return connect(url, subprotocols=spoken, compression=None, proxy=None, logger=QUIET, max_size=None, ssl=tls)


def put(url: str, content: bytes) -> None:
    """Upload a file by HTTP PUT."""
    request = urllib.request.Request(url, data=content, method="PUT")  # noqa: S310  # the bench of the test
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # as above
        answer.read()


def put_by_ftp(url: str, content: bytes) -> None:
    """Upload a file by FTP, in passive mode."""
    place = urlsplit(url)
    with ftplib.FTP() as line:  # noqa: S321  # as chargers do
        line.connect(place.hostname or "", place.port or 0)
        line.login(place.username or "", place.password or "")
        line.storbinary(f"STOR {place.path}", io.BytesIO(content))


async def _hears(box: Any) -> None:
    with suppress(ConnectionClosed):
        await box.start()


def _told(asked: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    value = known.get(asked["variable"]["name"])
    status = "UnknownVariable" if value is None else "Accepted"
    said = {"attribute_status": status, "component": asked["component"], "variable": asked["variable"]}
    return said if value is None else said | {"attribute_value": value}


def _reported(component: str, variable: str, value: str) -> dict[str, Any]:
    attribute = [{"type": "Actual", "value": value}]
    return {"component": {"name": component}, "variable": {"name": variable}, "variableAttribute": attribute}
