"""What lines of text say beyond their words: link changes, bus traffic, values, codes, and requests told in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from chargelore.engine.decode.flat import flat
from chargelore.engine.decode.jsonish import Json, strict
from chargelore.engine.decode.logs import links, told, v2gsteps
from chargelore.engine.decode.logs.bus import Bus
from chargelore.engine.decode.logs.devices import objects_in
from chargelore.engine.decode.logs.makercodes import written_in
from chargelore.engine.decode.native import code_signal, is_null
from chargelore.engine.signal import Signal

_HINTS = (
    *("onnect", "losed", "ocket", "rror", "ault", "larm", "ehler", "RROR", "AULT"),
    *v2gsteps.MARKS,
    *("Conf", "Notif", "Profile", "action", "{", "$ST", "$AT", "FAILED_", "/err", "/MREC"),
)
_BETWEEN = (" ", ":", "-", ",")  # two hex digits at the end: a trace of bytes
_ENDS_IN_VALUE = re.compile(r"[=:]\s{0,3}-?[\d.]+ ?[A-Za-z%°]{0,5}\Z|(?:[0-9A-Fa-f]{2}[ :,-]{1,2}){3}")
_ENDING = 40
_VALUE = re.compile(
    r"(?P<name>[A-Za-z](?:(?!\d\.\d)[\w .%/-]){0,40}?|\[(?P<register>\d{1,5})\])"
    r"\s*[=:]\s*(?P<value>-?\d{1,15}(?:\.\d{1,9})?)\s*(?P<unit>[A-Za-z%°]{0,5})\Z"
)
_CODE = re.compile(
    r"\b(?:error|fault|alarm|fehler|err|störung)s?[ _-]*"
    r"(?:(?:code|bits?|number|no\.?|nr\.?|id|flags?|register|mask)\s*[:=#]?\s*\(?(0x[0-9a-f]{1,16}|[a-z]{0,3}-?\d{1,6})"
    r"|[:=#]?\s*\(?(0x[0-9a-f]{1,16}|[ef]-?\d{1,5}))\b",
    re.IGNORECASE,
)
_CODE_KEY = re.compile(r"(?:.*\.)?(?:err(?:or)?|fault|alarm)(?:_?(?:code|bits?|flags?))?\d?\Z", re.IGNORECASE)
_SHORT_CODE = re.compile(r"[\w.-]{1,40}\Z")
_WORDS = ("msg", "message", "MESSAGE", "text", "event", "log")  # where a structured log line keeps its words
MAX_BODY_CODES = 8


@dataclass(slots=True)
class Sayings:
    """What one reading remembers of earlier lines: open bus requests, the link's state, whether frames were seen."""

    bus: Bus = field(default_factory=Bus)
    link: links.Link = field(default_factory=links.Link)
    v2g: v2gsteps.Dialogues = field(default_factory=v2gsteps.Dialogues)
    frames_seen: bool = False

    def of(self, signal: Signal) -> Iterator[Signal]:
        """The signal of a line, better understood, and those that it brings with it."""
        text = str(signal.fields["text"])
        body = strict(text, text.find("{")) if "{" in text else None
        if body is not None and (known := tuple(_of_devices(signal, body))):
            yield from known
            yield from self.v2g.of(replace(signal, layer="vehicle") if known[0].layer == "vehicle" else signal, text)
            return
        understood = self._bus(signal, text) or _body(signal, text, body) or _value(signal, text) or signal
        yield understood
        yield from self.link.changes(signal, text)
        yield from self.v2g.of(signal, text)
        yield from _codes(understood, text, self.v2g.protocol(signal.charger))
        if not self.frames_seen:
            yield from told.requests(signal, text)

    def _bus(self, signal: Signal, text: str) -> Signal | None:
        said = None if text.startswith("$") else self.bus.said(text)  # RAPI has hex digits too
        if said is None:
            return None
        fields, marks = said
        explained = f"{text} - {fields['explained']}" if "explained" in fields else text
        fields = {**signal.fields, **fields, "text": explained}
        return replace(signal, kind="reading", layer="modbus", fields=fields, marks=(*signal.marks, *marks))


def is_telling(text: str) -> bool:
    """Whether a line may say more than its words; a cheap look that most lines do not pass."""
    if any(map(text.__contains__, _HINTS)):
        return True
    tail = text[-_ENDING:]
    return (tail[-3:-2] in _BETWEEN or ":" in tail or "=" in tail) and _ENDS_IN_VALUE.search(tail) is not None


def _of_devices(signal: Signal, body: Json) -> Iterator[Signal]:
    """What objects in the text say that the interface of a known maker writes."""
    for kind, known in objects_in(body.value):
        for count, record in enumerate(kind.records(known)):
            said = {name: value for name, value in (record.fields or {}).items() if value != ""}
            whole = {"text": signal.fields["text"]} if count == 0 else {}
            yield replace(
                signal,
                layer=record.layer,
                kind=record.kind,
                charger=(record.charger if record.layer == "csms" else "") or signal.charger,  # a cloud names many
                connector=record.connector,
                fields={**whole, **said},
                raw=signal.raw if count == 0 else "",  # what names a person is known only where all fields are
            )


def _body(signal: Signal, text: str, body: Json | None) -> Signal | None:
    """A JSON object in a line: its values become fields."""
    start = text.find("{")
    if body is None or not isinstance(body.value, dict) or not body.value:
        return None
    said = {name: value for name, value in flat(body.value).items() if name not in signal.fields}
    words = next((said[name] for name in _WORDS if isinstance(said.get(name), str)), None) if start == 0 else None
    if words is not None:  # a structured log line, not a reading
        return replace(signal, fields={**said, **signal.fields, "text": words})
    return replace(signal, kind="reading", fields={**signal.fields, **said})


def _value(signal: Signal, text: str) -> Signal | None:
    found = _VALUE.match(text)
    if found is None:
        return None
    value = float(found["value"]) if "." in found["value"] else int(found["value"])
    fields = {**signal.fields, "name": found["name"], "value": value, "unit": found["unit"]}
    if found["register"] is None:
        return replace(signal, kind="reading", fields=fields)
    fields |= {"name": "modbus", "address": int(found["register"])}  # as programs that poll a device print it
    return replace(signal, kind="reading", layer="modbus", fields=fields)


def _codes(signal: Signal, text: str, protocol: str) -> Iterator[Signal]:
    """Native codes in a JSON body or in the words; never in bus traffic. `protocol` is spoken with the vehicle."""
    if signal.layer == "modbus":
        return
    if signal.kind == "reading" and "{" in text:
        yield from _codes_in_body(signal)
        return
    for found in _CODE.finditer(text):
        code = found[1] or found[2]
        if not is_null(code):
            yield code_signal(signal, code, "log", {"text": text[:200]})
    for code, vendor, channel in written_in(text):
        named = protocol if protocol and channel.startswith("v2g:") else vendor
        yield code_signal(signal, code, channel, {"text": text[:200], "vendor": named})


def _codes_in_body(signal: Signal) -> Iterator[Signal]:
    named = ((name, value) for name, value in signal.fields.items() if _CODE_KEY.match(name))
    codes = ((name, str(value)) for name, value in named if isinstance(value, str | int) and value is not False)
    found = [(name, code) for name, code in codes if _SHORT_CODE.match(code) and not is_null(code)]
    for name, code in found[:MAX_BODY_CODES]:
        yield code_signal(signal, code, f"api:{name}", {})
