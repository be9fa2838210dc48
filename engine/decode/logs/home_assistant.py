"""Home Assistant: `2024-08-03 18:16:55.669 INFO (MainThread) [ocpp] CP001: receive message [3,…]`."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="home-assistant",
    head=re.compile(
        r"(?P<at>(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?:\.\d+)?) (?P<level>[A-Z]+) "
        r"\([^)]{1,60}\) \[(?P<logger>[\w.-]+)\] "
    ),
    side="csms",
    layer="csms",
)
