"""Link: the words in which loggers say that a charger's socket opened or closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from chargelore.engine.decode.logs.lead import charger_on
from chargelore.engine.signal import Scalar, Signal

ONE_EVENT = timedelta(seconds=5)  # library and application each say it in their own words

_SOCKET = r"(?:web ?socket|ws|wss|socket|ocpp|connection|session)"
_PARTNER = (
    r"(?:charge ?point|charger|charging station|charge ?box|wallbox connection|client|csms|central system|back ?end)"
)
_CLOSED = re.compile(
    rf"\b{_SOCKET}\b.{{0,40}}\b(?:closed|lost|broken|dropped|terminated|disconnected|closing|reset by)\b"
    rf"|\b{_PARTNER}\b.{{0,60}}\bdisconnected\b|\bdisconnected\b.{{0,20}}\b(?:from|by)\b.{{0,20}}{_PARTNER}"
    rf"|\b(?:closing|lost|closed)\b.{{0,30}}\bconnection\b|connection is CLOSED",
    re.IGNORECASE,
)
_OPENED = re.compile(
    r"\b(?:new|accepted|incoming) (?:client )?(?:web ?socket )?connection\b"
    r"|\bconnection (?:is )?(?:established|open(?:ed)?)\b"
    rf"|\b{_PARTNER}(?: \S+)? (?:is )?connected\b"
    r"|\b(?:web ?socket|ws|ocpp|session)\b.{0,30}\b(?:connected|upgrade successful|opened)\b",
    re.IGNORECASE,
)
_OTHER_LINKS = re.compile(
    r"\b(?:vehicle|car|ev|plug|cable|wi-?fi|mqtt|modbus|bus|lan|ethernet|database|db|meter|fahrzeug|auto|bluetooth|ble)\b"
    r"|not connected|unable to connect|fail(?:ed|ure)? to connect|attempt",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Link:
    """The last change that was told; lives for one reading."""

    kind: str = ""
    charger: str = ""
    at: datetime | None = None

    def changes(self, signal: Signal, text: str) -> Iterator[Signal]:
        """A `connected` or `disconnected` signal where the text tells of one that was not told a moment ago."""
        kind = _change(text)
        if kind and not self._is_told(kind, signal):
            self.kind, self.charger, self.at = kind, signal.charger, signal.at
            fields: dict[str, Scalar] = {"text": text, "reason": text if kind == "disconnected" else ""}
            if path := charger_on(text):
                fields["path"] = path
            yield replace(signal, kind=kind, fields=fields)

    def _is_told(self, kind: str, signal: Signal) -> bool:
        if kind != self.kind or signal.charger != self.charger:
            return False
        return signal.at is None or self.at is None or abs(signal.at - self.at) <= ONE_EVENT


def _change(text: str) -> str:
    if _OTHER_LINKS.search(text):
        return ""
    if _CLOSED.search(text):
        return "disconnected"
    return "connected" if _OPENED.search(text) else ""
