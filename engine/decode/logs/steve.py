"""SteVe: `[INFO ] 2024-02-26 09:10:45,446 …Logger - [chargeBoxId=CP001, sessionId=…] Received: [2,…]`, or bare."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="steve",
    head=re.compile(
        r"\s*\[(?P<level>[A-Z]{4,5}) ?\] (?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d+) (?:\([^)]{0,80}\) )?"
        r"(?P<logger>[\w.$]+) "
        r"(?:\([^)]{0,80}\) )?- (?:\[chargeBoxId=(?P<charger>[^,\]]{1,64}),\s*sessionId=[^\]]{0,80}\] )?"
    ),
    side="csms",
    layer="csms",
    unfinished=re.compile(r"\[chargeBoxId=[^\]]*\Z"),
    tell=re.compile(r"^\s*(?:Received|Sending): \[|chargebox '|\bsteve\b", re.IGNORECASE),
)
