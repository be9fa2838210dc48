"""Device model: what a 2.x station says of its components and variables, and which of that is trouble.

Names are those of OCPP 2.0.1 part 2, appendix 3, and of OCPP 2.1. A fault is told by an event on a variable that means
one, by a measured value that passed a limit, or by a code of the maker; that a connector is `Faulted` is no cause.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from msgspec.structs import replace

from chargelore.engine.decode.clock import payload_time
from chargelore.engine.decode.flat import clean, flat
from chargelore.engine.decode.message import Message
from chargelore.engine.decode.native import code_signal, is_null, separated
from chargelore.engine.doorwords import KINDS as HIDDEN
from chargelore.engine.signal import Scalar, Signal

MAX_EVENTS = 200  # events, values or monitors of one message that become signals
DEVICE_MODEL = "OCPP 2.x device model"
EVENT, REPORT, TECH_CODE = "ocpp.notifyEvent", "ocpp.notifyReport", "ocpp.techCode"
CONSEQUENCE = "consequence"  # mark of an event that another one caused, which tells what is wrong
NOTICE = 7  # severity from which on a station only notices, informs or debugs
MOST_STATIONS_PARTS = 1_000  # numbers of EVSEs beyond that are none

WRONG = frozenset({"Problem", "Tripped", "Overload"})  # true when something is wrong with any component
_ALARM_NAMES = """
CableBreakawaySensor CaseAccessSensor EmergencyStopSensor ExternalTemperatureSensor FloodSensor
GroundIsolationProtection OverCurrentProtection ShockSensor TemperatureSensor TiltSensor VandalismSensor
"""
_ALARMS = frozenset(_ALARM_NAMES.split())
# True when something is wrong with these components; of others it says that they work.
_WRONG_OF: Mapping[str, frozenset[str]] = {
    "Active": _ALARMS,
    "Operated": frozenset({"OverCurrentProtection", "RCD"}),
    "Fallback": frozenset({"DataLink", "ELVSupply", "RealTimeClock"}),
}
# Measured; wrong when a monitor says that a limit was passed.
_MEASURED = """
ChargingStation.ACCurrent ChargingStation.CurrentImbalance ChargingStation.VoltageImbalance DataLink.SignalStrength
ElectricalFeed.ACCurrent ElectricalFeed.ACVoltage ElectricalFeed.PhaseRotation EVSE.ACCurrent EVSE.CurrentImbalance
EVSE.DCCurrent EVSE.DCVoltage EVSE.VoltageImbalance ExternalTemperatureSensor.Temperature
GroundIsolationProtection.Impedance HumiditySensor.Humidity TemperatureSensor.Temperature
"""
MEASURED = frozenset(_MEASURED.split())
# What the vehicle says through the station, as values of ConnectedEV.ChargingState.
_VEHICLE_STATE_NAMES = """
BatteryOvervoltage BatteryUndervoltage ChargingCurrentDeviation BatteryTemperature VoltageDeviation
ChargingSystemError VehicleShiftPosition ChargingSystemIncompatibility ChargerConnectorLockFault
"""
_VEHICLE_STATES = frozenset(_VEHICLE_STATE_NAMES.split())
_FALSE = frozenset({"false", "0"})
_NUMBERS = frozenset({"decimal", "integer"})


def events(base: Signal, message: Message) -> Iterator[Signal]:
    """Each event of a NotifyEvent; behind one that tells of trouble its codes, if no other of them caused it."""
    told = objects(message.payload.get("eventData"))
    shared = _hidden(told)
    made = [_event(base, each, shared) for each in told]
    codes = {place: tuple(_codes(each, shared)) for place, each in enumerate(made)}
    known = {each.fields["eventId"]: place for place, each in enumerate(made) if each.fields.get("eventId") is not None}
    for place, event in enumerate(made):
        root = _root(place, made, known, codes)
        yield event if root is None else caused(event, variable_of(made[root].fields), made[root].fields["eventId"])
        yield from codes[place] if root is None else ()


def caused(event: Signal, variable: str, number: Scalar) -> Signal:
    """The event, which another one of that variable and number explains."""
    name = {"root": variable, "root.eventId": number}
    return replace(event, fields={**event.fields, **name}, marks=(*event.marks, CONSEQUENCE))


def _root(
    place: int, made: Sequence[Signal], known: Mapping[Scalar, int], codes: Mapping[int, tuple[Signal, ...]]
) -> int | None:
    """The event of the same message at the begin of the chain of causes that tells of trouble; None for itself."""
    found, seen = None, {place}
    while (cause := known.get(made[place].fields.get("cause"))) is not None and cause not in seen:
        place = cause
        seen.add(place)
        found = place if codes[place] else found
    return found


def _event(base: Signal, event: Mapping[str, object], shared: Mapping[str, Scalar]) -> Signal:
    said = flat(event)
    fields = {**base.fields, **shared, **said, **_names(said)}
    return replace(base, fields=fields, connector=_evse(said, base.connector))


def _names(said: Mapping[str, Scalar]) -> dict[str, Scalar]:
    return {"component": said.get("component.name"), "variable": said.get("variable.name")}


def _evse(said: Mapping[str, Scalar], otherwise: int | None) -> int | None:
    evse = said.get("component.evse.id")
    return evse if type(evse) is int and 0 <= evse < MOST_STATIONS_PARTS else otherwise


def variable_of(fields: Mapping[str, Scalar]) -> str:
    """Component and variable as code tables name them: `RCD.Tripped`."""
    return f"{fields.get('component')}.{fields.get('variable')}"


def is_over(fields: Mapping[str, Scalar]) -> bool:
    """Whether an event says that all is well again: it is cleared, or its variable is not true any more."""
    return fields.get("cleared") is True or (_is_flag(fields) and _text(fields.get("actualValue")) in _FALSE)


def _is_flag(fields: Mapping[str, Scalar]) -> bool:
    """Whether the variable is true while something is wrong."""
    variable = str(fields.get("variable"))
    return variable in WRONG or fields.get("component") in _WRONG_OF.get(variable, ())


def _text(value: Scalar) -> str:
    return str(value).strip().lower()


def _codes(event: Signal, shared: Mapping[str, Scalar]) -> Iterator[Signal]:
    """The maker's codes, and the name that the device model has for a part in trouble: `RCD.Tripped`."""
    fields = event.fields
    if is_over(fields):
        return
    known = {**shared, **{name: fields.get(name) for name in ("eventId", "cause", "variableMonitoringId")}}
    tech_code = str(fields.get("techCode") or "")
    for code in () if is_null(tech_code) else separated(tech_code):
        yield code_signal(event, code, TECH_CODE, {"text": fields.get("techInfo"), **known})
    if name := _trouble(fields):
        yield code_signal(event, name, EVENT, {"vendor": DEVICE_MODEL, "text": fields.get("techInfo"), **known})


