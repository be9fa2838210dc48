"""Vestel and its sister brands: `13.09.2024-11:32:41 [INFO] CLIENT: Client RX: [4,…]`, records at times glued."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="vestel",
    head=re.compile(
        r"(?P<at>\d\d\.\d\d\.\d{4}-\d\d:\d\d:\d\d(?:[.,]\d+)?) \[(?P<level>\w+)\] (?:(?P<logger>[A-Z][\w ]{1,20}): )?"
    ),
    side="charger",
    layer="firmware",
)
