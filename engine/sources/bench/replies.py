"""Replies: what the bench answers to a charger's requests, so that a real charger goes on working. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

HEARTBEAT = 60  # seconds; short, so that a person at the charger sees soon whether it is still there
Payload = Mapping[str, object]
Reply = dict[str, object]


def reply(action: str, payload: Payload, version: str, now: datetime, number: int) -> Reply | None:
    """The answer to a well-formed request; None for one that the bench does not know. `number` is a transaction's."""
    if action in _EMPTY:
        return {}
    if action in _REFUSED:
        return dict(_REFUSED[action])
    answers = _ANSWERS_16 if version == "1.6" else _ANSWERS_2
    answer = answers.get(action) or _BOTH.get(action)
    return answer(payload, now, number) if answer else None


def stamp(now: datetime) -> str:
    """A time as OCPP writes it."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _booted(_: Payload, now: datetime, __: int) -> Reply:
    return {"currentTime": stamp(now), "interval": HEARTBEAT, "status": "Accepted"}


def _beat(_: Payload, now: datetime, __: int) -> Reply:
    return {"currentTime": stamp(now)}


def _data(_: Payload, __: datetime, ___: int) -> Reply:
    return {"status": "UnknownVendorId"}


def _may_charge(_: Payload, __: datetime, ___: int) -> Reply:
    return {"idTagInfo": {"status": "Accepted"}}


def _started(_: Payload, __: datetime, number: int) -> Reply:
    return {"transactionId": number, "idTagInfo": {"status": "Accepted"}}


def _may_charge_2(_: Payload, __: datetime, ___: int) -> Reply:
    return {"idTokenInfo": {"status": "Accepted"}}


def _event(payload: Payload, now: datetime, number: int) -> Reply:
    return _may_charge_2(payload, now, number) if "idToken" in payload else {}


_SAID = """
StatusNotification MeterValues StopTransaction FirmwareStatusNotification DiagnosticsStatusNotification
LogStatusNotification SecurityEventNotification SignedFirmwareStatusNotification NotifyEvent NotifyReport
NotifyMonitoringReport ClearedChargingLimit NotifyChargingLimit NotifyCustomerInformation NotifyDisplayMessages
PublishFirmwareStatusNotification ReportChargingProfiles ReservationStatusUpdate NotifyDERAlarm NotifyDERStartStop
NotifyPriorityCharging ReportDERControl
"""
_EMPTY = frozenset(_SAID.split())
# What only a real management system can grant.
_REFUSED: Mapping[str, Reply] = {
    "SignCertificate": {"status": "Rejected"},
    "Get15118EVCertificate": {"status": "Failed", "exiResponse": ""},
    "GetCertificateStatus": {"status": "Failed"},
    "NotifyEVChargingNeeds": {"status": "Rejected"},
    "NotifyEVChargingSchedule": {"status": "Rejected"},
    "PullDynamicScheduleUpdate": {"status": "Rejected"},
}
_BOTH: Mapping[str, Callable[[Payload, datetime, int], Reply]] = {
    "BootNotification": _booted,
    "Heartbeat": _beat,
    "DataTransfer": _data,
}
_ANSWERS_16 = {"Authorize": _may_charge, "StartTransaction": _started}
_ANSWERS_2 = {"Authorize": _may_charge_2, "TransactionEvent": _event}
# Without these a charger says nothing more; they are answered even where their payload is odd.
VITAL = frozenset({"BootNotification", "Heartbeat"})
