"""OCPP 2.0.1 and 2.1: what each request of a charging station says, in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from chargelore.engine.decode import ocpp16
from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.message import Message
from chargelore.engine.decode.native import code_signal, is_null, separated, status_codes
from chargelore.engine.signal import Scalar, Signal

ONLY_IN_2 = frozenset({"TransactionEvent", "NotifyEvent", "NotifyReport", "NotifyMonitoringReport"})
KEYS_OF_2 = frozenset({"chargingStation", "connectorStatus", "evseId", "idToken"})
MAX_EVENTS = 200
DEVICE_MODEL = "OCPP 2.x device model"
WRONG = frozenset({"Problem", "Tripped", "Overload"})  # variables that are true when something is wrong
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
    meters = [ocpp16.metered(_about(base, fields), each) for each in _objects(values)]
    kind = _TRANSACTION_KINDS.get(str(payload.get("eventType")), "transaction")
    yield replace(base, kind=kind, fields={**fields, **_register(kind, meters)})
    yield from meters


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
    events = _objects(message.payload.get("eventData"))
    for event in events:
        signal = _event(base, event)
        yield signal
        if event.get("cleared") is not True:
            yield from _codes(signal)
    if not events:
        yield from ocpp16.plain(base, message)


def _codes(event: Signal) -> Iterator[Signal]:
    """The maker's codes, and the name that the device model has for a part in trouble: `RCD.Tripped`."""
    tech_code = str(event.fields.get("techCode") or "")
    for code in () if is_null(tech_code) else separated(tech_code):
        yield code_signal(event, code, "ocpp.techCode", {"text": event.fields.get("techInfo")})
    component, variable = event.fields["component"], event.fields["variable"]
    if component and variable in WRONG and str(event.fields.get("actualValue")).lower() == "true":
        yield code_signal(event, f"{component}.{variable}", "ocpp.notifyEvent", {"vendor": DEVICE_MODEL})


def _event(base: Signal, event: Mapping[str, object]) -> Signal:
    said = flat(event)
    evse = said.get("component.evse.id")
    fields = {
        **base.fields,
        **said,
        "component": said.get("component.name"),
        "variable": said.get("variable.name"),
    }
    return replace(base, fields=fields, connector=evse if isinstance(evse, int) else base.connector)


def _objects(values: object) -> list[Mapping[str, object]]:
    return [each for each in values[:MAX_EVENTS] if isinstance(each, Mapping)] if isinstance(values, list) else []


DECODERS: Mapping[str, ocpp16.Decoder] = {
    "BootNotification": _boot,
    "StatusNotification": _status,
    "TransactionEvent": _transaction,
    "MeterValues": _meter,
    "NotifyEvent": _events,
}
