"""Maker codes: codes that makers write into lines of text in a way that nobody else does, with whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# EVerest's interfaces that define errors; the code is `interface/Name`.
_EVEREST = (
    "ac_rcd|board_support_AC|car_simulator|connector_lock|display_message|energy_price_information|evse_board_support"
    "|evse_manager|evse_security|generic|iso15118_charger|isolation_monitor|ocpp|over_voltage_monitor|powermeter"
    "|power_supply_DC|slac|system"
)


class Wording(NamedTuple):
    """How a maker writes its codes, the channel on which they count, and which of them are no trouble."""

    pattern: re.Pattern[str]
    vendor: str
    channel: str
    normal: frozenset[str] = frozenset()


class Written(NamedTuple):
    """A code as it was written, and whose it is: a maker's or a standard's."""

    code: str
    vendor: str
    channel: str


WORDINGS = (
    Wording(re.compile(rf"(?<![\w/])((?:{_EVEREST})/[A-Z]\w{{2,60}})\b"), "EVerest", "api:everest_error"),
    # OpenEVSE's RAPI: the state as two hex digits; 01 to 03, fe and ff are no trouble
    Wording(re.compile(r"\$(?:ST|AT) 0?([4-9a-bA-B])\b"), "OpenEVSE", "api:state"),
    Wording(re.compile(r"\bgo-eCharger/\w{1,20}/err[ :=]{1,3}(\d{1,3})\b"), "go-e", "api:err", frozenset("0")),
    Wording(re.compile(r"\b(FAILED_[A-Z][A-Za-z]{4,50})\b"), "ISO 15118-2", "v2g:ResponseCode"),
)
MARKS = ("/", "$ST", "$AT", "FAILED_")  # of which a text must hold one to be worth a search


def written_in(text: str) -> Iterator[Written]:
    """The codes in a text, each once."""
    if not any(map(text.__contains__, MARKS)):
        return
    for wording in WORDINGS:
        for code in dict.fromkeys(wording.pattern.findall(text)):
            if code not in wording.normal:
                number = str(int(code, 16)) if wording.vendor == "OpenEVSE" else code
                yield Written(number, wording.vendor, wording.channel)
