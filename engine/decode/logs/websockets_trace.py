"""Traces of Python's websockets: `< TEXT '[2,…' [98 bytes]` with the middle elided, or `Frame(… data=b'[2,…')`."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="websockets-trace",
    head=re.compile(
        r"(?:(?P<at>(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?:[.,]\d+)?) (?P<level>[A-Z]+) (?:\([^)]{1,60}\) )?\[?"
        r"|(?P<level2>DEBUG|INFO|ERROR|WARNING):)(?P<logger>websockets\.[\w.]+)[\]:]? ?"
    ),
    side="",  # the library runs on either side; what the messages say decides
    layer="csms",
    tell=re.compile(r"(?:\A|\s)[<>] TEXT '|Frame\(fin=|opcode=<Opcode"),
    weight=0.9,
)