def _trouble(fields: Mapping[str, Scalar]) -> str:
    """The name of what is wrong; "" for what only informs."""
    name, value = variable_of(fields), fields.get("actualValue")
    if not fields.get("component"):
        return ""
    if _is_flag(fields):
        return name if _text(value) in ("true", "1") else ""
    if name == "ConnectedEV.ChargingState":
        return f"{name}={value}" if value in _VEHICLE_STATES else ""
    return name if name in MEASURED and fields.get("trigger") == "Alerting" and matters(fields) else ""


def matters(fields: Mapping[str, Scalar]) -> bool:
    """Whether a passed limit is more than a notice to whoever set the monitor."""
    severity = fields.get("severity")
    return not isinstance(severity, int) or severity < NOTICE


def _hidden(told: Sequence[Mapping[str, object]]) -> dict[str, Scalar]:
    """Values that name someone, for each signal of the message to know, as its raw text holds them all."""
    flats = ({**(said := flat(each)), **_names(said)} for each in told)
    return {variable_of(each): each.get("actualValue") for each in flats if _text(each["variable"]) in HIDDEN}


def report(base: Signal, message: Message) -> Iterator[Signal]:
    """A NotifyReport as it is, each value in it as a reading, and a code for each part that is in trouble."""
    told = [_reported(each) for each in objects(message.payload.get("reportData"))]
    values = {str(each["name"]): each["value"] for each in told if each["value"] is not None}
    rest = {key: value for key, value in message.payload.items() if key != "reportData"}
    yield replace(base, fields={**values, **base.fields, **flat(rest)})
    for each in told:
        if each["value"] is not None:
            yield from _read(base, each)


