"""OCPP 2.0.1 and 2.1: what each request of a charging station says, in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from chargelore.engine.decode import devicemodel, ocpp16
from chargelore.engine.decode.devicemodel import objects
from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.message import Message
from chargelore.engine.decode.native import code_signal, status_codes
from chargelore.engine.signal import Scalar, Signal

_ONLY_IN_2 = """
TransactionEvent NotifyEvent NotifyReport NotifyMonitoringReport NotifyPeriodicEventStream NotifyDERAlarm
NotifySettlement BatterySwap
"""
ONLY_IN_2 = frozenset(_ONLY_IN_2.split())
KEYS_OF_2 = frozenset({"chargingStation", "connectorStatus", "evseId", "idToken"})
STANDARD_2 = "OCPP 2.x"
UNPAID = frozenset({"Rejected", "Failed"})  # of a payment; one that was cancelled is no trouble of the charger
# Reasons of a stop and triggers that say what is wrong; the others are orders, limits or the end of a visit.
_TELLING = {
    "reason": frozenset({"EmergencyStop", "GroundFault", "OvercurrentFault", "PowerLoss", "PowerQuality"}),
    "triggerReason": frozenset({"EVCommunicationLost"}),
}
_CHANNELS = {"reason": "ocpp.stoppedReason", "triggerReason": "ocpp.triggerReason"}
_TRANSACTION_KINDS = {"Started": "start", "Updated": "transaction", "Ended": "stop"}


def speaks_2(message: Message) -> bool:
    """Whether a request is one of OCPP 2.x by its action or its keys."""
    return message.action in ONLY_IN_2 or not KEYS_OF_2.isdisjoint(message.payload)


def decode(base: Signal, message: Message) -> Iterator[Signal]:
    """The signals of one 2.x request of a charging station."""
    yield from DECODERS.get(message.action, ocpp16.plain)(base, message)


def _boot(base: Signal, message: Message) -> Iterator[Signal]:
    said = flat(message.payload)
    known: dict[str, Scalar] = {
        "vendor": said.get("chargingStation.vendorName"),
        "model": said.get("chargingStation.model"),
        "firmware": said.get("chargingStation.firmwareVersion"),
    }
    yield replace(base, fields={**base.fields, **said, **{k: v for k, v in known.items() if v is not None}})


def _status(base: Signal, message: Message) -> Iterator[Signal]:
    said = flat(message.payload)
    signal = replace(base, fields={**base.fields, **said, "status": said.get("connectorStatus", said.get("status"))})
    yield signal
    yield from status_codes(signal, message.payload)


def _transaction(base: Signal, message: Message) -> Iterator[Signal]:
    payload = message.payload
    said = flat({key: value for key, value in payload.items() if key != "meterValue"})
    info = {
        "transactionId": said.get("transactionInfo.transactionId"),
        "chargingState": said.get("transactionInfo.chargingState"),
        "reason": said.get("transactionInfo.stoppedReason"),
        "idTag": said.get("idToken.idToken"),
    }
    fields = {**base.fields, **said, **{name: value for name, value in info.items() if value is not None}}
    values = payload.get("meterValue")
    meters = [ocpp16.metered(_about(base, fields), each) for each in objects(values)]
    kind = _TRANSACTION_KINDS.get(str(payload.get("eventType")), "transaction")
    signal = replace(base, kind=kind, fields={**fields, **_register(kind, meters)})
    yield signal
    yield from _reasons(signal)
    yield from meters


def _reasons(signal: Signal) -> Iterator[Signal]:
    for field, telling in _TELLING.items():
        said = signal.fields.get(field)
        if said in telling:
            yield code_signal(signal, str(said), _CHANNELS[field], {"vendor": STANDARD_2})


def _about(base: Signal, fields: Mapping[str, Scalar]) -> Signal:
    shared = {name: fields[name] for name in ("transactionId", "evse.id", "chargingState") if name in fields}
    return replace(base, fields={**base.fields, **shared})


def _register(kind: str, meters: list[Signal]) -> dict[str, Scalar]:
    """meterStart and meterStop as 1.6 names them, from the first and last energy register."""
    energies = [each.fields["energy"] for each in meters if each.fields.get("energy") is not None]
    if not energies or kind == "transaction":
        return {}
    return {"meterStart": energies[0]} if kind == "start" else {"meterStop": energies[-1]}


def _meter(base: Signal, message: Message) -> Iterator[Signal]:
    yield from ocpp16.DECODERS["MeterValues"](base, message)


def _events(base: Signal, message: Message) -> Iterator[Signal]:
    has_events = bool(objects(message.payload.get("eventData")))
    yield from (devicemodel.events if has_events else ocpp16.plain)(base, message)


def _alarm(base: Signal, message: Message) -> Iterator[Signal]:
    """A fault of the grid that a converter of 2.1 sees, until it says that the alarm ended."""
    for signal in ocpp16.plain(base, message):
        yield signal
        fault = signal.fields.get("gridEventFault")
        if fault and signal.fields.get("alarmEnded") is not True:
            yield code_signal(signal, str(fault), "ocpp.gridEventFault", _of_2(signal, "extraInfo"))


def _settlement(base: Signal, message: Message) -> Iterator[Signal]:
    for signal in ocpp16.plain(base, message):
        yield signal
        status = str(signal.fields.get("status"))
        if status in UNPAID:
            yield code_signal(signal, status, "ocpp.paymentStatus", _of_2(signal, "statusInfo"))


def _of_2(signal: Signal, text: str) -> dict[str, Scalar]:
    return {"vendor": STANDARD_2, "text": signal.fields.get(text)}


def _swap(base: Signal, message: Message) -> Iterator[Signal]:
    """Batteries of vehicles that change them: charge and health of each are readings of its EVSE."""
    yield from ocpp16.plain(base, message)
    for battery in objects(message.payload.get("batteryData")):
        said = flat(battery)
        evse = said.get("evseId")
        for name, value in (("battery.soc", said.get("soC")), ("battery.soh", said.get("soH"))):
            if isinstance(evse, int) and isinstance(value, int | float):
                fields: dict[str, Scalar] = {"name": name, "value": value, "unit": "%"}
                yield replace(base, kind="reading", connector=evse, fields=fields, raw=f"{name} {value} %")


DECODERS: Mapping[str, ocpp16.Decoder] = {
    "DataTransfer": ocpp16.transfer,
    "BootNotification": _boot,
    "StatusNotification": _status,
    "TransactionEvent": _transaction,
    "MeterValues": _meter,
    "NotifyEvent": _events,
    "NotifyReport": devicemodel.report,
    "NotifyMonitoringReport": devicemodel.monitors,
    "NotifyPeriodicEventStream": devicemodel.stream,
    "NotifyDERAlarm": _alarm,
    "NotifySettlement": _settlement,
    "BatterySwap": _swap,
    "SecurityEventNotification": ocpp16.DECODERS["SecurityEventNotification"],
}
