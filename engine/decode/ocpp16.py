"""OCPP 1.6: what each request of a charger says, in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.message import Message
from chargelore.engine.decode.meter import meter_fields
from chargelore.engine.decode.native import code_signal, status_codes, transfer_codes
from chargelore.engine.signal import Scalar, Signal

MAX_METER_VALUES = 200
SECURITY = "OCPP security events"
# Types of a security event that say what is wrong; the others belong to any day.
_ALARMING = """
AttemptedReplayAttacks CSRGenerationFailed CsmsFailedToAuthenticate FailedToAuthenticateAtCsms
InvalidCentralSystemCertificate
InvalidChargePointCertificate InvalidChargingStationCertificate InvalidCsmsCertificate InvalidFirmwareSignature
InvalidFirmwareSigningCertificate InvalidMessages InvalidTLSCipherSuite InvalidTLSVersion MemoryExhaustion
TamperDetectionActivated
"""
ALARMING = frozenset(_ALARMING.split())

Decoder = Callable[[Signal, Message], Iterator[Signal]]


def decode(base: Signal, message: Message) -> Iterator[Signal]:
    """The signals of one 1.6 request of a charger; `base` carries charger, time, line, raw and marks."""
    yield from DECODERS.get(message.action, plain)(base, message)


def plain(base: Signal, message: Message) -> Iterator[Signal]:
    """The payload as it is."""
    yield replace(base, fields={**base.fields, **flat(message.payload)})


def _boot(base: Signal, message: Message) -> Iterator[Signal]:
    said = flat(message.payload)
    known: dict[str, Scalar] = {
        "vendor": said.get("chargePointVendor"),
        "model": said.get("chargePointModel"),
        "firmware": said.get("firmwareVersion"),
    }
    yield replace(base, fields={**base.fields, **said, **{k: v for k, v in known.items() if v is not None}})


def _status(base: Signal, message: Message) -> Iterator[Signal]:
    fields = flat(message.payload)
    for name in ("status", "errorCode"):  # some web pages print them in bold
        if isinstance(value := fields.get(name), str):
            fields[name] = value.strip().strip("*")
    signal = replace(base, fields={**base.fields, **fields})
    yield signal
    yield from status_codes(signal, message.payload)


def transfer(base: Signal, message: Message) -> Iterator[Signal]:
    """What a maker says in its own words, and the codes in them."""
    for signal in plain(base, message):
        yield signal
        yield from transfer_codes(signal, message.payload)


def _meter(base: Signal, message: Message) -> Iterator[Signal]:
    values = message.payload.get("meterValue", message.payload.get("values"))
    shared = {**base.fields, **flat({k: v for k, v in message.payload.items() if k not in ("meterValue", "values")})}
    readings = [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []
    for value in readings[:MAX_METER_VALUES]:
        yield metered(replace(base, fields=shared), value)
    if not readings:
        yield replace(base, fields=shared)


def metered(base: Signal, value: Mapping[str, object]) -> Signal:
    """One `meter` signal from one MeterValue, in SI units."""
    fields, marks = meter_fields(value)
    return replace(base, kind="meter", fields={**base.fields, **fields}, marks=tuple(dict.fromkeys(base.marks + marks)))


def _stop(base: Signal, message: Message) -> Iterator[Signal]:
    """The transactionData before the last are history, told again; only the last is news."""
    fields = flat({k: v for k, v in message.payload.items() if k != "transactionData"})
    history = message.payload.get("transactionData")
    if isinstance(history, list) and history and isinstance(history[-1], Mapping):
        yield metered(replace(base, fields={**base.fields, "transactionId": fields.get("transactionId")}), history[-1])
    yield replace(base, fields={**base.fields, **fields})


def _security(base: Signal, message: Message) -> Iterator[Signal]:
    for signal in plain(base, message):
        yield signal
        said = str(signal.fields.get("type"))
        if said in ALARMING:
            more = {"vendor": SECURITY, "text": signal.fields.get("techInfo")}
            yield code_signal(signal, said, "ocpp.securityEvent", more)


DECODERS: Mapping[str, Decoder] = {
    "BootNotification": _boot,
    "StatusNotification": _status,
    "DataTransfer": transfer,
    "MeterValues": _meter,
    "StopTransaction": _stop,
    "SecurityEventNotification": _security,
}