def _reported(data: Mapping[str, object]) -> dict[str, Scalar]:
    """Name, value, unit and place of one variable; of its attributes the actual value counts."""
    said = flat({key: value for key, value in data.items() if key != "variableAttribute"})
    attributes = objects(data.get("variableAttribute"))
    actual = next((each for each in attributes if each.get("type", "Actual") == "Actual"), {})
    fields = {**_names(said), "component.instance": said.get("component.instance"), "evse": _evse(said, None)}
    kind, unit = (said.get(f"variableCharacteristics.{name}") for name in ("dataType", "unit"))
    value = clean(actual.get("value"))
    measured = _as_number(value) if kind in _NUMBERS else None
    return {**fields, "name": variable_of(fields), "value": value if measured is None else measured, "unit": unit}


def _read(base: Signal, told: Mapping[str, Scalar]) -> Iterator[Signal]:
    """It stands in a text of its own, as the whole message may hold what must not be shown."""
    evse = told["evse"]
    place = evse if isinstance(evse, int) else base.connector
    fields: dict[str, Scalar] = {name: value for name, value in told.items() if value is not None and name != "evse"}
    if _text(told["variable"]) in HIDDEN:
        fields[str(told["name"])] = told["value"]  # under a name by which the door knows what it is
    reading = replace(base, kind="reading", fields=fields, connector=place, raw=f"{told['name']} {told['value']}")
    yield reading
    if name := _trouble({**told, "actualValue": told["value"]}):
        yield code_signal(reading, name, REPORT, {"vendor": DEVICE_MODEL})


def monitors(base: Signal, message: Message) -> Iterator[Signal]:
    """A NotifyMonitoringReport, one signal a monitor: id, type, value (the limit), severity, component, variable."""
    rest = flat({key: value for key, value in message.payload.items() if key != "monitor"})
    base = replace(base, fields={**base.fields, **rest})
    told = [(each, one) for each in objects(message.payload.get("monitor")) for one in _monitors_of(each)]
    for each, one in told[:MAX_EVENTS]:
        said = flat({key: value for key, value in each.items() if key != "variableMonitoring"})
        fields = {**base.fields, **said, **_names(said), **flat(one, "monitor")}
        yield replace(base, fields=fields, connector=_evse(said, base.connector))
    if not told:
        yield base


def _monitors_of(data: Mapping[str, object]) -> list[Mapping[str, object]]:
    return objects(data.get("variableMonitoring"))


def stream(base: Signal, message: Message) -> Iterator[Signal]:
    """A NotifyPeriodicEventStream of 2.1: its values as readings of the stream, dated by the station."""
    rest = flat({key: value for key, value in message.payload.items() if key != "data"})
    yield replace(base, fields={**base.fields, **rest})
    name, begin = f"stream {rest.get('id')}", payload_time(rest.get("basetime"))
    for each in objects(message.payload.get("data")):
        fields: dict[str, Scalar] = {"name": name, "stream": rest.get("id"), "value": _value(each)}
        after = _as_number(clean(each.get("t")))
        if begin is not None and after is not None and abs(after) < timedelta(days=31).total_seconds():
            fields["timestamp"] = (begin + timedelta(seconds=after)).isoformat()
        yield replace(base, kind="reading", fields=fields, raw=f"{name} {fields['value']}")


def _value(point: Mapping[str, object]) -> Scalar:
    value = clean(point.get("v"))
    measured = _as_number(value)
    return value if measured is None else measured


def _as_number(value: Scalar) -> float | None:
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def objects(values: object) -> list[Mapping[str, object]]:
    """The objects of a list, as many as one message may bring."""
    return [each for each in values[:MAX_EVENTS] if isinstance(each, Mapping)] if isinstance(values, list) else []
