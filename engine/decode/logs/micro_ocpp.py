"""MicroOcpp and its forebear ArduinoOcpp: `[MO] Send: [2,…]`, `[AO] Recv: …`, with a serial monitor's clock or none."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="micro-ocpp",
    head=re.compile(
        r"(?:(?P<at>\d\d:\d\d:\d\d[.,]\d+) -?> )?\[(?:MO|AO)\] "
        r"(?:(?P<level>info|warning|warn|error|debug|verbose)\b ?(?:\([^)]{0,80}\))?: )?"
    ),
    side="charger",
    layer="firmware",
)
