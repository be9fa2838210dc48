"""pyPLC: values of an ISO 15118 or DIN 70121 session, `[2024-04-20 17:03:07.993203] EVRESSSOC=55`, and decoded EXI."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="pyplc",
    head=re.compile(
        r"\[(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6})\] (?=[A-Za-z]\w*=)"
        r"|(?P<at2>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})=(?=[A-Z]{2} [0-9A-Fa-f]{8})"
    ),
    layer="vehicle",
)
