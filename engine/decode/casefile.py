"""Case file: signals gathered by hand, `{"charger", "protocol", "note", "signals": [{ts?, channel, raw}]}`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from msgspec.structs import replace

from chargelore.engine.case import Charger
from chargelore.engine.decode.actions import KNOWN
from chargelore.engine.decode.flat import clean
from chargelore.engine.decode.jsonish import mended, strict
from chargelore.engine.decode.logs import recognised
from chargelore.engine.decode.logs.placing import Placed, Placing
from chargelore.engine.decode.logs.reader import records
from chargelore.engine.decode.logs.record import Head, Line, Record
from chargelore.engine.decode.logs.sayings import Sayings
from chargelore.engine.decode.logs.telling import signals
from chargelore.engine.decode.message import Message, Side, message_from
from chargelore.engine.signal import Signal
from chargelore.kb.errors import InputError
from chargelore.kb.model import Layer

MAX_SIGNALS = 200_000
NOTE_CHANNEL = "note"

LAYERS: Mapping[str, Layer] = {
    "ocpp": "ocpp", "csms": "csms", "ems": "csms", "proxy": "csms", "modbus": "modbus", "ccs": "vehicle",
    "vehicle": "vehicle", "iso15118": "vehicle", "meter": "grid", "grid": "grid", "reporter": "field", "note": "field",
    "observation": "field", "measurement": "field", "inspection": "field",
}  # fmt: skip
_OBSERVED = frozenset({"reporter", "display", "observation", "measurement", "note", "inspection", "ui", "scope"})
_READ = frozenset({"modbus", "meter", "api", "register", "rest", "json", "mqtt", "udp", "config", "exi", "grid", "db"})
_SENDERS: Mapping[str, Side] = {"cp_to_cs": "charger", "cs_to_cp": "csms"}


class CaseFile(NamedTuple):
    """Who the case is about, and its signals in order."""

    charger: Charger
    protocol: str
    signals: Iterator[Signal]


def looks(text: str) -> bool:
    """Whether a text is the beginning of a case file."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and '"signals"' in text


def case_file(text: str, where: str = "") -> CaseFile | None:
    """The case in a text; None where it is some other JSON. A cut file is read as far as it goes."""
    begin = text.find("{")
    whole = strict(text, begin) or mended(text, begin)
    said = whole.value if whole is not None else None
    if whole is None or not isinstance(said, Mapping) or "signals" not in said:
        return None
    given = said["signals"]
    if not isinstance(given, list):
        raise InputError("`signals` is not a list", where=where, mend='write it as [{"channel": …, "raw": …}]')
    charger = _charger(said)
    marks = ("cut",) if "cut" in whole.marks else ()
    protocol = str(said.get("protocol") or "")
    told = chain(_note(said, charger), _all_signals(given, charger, protocol))
    return CaseFile(charger, protocol, (replace(each, marks=(*each.marks, *marks)) for each in told) if marks else told)


def _charger(said: Mapping[str, object]) -> Charger:
    named = said.get("charger")
    about = named if isinstance(named, Mapping) else {}
    words = {key: str(clean(about.get(key) or "")) for key in ("vendor", "model", "firmware")}
    return Charger(id=str(clean(about.get("id") or said.get("id") or "")), **words)


def _note(said: Mapping[str, object], charger: Charger) -> Iterator[Signal]:
    note = str(clean(said.get("note") or "")).strip()
    if note:
        yield _observation(note, charger.id, 0, NOTE_CHANNEL)


def _observation(text: str, charger: str, line: int, name: str) -> Signal:
    fields = {"text": text, "name": name}
    return Signal(layer="field", kind="observation", charger=charger, fields=fields, raw=text, line=line)


def _all_signals(given: list[object], charger: Charger, protocol: str) -> Iterator[Signal]:
    place, sayings = Placing(sole=charger.id), Sayings()
    for number, each in enumerate(given[:MAX_SIGNALS], 1):
        if not isinstance(each, Mapping):
            yield replace(_observation(str(each), charger.id, number, "signal"), kind="unreadable", marks=("off-spec",))
            continue
        channel = str(each.get("channel") or "")
        for placed in _placed(each, number, channel, place):
            for signal in signals(placed, sayings, protocol):
                yield _as_heard_on(signal, channel)


def _placed(each: Mapping[str, object], number: int, channel: str, place: Placing) -> Iterator[Placed]:
    stamp, raw = str(each.get("ts") or ""), each.get("raw")
    way = _SENDERS.get(channel.rpartition(".")[2], "")
    for record in _records(raw, number, stamp):
        own = record._replace(way=way or record.way, charger="")
        if (
            record.message is None
            and channel.startswith("ocpp.")
            and (headless := _headless(record.raw or record.text))
        ):
            own = own._replace(message=headless)
        yield place.placed(own)


def _records(raw: object, number: int, stamp: str) -> Iterator[Record]:
    """A frame given as a list, an object of some interface, or a text of lines as some logger wrote them."""
    message = message_from(raw, str(raw)) if isinstance(raw, list) else None
    if message is not None:
        yield Record(number, "", Head(0, stamp), message=message)
        return
    text = raw if isinstance(raw, str) else _written(raw)
    lines = text.split("\n")
    for record in records((Line(number, line) for line in lines), recognised(lines)):
        yield record if record.head.stamp or not stamp else record._replace(head=record.head._replace(stamp=stamp))


def _written(raw: object) -> str:
    """What is no text as JSON says it, so that whoever knows the interface knows it here too."""
    return json.dumps(raw, ensure_ascii=False) if isinstance(raw, list | dict) else str(clean(raw))


def _headless(text: str) -> Message | None:
    """A frame whose beginning was lost, from its action on: `StatusNotification", {"connectorId": 2, …`."""
    action, quote, rest = text.strip().lstrip('"').partition('"')
    brace = rest.find("{")
    if action not in KNOWN or not quote:
        return None
    body = rest[brace:] if brace >= 0 else "{" + rest.lstrip(", ")
    payload = mended(body)
    if payload is None or not isinstance(payload.value, Mapping):
        return None
    return Message(type=2, uid="", action=action, payload=payload.value, raw=text, marks=("cut",))


def layer_of(channel: str) -> Layer:
    """The layer that a channel looks at; what we do not know is the charger's own firmware."""
    return LAYERS.get(channel.partition(".")[0], "firmware")


def _as_heard_on(signal: Signal, channel: str) -> Signal:
    """Texts take layer and kind from their channel; frames are frames wherever they were written down."""
    if signal.kind not in ("log", "reading", "observation"):
        return signal
    first, _, last = channel.partition(".")
    kind = signal.kind
    if last in ("note", "ui") or first in _OBSERVED or last in _OBSERVED:
        kind = "observation"
    elif kind == "log" and (first in _READ or last in _READ):
        kind = "reading"
    return replace(signal, kind=kind, layer=layer_of(channel), fields={**signal.fields, "name": channel})
