"""A charger's event log in plain language: `Sun Aug 6 08:32:00 2023 | Sent SetChargingProfileConf: Rejected (…)`."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="event-log",
    head=re.compile(
        r"(?P<at>(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4}"
        r"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?)\s*\|\s*"
    ),
    side="charger",
    layer="firmware",
)
