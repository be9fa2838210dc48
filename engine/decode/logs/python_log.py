"""Python's own log line, `INFO:ocpp:CP_1: receive message [2,…]`, and its usual time in front."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="python-log",
    head=re.compile(
        r"(?:(?P<at>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?)[ :-]+(?:(?P<logger2>[\w.]+)[ :-]+)?)?"
        r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL)(?::| - |\s+-\s+)(?:(?P<logger>[\w.]+)(?::| - ))?\s?"
    ),
    side="csms",
    layer="csms",
    weight=0.85,
)
