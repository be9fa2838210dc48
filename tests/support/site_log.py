"""The log of a management system that names its charger: its boot, its states, its sessions, each answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

Said = tuple[float, str, Mapping[str, object]]  # seconds after the begin, the action, what it carries
BEGIN = datetime(2031, 5, 1, 8, tzinfo=UTC)
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "StartTransaction": {"transactionId": 7, "idTagInfo": {"status": "Accepted"}},
    "StopTransaction": {"idTagInfo": {"status": "Accepted"}},
    "Authorize": {"idTagInfo": {"status": "Accepted"}},
}


def boot(second: float, vendor: str = "Mennekes", model: str = "Amtron Compact", firmware: str = "5.12") -> Said:
    """Who the charger is."""
    who = {"chargePointVendor": vendor, "chargePointModel": model, "firmwareVersion": firmware}
    return second, "BootNotification", who


def status(second: float, word: str, error: str = "NoError", **more: object) -> Said:
    """A state of the connector."""
    return second, "StatusNotification", {"connectorId": 1, "status": word, "errorCode": error, **more}


def trips(second: float) -> list[Said]:
    """A ground fault some seconds after plug-in, and free again."""
    return [
        status(second, "Preparing"),
        status(second + 6, "Faulted", "GroundFailure"),
        status(second + 90, "Available"),
    ]


def charges(second: float, span: float = 1800) -> list[Said]:
    """A good session of so many seconds, metered every five minutes."""
    begin, end = {"connectorId": 1, "idTag": "T1", "meterStart": 0}, second + 20 + span
    metered = [_metered(second + 20 + after, int(after)) for after in range(300, int(span), 300)]
    return [
        status(second, "Preparing"), (second + 10, "StartTransaction", begin), status(second + 20, "Charging"),
        *metered,
        (end, "StopTransaction", {"transactionId": 7, "meterStop": int(span), "reason": "Local"}),
        status(end + 1, "Finishing"), status(end + 60, "Available"),
    ]  # fmt: skip


def _metered(second: float, energy: int) -> Said:
    values = [{"measurand": "Energy.Active.Import.Register", "value": str(energy), "unit": "Wh"},
              {"measurand": "Power.Active.Import", "value": "10800", "unit": "W"}]  # fmt: skip
    at = {"timestamp": _at(second, BEGIN).isoformat(), "sampledValue": values}
    return second, "MeterValues", {"connectorId": 1, "transactionId": 7, "meterValue": [at]}


def site_log(said: Iterable[Said], charger: str = "CP-1", begin: datetime = BEGIN) -> str:
    """The lines, each message with its answer a moment later."""
    return "".join(_pair(number, each, charger, begin) for number, each in enumerate(said, 1))


def _pair(number: int, said: Said, charger: str, begin: datetime) -> str:
    second, action, body = said
    at = _at(second, begin)
    dated = (
        {"timestamp": at.isoformat()} if action in ("StatusNotification", *ANSWERS) and action != "Authorize" else {}
    )
    now = at.isoformat()
    answer = {"BootNotification": {"status": "Accepted", "currentTime": now, "interval": 300}}.get(action)
    return (
        f"{_head(at)} recv {charger}: {json.dumps([2, f'm{number}', action, {**body, **dated}])}\n"
        f"{_head(at)} send {charger}: {json.dumps([3, f'm{number}', answer or ANSWERS.get(action, {})])}\n"
    )


def _head(at: datetime) -> str:
    return f"[ocpp  ] TRACE {at:%Y/%m/%d %H:%M:%S}"


def _at(second: float, begin: datetime) -> datetime:
    return begin + timedelta(seconds=second)
