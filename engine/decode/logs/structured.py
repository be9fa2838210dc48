"""Structured logs: one JSON object a line, or `time=… level=… msg="…"`, as Go, Java and cloud services write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chargelore.engine.decode.logs.layout import LEVELS, Layout
from chargelore.engine.decode.logs.record import Head

_BEGINS = re.compile(r"\s*\{\s*\"[@\w.-]{1,40}\"\s*:|(?:ts|time|timestamp|level|lvl)=\S")


def _value_of(names: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:\A|[\s{{,])\"?(?:{names})\"?\s*[:=]\s*(?:\"([^\"]{{1,80}})\"|([\w.:+-]{{1,60}}))", re.IGNORECASE
    )


_STAMP = _value_of("@?timestamp|ts|time|t|datetime|date|logged_at|created_at")
_LEVEL = _value_of("level|lvl|severity|levelname|loglevel")
_LOGGER = _value_of("logger|logger_name|component|module|caller|service")
_CHARGER = _value_of(
    "charger_?id|charge_?point_?id|chargepoint|charge_?box_?id|chargebox|cp_?id|cp|station_?id|charging_?station_?id"
    "|client_?id|client|identity"
)


@dataclass(frozen=True, slots=True)
class _Structured(Layout):
    """Its head is spread over the line, so the whole line stays the body."""

    def head_of(self, text: str) -> Head:
        if self.head.match(text) is None:
            return Layout.head_of(self, text)
        level = _first(_LEVEL, text).lower()
        return Head(0, _first(_STAMP, text), LEVELS.get(level, level), _first(_LOGGER, text), _first(_CHARGER, text))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return (found[1] or found[2]) if found else ""


LAYOUT = _Structured(name="structured", head=_BEGINS, layer="csms", weight=0.9)
