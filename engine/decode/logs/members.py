"""Members: time, level, logger and charger in a structured line, `{"ts": …, "level": …}` or `time=… level=…`."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.record import Head

BEGINS = re.compile(r"\s*\{\s*\"[@\w.-]{1,40}\"\s*:|(?:ts|time|timestamp|level|lvl)=\S")


def _member(names: str) -> re.Pattern[str]:
    value = r"(?:\"([^\"]{1,80})\"|([\w.:+-]{1,60}))"
    return re.compile(rf"(?:\A|[\s{{,])\"?(?:{names})\"?\s*[:=]\s*{value}", re.IGNORECASE)


_STAMP = _member("@?timestamp|__REALTIME_TIMESTAMP|ts|time|t|datetime|date|logged_at|created_?at")
_LEVEL = _member("level|lvl|severity|levelname|loglevel")
_LOGGER = _member("logger|logger_name|component|module|caller|service")
_CHARGER = _member(
    "charger_?id|charge_?point_?id|chargepoint|charge_?box_?id|chargebox|cp_?id|cp|station_?id|charging_?station_?id"
    "|client_?id|client|identity"
)
ENVELOPE = 2_000  # characters; members behind the message are rarely more than that away


def structured_head(text: str) -> Head:
    """The head of a structured line; it is spread over the line, so the whole line stays the body."""
    near = text[:ENVELOPE]
    return Head(0, _first(_STAMP, near), _first(_LEVEL, near), _first(_LOGGER, near), _first(_CHARGER, near))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return (found[1] or found[2]) if found else ""
