"""Any other text: a time if there is one near the start, a level, a logger, and the words."""

from __future__ import annotations

import re

from chargelore.engine.decode.logs.layout import Layout

LAYOUT = Layout(name="plain-text", head=re.compile(r"(?!)"), layer="firmware")
