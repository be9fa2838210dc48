"""The Python library iso15118: `INFO    2031-05-01 10:00:00,123 - iso15118.secc.… (250): Decoded message …`."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="iso15118",
    head=re.compile(
        r"(?P<level>[A-Z]{4,8})\s+(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) - (?P<logger>iso15118\.[\w.]+) \(\d+\): "
    ),
    layer="vehicle",
)
