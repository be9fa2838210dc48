"""Structured logs: one JSON object a line, or `time=… level=… msg="…"`, as Go, Java and cloud services write them."""

from __future__ import annotations

from chargelore.engine.decode.logs.layout import Layout
from chargelore.engine.decode.logs.members import BEGINS

# Any line that begins like this gets its head from its members, whatever format the rest of the log has.
LAYOUT = Layout(name="structured", head=BEGINS, layer="csms", weight=0.9, talks=False)
