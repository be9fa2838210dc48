"""Text for a screen: what chargers wrote made harmless, and numbers told in words. Pure; needs no screen library."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from chargelore.engine.diagnosing import diagnosis

chance = diagnosis.chance  # said on screens as on the page for a maker

# Escape sequences go whole: cutting only the ESC would leave `[31m` behind. OSC and its kin end with BEL or ST.
_ESCAPES = re.compile(
    r"(?:\x1b[PX^_\]]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|\x1b[ -/]*[0-~]?"
)
_MARKS = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_STACKED_MARKS = re.compile(f"([{_MARKS}]{{2}})[{_MARKS}]+")
_NO_WIDTH = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
FULLWIDTH = frozenset("WF")

WHERE: Mapping[str, str] = {
    "remote": "from here",
    "desk": "from the desk",
    "at-charger": "at the charger",
    "cabinet": "with the cabinet open",
}


def plain(text: str) -> str:
    """The text on one line without control, escape, bidirectional and zero-width characters; nothing else changes.

    Line breaks and odd spaces become a space. Square brackets stay: what a charger writes is text, never markup.
    """
    if text.isascii() and text.isprintable():
        return text
    cleaned = "".join(map(_harmless, _ESCAPES.sub("", text)))
    return _STACKED_MARKS.sub(r"\1", cleaned)


@lru_cache(maxsize=4096)
def _harmless(character: str) -> str:
    if character.isspace():
        return " "
    is_variation = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return character if character.isprintable() and not is_variation and character not in _NO_WIDTH else ""


def columns(text: str) -> int:
    """How many terminal columns a plain text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in FULLWIDTH else 1


def brief(text: object, width: int) -> str:
    """The text made plain and cut to so many columns, with `…` where something is missing."""
    start = str(text)[: width * 8 + 64]  # of 10,000 characters only the start is looked at
    line = plain(start).strip()
    if columns(line) <= width and len(start) == len(str(text)):
        return line
    return _cut(line, width)


def _cut(line: str, width: int) -> str:
    if width <= 0:
        return ""
    taken = 0
    for place, character in enumerate(line):
        taken += _columns(character)
        if taken >= width:
            return line[:place].rstrip() + "…"
    return line + "…"


def padded(text: object, width: int) -> str:
    """The text in exactly so many columns, blanks at its end."""
    line = brief(text, width)
    return line + " " * (width - columns(line))


def fitting(pieces: Iterable[str], width: int, between: str = " · ") -> str:
    """As many of the pieces, in their order, as fit the width; the first is cut if it must be."""
    line = ""
    for piece in filter(None, pieces):
        longer = f"{line}{between}{piece}" if line else brief(piece, width)
        if columns(longer) > width:
            continue
        line = longer
    return line


def count(number: int, one: str, many: str = "") -> str:
    """`1 charger`, `1,200 chargers`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def words(identifier: str) -> str:
    """An id as words: `evse-oem` is `evse oem`."""
    return plain(identifier).replace("-", " ").replace("_", " ")


def clock(at: datetime | None) -> str:
    """Event time of the day, in UTC."""
    return at.strftime("%H:%M:%S") if at else "--:--:--"


def day(at: datetime | None) -> str:
    """Event time with its day, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M") if at else "no time given"


def lasting(span: timedelta) -> str:
    """A span in the one unit a person would use: `40 s`, `12 min`, `3 h`, `2 days`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} days"
