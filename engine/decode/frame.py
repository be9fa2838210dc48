"""Frame: one OCPP-J text becomes signals, whichever version it speaks and however broken it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from chargelore.engine.decode import ocpp2, ocpp16
from chargelore.engine.decode.actions import EITHER_SIDE, KIND_OF_CHARGER_REQUEST, sender_of
from chargelore.engine.decode.clock import payload_time
from chargelore.engine.decode.flat import clean, flat
from chargelore.engine.decode.message import Message, Origin, Side, message_from
from chargelore.engine.decode.scan import messages_in
from chargelore.engine.signal import Scalar, Signal

MAX_RAW = 65_536


def decode_frame(  # noqa: PLR0913  # the one border where a frame and all that is known of it come in
    text: str | Sequence[object],
    *,
    direction: str | None = None,
    version: str = "",
    charger: str = "",
    at: datetime | None = None,
    line: int = 0,
) -> tuple[Signal, ...]:
    """The signals of one frame, at least one. `direction` is who sent it (`charger`, `csms`), None where unknown.

    What is no frame at all comes back as one signal of kind `unreadable`.
    """
    sender: Side = "charger" if direction == "charger" else "csms" if direction == "csms" else ""
    origin = Origin(charger=charger, at=at, line=line, sender=sender)
    message = _message(text)
    if message is None:
        return (unreadable(text if isinstance(text, str) else repr(text), origin),)
    return decode_message(message, origin, version)


def _message(text: str | Sequence[object]) -> Message | None:
    if isinstance(text, str):
        found = next(messages_in(text), None)
        return None if found is None else found.message
    return message_from(list(text), repr(list(text)) if len(text) < 100 else "")


def decode_message(message: Message, origin: Origin, version: str = "") -> tuple[Signal, ...]:
    """The signals of one message; answers become `orphan` until the dialogue finds their request."""
    if not message.is_call:
        return (_base(message, origin, "orphan", _answer(message, origin.sender)),)
    sender = sender_of(message.action) or origin.sender
    base = _base(message, origin, _kind(message, sender), _who(message, sender))
    if sender == "charger":
        decoder = ocpp2 if version.startswith(("ocpp2", "2")) or ocpp2.speaks_2(message) else ocpp16
        return tuple(_dated(signal) for signal in decoder.decode(base, message))
    if not sender and message.action in EITHER_SIDE:  # what speaks of errors there is a charger's
        return tuple(ocpp16.transfer(base, message))
    return tuple(ocpp16.plain(base, message))


def unreadable(text: str, origin: Origin, why: str = "no OCPP frame") -> Signal:
    """A signal that keeps what nobody could read."""
    shown = str(clean(text[:MAX_RAW]))
    return Signal(
        layer="ocpp",
        kind="unreadable",
        charger=origin.charger,
        at=origin.at,
        line=origin.line,
        raw=shown,
        fields={"text": shown[:500], "why": why},
        marks=("off-spec",),
    )


def _base(message: Message, origin: Origin, kind: str, fields: dict[str, Scalar]) -> Signal:
    return Signal(
        layer="ocpp",
        kind=kind,
        charger=origin.charger,
        fields=fields,
        connector=_connector(message.payload),
        at=origin.at,
        line=origin.line,
        raw=str(clean(message.raw[:MAX_RAW])),
        marks=message.marks if not origin.marks else tuple(dict.fromkeys((*message.marks, *origin.marks))),
    )


def _connector(payload: Mapping[str, object]) -> int | None:
    """The connector as 1.6 numbers it, or the EVSE of 2.x; None where the message names none."""
    evse = payload.get("evse")
    evse_id = payload.get("evseId") if evse is None or not isinstance(evse, Mapping) else evse.get("id")
    for number in (evse_id, payload.get("connectorId")):
        if type(number) is int and 0 <= number < 1_000:
            return number
        if isinstance(number, str) and number.isdecimal() and len(number) < 4:
            return int(number)
    return None


def _kind(message: Message, sender: str) -> str:
    if message.action in EITHER_SIDE:
        return "data-transfer"
    if sender == "csms":
        return "command"
    return KIND_OF_CHARGER_REQUEST.get(message.action, "call")


def _who(message: Message, sender: str) -> dict[str, Scalar]:
    """`uid` joins answer to request; `action` and `from` say who asked what."""
    return {"uid": message.uid, "action": str(clean(message.action)), "from": sender}


def _answer(message: Message, sender: str) -> dict[str, Scalar]:
    fields = _who(message, sender)
    if message.error or message.type > 3:
        fields |= {"status": "", "error": clean(message.error), "description": clean(message.description)}
    said = dict(_without_settings(message.payload))
    fields |= flat(said)
    fields |= dict(_settings(message.payload))
    return fields


def _without_settings(payload: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    return ((key, value) for key, value in payload.items() if key != "configurationKey")


def _settings(payload: Mapping[str, object]) -> Iterator[tuple[str, Scalar]]:
    """Settings that an answer tells: `key.<Name>` for each, `readonly.<Name>` where it cannot be changed."""
    keys = payload.get("configurationKey")
    for each in keys[:500] if isinstance(keys, list) else ():
        if isinstance(each, Mapping) and "key" in each:
            name = str(clean(str(each["key"])))
            yield f"key.{name}", clean(each.get("value"))
            if each.get("readonly") is True:
                yield f"readonly.{name}", True
    results = payload.get("getVariableResult")
    for each in results[:500] if isinstance(results, list) else ():
        names = flat(each) if isinstance(each, Mapping) else {}
        if "variable.name" in names:
            yield f"key.{names.get('component.name')}.{names['variable.name']}", names.get("attributeValue")


def _dated(signal: Signal) -> Signal:
    """A charger whose own clock says 1970 was never told the time."""
    written = signal.fields.get("timestamp")
    if type(written) is str and written.startswith("20") and written[4:5] == "-":  # as good as all of them
        return signal
    said = payload_time(written)
    if said is None or said.year != 1970 or "1970" in signal.marks:
        return signal
    return replace(signal, marks=(*signal.marks, "1970"))
