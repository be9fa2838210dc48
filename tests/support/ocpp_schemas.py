"""OCPP payloads that the schemas of the standard accept, so that no test teaches a message that no charger may send."""

from __future__ import annotations

from collections.abc import Mapping

from ocpp.messages import MessageType, get_validator


def valid(action: str, payload: dict[str, object], version: str = "2.0.1") -> dict[str, object]:
    """The payload itself, once it has passed."""
    get_validator(MessageType.Call, action, version).validate(payload)
    return payload


def event(
    component: str,
    variable: str,
    value: str = "true",
    *,
    number: int = 1,
    evse: int | None = 1,
    more: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """One entry of the eventData of a NotifyEvent."""
    place = {} if evse is None else {"evse": {"id": evse}}
    told: dict[str, object] = {
        "eventId": number,
        "timestamp": "2026-01-05T08:00:00Z",
        "trigger": "Alerting",
        "actualValue": value,
        "eventNotificationType": "HardWiredNotification",
        "component": {"name": component, **place},
        "variable": {"name": variable},
    }
    return {**told, **(more or {})}


def notify(*told: dict[str, object], version: str = "2.0.1") -> dict[str, object]:
    """The payload of a NotifyEvent."""
    payload = {"generatedAt": "2026-01-05T08:00:00Z", "seqNo": 0, "eventData": list(told)}
    return valid("NotifyEvent", payload, version)
