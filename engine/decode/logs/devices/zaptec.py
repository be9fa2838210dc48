"""Zaptec: chargers as its cloud lists them, and states by number, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.logs.devices.device import Device, as_number, code_record, identity, reading
from chargelore.engine.decode.logs.record import Head, Record
from chargelore.engine.decode.native import is_null
from chargelore.engine.signal import Scalar

VENDOR = "Zaptec"
_MODES = {
    "0": "unknown", "1": "no vehicle", "2": "vehicle asks for energy", "3": "charging", "5": "charging finished"
}  # fmt: skip

CHARGER = Device(
    name="Zaptec charger",
    vendor=VENDOR,
    signs=(frozenset({"OperatingMode", "DeviceId"}), frozenset({"OperatingMode", "IsOnline"})),
    words={"OperatingMode": _MODES},
    who={"DeviceId": "charger", "SerialNo": "charger"},
    layer="csms",
)

# Numbers of states as Zaptec's public interface description lists them.
_NAMES = {
    -2: "online", 150: "communication mode", 201: "temperature inside", 202: "temperature inside 2", 270: "humidity",
    501: "voltage L1", 502: "voltage L2", 503: "voltage L3", 507: "current L1", 508: "current L2", 509: "current L3",
    510: "max charger current", 511: "min charger current", 513: "total power", 553: "session energy",
    708: "current set", 710: "operating mode", 711: "enabled", 718: "final stop", 723: "completed session",
    804: "warnings", 809: "signal strength", 911: "firmware",
}  # fmt: skip
_PRIVATE = {722: "idToken", 750: "idTag", 723: "session"}  # what the door must know by name
_METERS = {
    201: ("temperature", 1.0), 501: ("voltage.l1", 1.0), 502: ("voltage.l2", 1.0), 503: ("voltage.l3", 1.0),
    507: ("current.l1", 1.0), 508: ("current.l2", 1.0), 509: ("current.l3", 1.0), 513: ("power", 1.0),
    553: ("energy.interval", 1000.0), 708: ("current.offered", 1.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    """`{"ChargerId": "…", "StateId": 804, "Timestamp": "…", "ValueAsString": "4096"}`, in either case of letters."""

    name: str = "Zaptec state"
    vendor: str = VENDOR

    def knows(self, body: Mapping[str, object]) -> bool:
        named = {key.lower() for key in body}
        return "stateid" in named and not named.isdisjoint({"valueasstring", "value"})

    def records(self, body: Mapping[str, object]) -> Iterator[Record]:
        said = {key.lower(): value for key, value in flat(body).items()}
        number, value = int(as_number(said.get("stateid")) or 0), str(said.get("valueasstring", said.get("value")))
        stamp, charger = str(said.get("timestamp") or ""), str(said.get("deviceid") or said.get("chargerid") or "")
        base = Record(0, "", Head(0, stamp), charger=charger, layer="csms")
        meaning = {"meaning": _MODES[value]} if number == 710 and value in _MODES else {}
        fields: dict[str, Scalar] = {"name": _NAMES.get(number, f"state {number}"), "id": number}
        fields[_PRIVATE.get(number, "value")] = value
        firmware = value if number == 911 else None
        yield reading(base, {**fields, **meaning}, identity(VENDOR, firmware=firmware))
        measured = as_number(value)
        if number in _METERS and measured is not None:
            name, factor = _METERS[number]
            yield base._replace(kind="meter", fields={name: measured * factor})
        if number == 804 and not is_null(value):
            yield code_record(base, VENDOR, value, "api:warnings")


DEVICES = (CHARGER, _State())
