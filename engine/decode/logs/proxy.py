"""A proxy between charger and management system: `[09:35:55,576] [client->target] [2,…]`."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="proxy",
    head=re.compile(
        r"\[(?P<at>(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[,.]\d+)?)\]\s?(?:(?P<level>INFO|DEBUG|WARNING|ERROR) - )?"
        r"(?=\[[\w ]+(?:->|<-|→|=>)|(?:INFO|DEBUG|WARNING|ERROR) - |\Z)"
    ),
    layer="csms",
    tell=re.compile(r"\[(?:client|target|charger|cp|csms|cs|server|upstream|downstream) ?(?:->|→|=>)", re.IGNORECASE),
)
