"""A trace of Modbus alone: hex bytes in front of or behind `send`, `recv`, `Tx`, `Rx`, with any head."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="modbus-trace",
    head=re.compile(r"(?!)"),  # no head of its own
    tell=re.compile(
        r"\b(?:send|recv|sent|received|tx|rx|modbus)\b\W{0,6}(?:0x)?[0-9a-f]{1,2}(?:[ :-](?:0x)?[0-9a-f]{1,2}){4,}",
        re.IGNORECASE,
    ),
    layer="modbus",
    weight=0.8,
)
