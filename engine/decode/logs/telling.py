"""From placed records to signals: frames are decoded, texts become log lines, readings and link changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from chargelore.engine.decode.flat import clean
from chargelore.engine.decode.frame import decode_message
from chargelore.engine.decode.logs.placing import Placed
from chargelore.engine.decode.logs.sayings import Sayings, is_telling
from chargelore.engine.decode.message import Message, Origin
from chargelore.engine.signal import Scalar, Signal

MAX_TEXT = 4_096
_JUNK = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")


def signals(placed: Placed, sayings: Sayings, version: str = "") -> Iterable[Signal]:
    """What one record says; `sayings` remembers earlier lines."""
    record = placed.record
    if record.message is not None:
        sayings.frames_seen = sayings.frames_seen or record.is_frame
        return _of_frame(placed, record.message, version)
    if record.fields is not None:
        return (_of_values(placed, record.fields),)
    if not record.text or record.text.isspace():
        return ()  # a time on a line of its own has done its work
    signal = _of_text(placed)
    if signal.kind == "log" and is_telling(str(signal.fields["text"])):
        return sayings.of(signal)
    return (signal,)


def _of_frame(placed: Placed, message: Message, version: str) -> Iterable[Signal]:
    record = placed.record
    origin = Origin(charger=placed.charger, at=placed.at, line=record.line, sender=placed.sender, marks=placed.marks)
    said = decode_message(message, origin, version)
    return said if record.is_frame else (replace(each, layer=record.layer, raw=record.raw) for each in said)


def _of_values(placed: Placed, fields: Mapping[str, Scalar]) -> Signal:
    record = placed.record
    return Signal(
        layer=record.layer,
        kind=record.kind,
        charger=placed.charger,
        connector=record.connector,
        at=placed.at,
        fields=fields,
        raw=record.raw[:MAX_TEXT],
        line=record.line,
        marks=placed.marks,
    )


def _of_text(placed: Placed) -> Signal:
    record = placed.record
    text = record.text.strip()
    marks = placed.marks
    if not text.isprintable() and len(_JUNK.findall(text)) * 5 > len(text):
        return _unreadable(placed, text)
    if len(text) > MAX_TEXT:
        text, marks = text[:MAX_TEXT], (*marks, "cut")
    fields: dict[str, Scalar] = {"text": text, "level": record.head.level, "logger": record.head.logger}
    return Signal(
        layer=record.layer,
        kind=record.kind,
        charger=placed.charger,
        at=placed.at,
        fields=fields,
        raw=record.raw[:MAX_TEXT],
        line=record.line,
        marks=marks,
    )


def _unreadable(placed: Placed, text: str) -> Signal:
    shown = str(clean(text[:MAX_TEXT]))
    return Signal(
        layer=placed.record.layer,
        kind="unreadable",
        charger=placed.charger,
        at=placed.at,
        fields={"text": shown, "why": "not a text"},
        raw=shown,
        line=placed.record.line,
        marks=(*placed.marks, "off-spec"),
    )
