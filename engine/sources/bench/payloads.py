"""Payloads: an errand as the OCPP request that a charger of this version understands. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from chargelore.kb.errand import Errand
from chargelore.kb.errors import UseError

HOUR = 3_600
FIRST = 1  # the connector that is meant where none is named
_TO_2: Mapping[str, str] = {"Soft": "OnIdle", "Hard": "Immediate"} | {
    "DiagnosticsStatusNotification": "LogStatusNotification"
}
_TO_16: Mapping[str, str] = {"OnIdle": "Soft", "Immediate": "Hard"} | {
    "LogStatusNotification": "DiagnosticsStatusNotification"
}
_ONLY_IN_2 = frozenset({"GetVariables", "GetReport", "GetMonitoringReport"})


def fitted(errand: Errand, version: str) -> Errand:
    """The errand in the words of this version: what is `Reset Soft` in 1.6 is `Reset OnIdle` in 2.x.

    UseError where this version has nothing like it.
    """
    return _for_16(errand) if version == "1.6" else _for_2(errand, version)


def _for_16(errand: Errand) -> Errand:
    if errand.action == "GetBaseReport":
        return Errand("GetConfiguration")
    if errand.action == "GetLog" and errand.word != "SecurityLog":
        return Errand("GetDiagnostics")
    if errand.action in _ONLY_IN_2 or errand.word == "TransactionEvent":
        raise UseError(f"{errand}: OCPP 1.6 has no such message", mend="ask GetConfiguration or TriggerMessage")
    return replace(errand, words=_renamed(errand, _TO_16))


def _for_2(errand: Errand, version: str) -> Errand:
    if errand.action == "GetConfiguration" and errand.words:
        mend = "ask GetVariables Component.Variable, or GetBaseReport for all"
        raise UseError(f"{errand}: OCPP {version} has variables of components, no keys", mend=mend)
    if errand.action == "GetConfiguration":
        return Errand("GetBaseReport", ("ConfigurationInventory",))
    if errand.action == "GetDiagnostics":
        return Errand("GetLog", ("DiagnosticsLog",))
    wrong = [each for each in errand.words if errand.action == "GetVariables" and not all(each.partition("."))]
    if wrong:
        raise UseError(f"{wrong[0]}: not a variable of a component", mend="write OCPPCommCtrlr.HeartbeatInterval")
    return replace(errand, words=_renamed(errand, _TO_2))


def _renamed(errand: Errand, names: Mapping[str, str]) -> tuple[str, ...]:
    if errand.action not in ("Reset", "TriggerMessage"):
        return errand.words
    return tuple(names.get(each, each) for each in errand.words)


def payload_16(errand: Errand, location: str, number: int) -> dict[str, object]:
    """The payload of a fitted errand in OCPP 1.6; `location` is where files are to be sent, `number` names a log."""
    where: dict[str, object] = {} if errand.connector is None else {"connectorId": errand.connector}
    payloads: Mapping[str, dict[str, object]] = {
        "GetConfiguration": {"key": list(errand.words)} if errand.words else {},
        "TriggerMessage": {"requestedMessage": errand.word, **where},
        "GetDiagnostics": {"location": location, "retries": 1},
        "GetLog": _log(errand, location, number),
        "GetCompositeSchedule": {"connectorId": 0, "duration": HOUR, **where},
        "Reset": {"type": errand.word},
        "UnlockConnector": {"connectorId": FIRST, **where},
        "ChangeAvailability": {"connectorId": 0, "type": errand.word, **where},
    }
    return payloads.get(errand.action, {})


def payload_2(errand: Errand, location: str, number: int) -> dict[str, object]:
    """The payload of a fitted errand in OCPP 2.0.1 and 2.1; `number` joins a request and the reports that follow."""
    connector = errand.connector
    evse: dict[str, object] = {} if not connector else {"evse": {"id": connector}}
    payloads: Mapping[str, dict[str, object]] = {
        "GetVariables": {"getVariableData": [_variable(each) for each in errand.words]},
        "TriggerMessage": {"requestedMessage": errand.word, **_evse_to_trigger(errand)},
        "GetLog": _log(errand, location, number),
        "GetCompositeSchedule": {"duration": HOUR, "evseId": connector or 0},
        "GetBaseReport": {"requestId": number, "reportBase": errand.word or "FullInventory"},
        "GetReport": {"requestId": number, "componentCriteria": [errand.word or "Problem"]},
        "GetMonitoringReport": {"requestId": number},
        "Reset": {"type": errand.word},
        "UnlockConnector": {"evseId": connector or FIRST, "connectorId": FIRST},
        "ChangeAvailability": {"operationalStatus": errand.word, **evse},
    }
    return payloads.get(errand.action, {})


def payload_of(version: str) -> Callable[[Errand, str, int], dict[str, object]]:
    """How this version writes an errand."""
    return payload_16 if version == "1.6" else payload_2


def _evse_to_trigger(errand: Errand) -> dict[str, object]:
    """StatusNotification is asked of a connector, everything else of its EVSE."""
    if not errand.connector:
        return {}
    inner = {"connectorId": FIRST} if errand.word == "StatusNotification" else {}
    return {"evse": {"id": errand.connector, **inner}}


def _variable(name: str) -> dict[str, object]:
    component, _, variable = name.partition(".")
    return {"component": {"name": component}, "variable": {"name": variable}}


def _log(errand: Errand, location: str, number: int) -> dict[str, object]:
    return {"logType": errand.word or "DiagnosticsLog", "requestId": number, "log": {"remoteLocation": location}}
