"""Alfen's charger log: `2023-12-31T14:53:18.082Z:COM:ocpp_rpc.c:681:-> [2,…]`, long frames wrapped."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="alfen",
    head=re.compile(
        r"(?:\d+_)?(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z):(?P<level>[A-Z]{2,8}):(?P<logger>[\w-]+\.(?:c|cpp|h)):\d+:"
    ),
    side="charger",
    layer="firmware",
)
