"""Frames alone, one a line, with nothing or next to nothing in front."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="raw-json",
    head=re.compile(r"(?=\s*\[\s*[\"']?[2-6][\"']?\s*,\s*[\"'\d])"),
    tell=re.compile(
        r"^\s*(?:send|sent|recv|receive[d]?|tx|rx|->|<-|>|<|in|out)\W{1,4}\[\s*[\"']?[2-6][\"']?\s*,", re.IGNORECASE
    ),
    layer="csms",
    weight=0.95,
)
