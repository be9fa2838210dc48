"""Easee: the state of a charger as its cloud gives it, and observations by number, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.logs.devices.device import Device, as_number, code_record, identity, reading
from chargelore.engine.decode.logs.record import Head, Record
from chargelore.engine.decode.native import is_null
from chargelore.engine.signal import Scalar

VENDOR = "Easee"
_MODES = {
    "0": "offline", "1": "no vehicle", "2": "waits for the start", "3": "charging", "4": "completed", "5": "error",
    "6": "ready to charge", "7": "waits for authorization", "8": "ends the authorization",
}  # fmt: skip
_NORMAL_MODES = frozenset(_MODES) - {"5"}

STATE = Device(
    name="Easee state",
    vendor=VENDOR,
    signs=(frozenset({"chargerOpMode", "reasonForNoCurrent"}), frozenset({"chargerOpMode", "totalPower"})),
    meters={
        "totalPower": ("power", 1000.0),
        "sessionEnergy": ("energy.interval", 1000.0),
        "lifetimeEnergy": ("energy", 1000.0),
        "outputCurrent": ("current.offered", 1.0),
        "inCurrentT3": ("current.l1", 1.0),
        "inCurrentT4": ("current.l2", 1.0),
        "inCurrentT5": ("current.l3", 1.0),
        "voltage": ("voltage", 1.0),
    },
    codes={
        "chargerOpMode": "api:op_mode",
        "reasonForNoCurrent": "api:reasonForNoCurrent",
        "errorCode": "api:errorCode",
        "fatalErrorCode": "api:fatalErrorCode",
    },
    normal={"chargerOpMode": _NORMAL_MODES},
    words={"chargerOpMode": _MODES},
    who={"chargerFirmware": "firmware", "id": "charger", "serialNumber": "charger", "latestPulse": "at"},
    layer="csms",
)

# Numbers of observations as Easee's public interface description lists them.
_NAMES = {
    11: "charger offline reason", 31: "enabled", 38: "phase mode", 42: "authorization required",
    47: "max charger current", 48: "dynamic charger current", 80: "firmware", 83: "update error code",
    89: "reboot reason", 96: "reason for no current", 99: "connection to master", 100: "pilot mode",
    102: "smart charging", 103: "cable locked", 104: "cable rating", 109: "charger mode", 110: "output phase",
    114: "output current", 115: "derated current", 116: "derating active", 118: "error text", 119: "error code",
    120: "total power", 121: "session energy", 124: "lifetime energy", 130: "cell signal", 132: "Wi-Fi signal",
    183: "current T3", 184: "current T4", 185: "current T5", 250: "connected to cloud", 251: "cloud disconnect reason",
}  # fmt: skip
_METERS: Mapping[int, tuple[str, float]] = {
    114: ("current.offered", 1.0), 120: ("power", 1000.0), 121: ("energy.interval", 1000.0), 124: ("energy", 1000.0),
    183: ("current.l1", 1.0), 184: ("current.l2", 1.0), 185: ("current.l3", 1.0),
}  # fmt: skip
_PRIVATE = {36: "ssid", 81: "iccid", 108: "idToken", 128: "idToken", 241: "mac"}  # what the door must know by name
_CODES = {96: "api:reasonForNoCurrent", 109: "api:op_mode", 119: "api:errorCode"}


@dataclass(frozen=True, slots=True)
class _Observation:
    """`{"mid": "EH…", "id": 109, "timestamp": "…", "dataType": 4, "value": "5"}`."""

    name: str = "Easee observation"
    vendor: str = VENDOR

    def knows(self, body: Mapping[str, object]) -> bool:
        numbered = _number(body) is not None and "value" in body and "timestamp" in body
        return numbered and not body.keys().isdisjoint({"mid", "dataType", "observationId"})

    def records(self, body: Mapping[str, object]) -> Iterator[Record]:
        said, number = flat(body), _number(body) or 0
        value = str(said.get("value"))
        base = Record(0, "", Head(0, str(said["timestamp"])), charger=str(said.get("mid") or ""), layer="csms")
        held = _PRIVATE.get(number, "value")
        fields: dict[str, Scalar] = {"name": _NAMES.get(number, f"observation {number}"), held: said.get("value")}
        meaning = {"meaning": _MODES[value]} if number == 109 and value in _MODES else {}
        firmware = value if number == 80 else None
        yield reading(base, {**fields, "id": number, **meaning}, identity(VENDOR, firmware=firmware))
        measured = as_number(value)
        if number in _METERS and measured is not None:
            name, factor = _METERS[number]
            yield base._replace(kind="meter", fields={name: measured * factor})
        if number in _CODES and not is_null(value) and not (number == 109 and value in _NORMAL_MODES):
            yield code_record(base, VENDOR, value, _CODES[number])


def _number(body: Mapping[str, object]) -> int | None:
    number = body.get("observationId", body.get("id"))
    return number if isinstance(number, int) and not isinstance(number, bool) else None


DEVICES = (STATE, _Observation())
