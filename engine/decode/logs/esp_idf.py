"""ESP-IDF firmware: `W (24755) evse: Residual current monitor self test fail`, with milliseconds since power-on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chargelore.engine.decode.clock import UPTIME
from chargelore.engine.decode.logs.layout import Layout
from chargelore.engine.decode.logs.record import Head


@dataclass(frozen=True, slots=True)
class _Espressif(Layout):
    """Its time is a count since power-on, and says so."""

    def head_of(self, text: str) -> Head:
        head = Layout.head_of(self, text)
        return head._replace(stamp=UPTIME + head.stamp) if head.stamp.isdecimal() else head


LAYOUT = _Espressif(
    name="esp-idf",
    head=re.compile(r"(?P<level>[EWIDV]) \((?P<at>\d{1,10})\) (?P<logger>[\w.:-]{1,40}): "),
    side="charger",
    layer="firmware",
)
