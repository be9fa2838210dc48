"""EVerest's console: `2031-05-01 10:00:00.123456 [ERRO] evse_manager_1:  … :: Error raised, type: …`."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="everest",
    head=re.compile(
        r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}) \[(?P<level>TRAC|VERB|DEBG|INFO|WARN|ERRO|CRIT)\] "
        r"(?P<logger>[\w:-]{1,40}?):?\s+(?:[^:\n]{0,120}(?:::[^:\n]{1,120}){0,6} )?:: "
    ),
    side="charger",
    layer="firmware",
)
