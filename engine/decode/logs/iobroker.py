"""ioBroker: `2025-11-03 20:07:43.663 - debug: kecontact.0 (123) …`, or its web page, the source on its own line."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="iobroker",
    head=re.compile(
        r"(?:(?P<logger>[a-z][\w-]{1,30}\.\d{1,2})\s+)?(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})"
        r"(?:\s*\t\s*(?P<level>\w+)\s*\t\s*| {1,2}- (?P<level2>silly|debug|info|warn|error): )"
    ),
    side="csms",
    layer="csms",
    unfinished=re.compile(r"\A[a-z][\w-]{1,30}\.\d{1,2}\Z"),
)
