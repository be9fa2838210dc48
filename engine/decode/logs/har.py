"""HAR: what a browser's developer tools recorded, with the messages of its WebSockets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chargelore.engine.decode.logs.lead import charger_on
from chargelore.engine.decode.logs.record import Head, Record
from chargelore.engine.decode.scan import messages_in

NAME = "har"
_WAYS = {"send": "out", "receive": "in"}
MESSAGES = "_webSocketMessages"  # as Chromium and Firefox name them


def knows(value: object) -> bool:
    """Whether a JSON value is a recording."""
    return isinstance(value, Mapping) and isinstance(value.get("log"), Mapping) and "entries" in value["log"]


def records(value: object) -> Iterator[Record]:
    """The OCPP frames of all WebSockets, and the answers of other requests that hold frames."""
    entries = value["log"]["entries"] if isinstance(value, Mapping) else ()
    number = 0
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, Mapping):
            continue
        charger = charger_on(_address(entry))
        for message in _messages(entry):
            number += 1
            stamp, way = str(message.get("time") or ""), _WAYS.get(str(message.get("type")), "")
            yield from _frames(number, str(message.get("data") or ""), stamp, (way, charger))


def _address(entry: Mapping[str, object]) -> str:
    request = entry.get("request")
    address = str(request.get("url") or "") if isinstance(request, Mapping) else ""
    return address if address.startswith("ws") else ""


def _messages(entry: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    messages = entry.get(MESSAGES)
    if isinstance(messages, list):
        yield from (each for each in messages if isinstance(each, Mapping))
    response = entry.get("response")
    content = response.get("content") if isinstance(response, Mapping) else None
    if isinstance(content, Mapping) and isinstance(content.get("text"), str):
        yield {"data": content["text"], "time": entry.get("startedDateTime")}


def _frames(number: int, text: str, stamp: str, about: tuple[str, str]) -> Iterator[Record]:
    way, charger = about
    base = Record(number, "", Head(0, stamp), way=way, charger=charger, layer="csms", raw=text)
    found = list(messages_in(text))
    yield from (base._replace(message=each.message) for each in found)
    if not found and way and text.strip():
        yield base._replace(text=text)
