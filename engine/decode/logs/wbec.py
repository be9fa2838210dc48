"""wbec, a bridge for wallboxes on Modbus: `12:25:12: MB  : Comm-Failure BusID 1`."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="wbec",
    head=re.compile(r"(?P<at>\d\d:\d\d:\d\d): (?P<logger>[A-Z]{2,5})\s*: "),
    side="csms",
    layer="firmware",
)
