"""Days: whether `05/01/2031` is in May or in January, as the table itself tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from chargelore.engine.decode.logs.tables.columns import bare

TIMES = frozenset({"time", "date", "started", "stopped"})
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ENGLISH = re.compile(r"time|date|when|created|updated|received|reported|start|stop|end|begin|seen|seit|stamp")


def is_day_first(columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether days stand in front of months: a number over twelve proves it, else the language of the column's name."""
    pairs = [pair for cells in columns.values() for pair in _pairs(cells)]
    if any(second > 12 for _, second in pairs):
        return False
    return any(first > 12 for first, _ in pairs) or not all(_ENGLISH.search(bare(name)) for name in columns)


def _pairs(cells: Sequence[str]) -> Iterator[tuple[int, int]]:
    found = filter(None, map(_SLASHED.match, cells))
    return ((int(each[1]), int(each[2])) for each in found)


def turned(text: str) -> str:
    """The time with its day written so that nobody can mistake it."""
    return _SLASHED.sub(r"\3-\2-\1", text, count=1)
