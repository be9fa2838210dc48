"""SmartEVSE: `(D) (ModbusDecode)(C0) Received packet …`: level letter, function and core in front."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(
    name="smart-evse",
    head=re.compile(
        r"(?:\[\s*\d+\])?(?:\[(?P<level2>[VDIWE])\]\[[\w.]+:\d+\] |\((?P<level>[VDIWE])\) )?"
        r"\(?(?P<logger>\w+)\)? ?\((?:C\d|\w+)\) ?:?\s*"
    ),
    side="charger",
    layer="firmware",
    weight=0.9,
)
