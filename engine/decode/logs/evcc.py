"""evcc: `[ocpp  ] TRACE 2024/08/14 08:51:53 send CP001: [2,…]`, or its OCPP library's own lines."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="evcc",
    head=re.compile(r"\[?(?P<logger>[\w.-]{1,20})\s*\] (?P<level>[A-Z]+)\s+(?P<at>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)\s?"),
    side="csms",
    layer="csms",
)
