"""Spoken: what a browser says over its WebSocket, read once; what makes no sense is left out. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MOST_COLUMNS, MOST_ROWS = 500, 200


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys, as a terminal sends them."""

    keys: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    """The window has this many columns and rows by now."""

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Pinged:
    """The browser asks whether anybody is there; the same words go back."""

    words: str


@dataclass(frozen=True, slots=True)
class Focused:
    """The tab came to the front, or left it."""

    is_on: bool


Spoken = Typed | Resized | Pinged | Focused


def spoken(text: str) -> Spoken | None:
    """What a message says, or None."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, list) or not said or not isinstance(said[0], str):
        return None
    read = KINDS.get(said[0])
    return read(said[1] if len(said) > 1 else None) if read else None


def size(columns: object, rows: object) -> Resized | None:
    """A window of that size, as large as screens are; None where these are no numbers."""
    if not isinstance(columns, int) or not isinstance(rows, int):
        return None
    return Resized(min(max(columns, 1), MOST_COLUMNS), min(max(rows, 1), MOST_ROWS))


def _typed(body: object) -> Typed | None:
    return Typed(body.encode("utf-8", "replace")) if isinstance(body, str) else None


def _resized(body: object) -> Resized | None:
    return size(body.get("width"), body.get("height")) if isinstance(body, dict) else None


def _pinged(body: object) -> Pinged | None:
    return Pinged(body[:100]) if isinstance(body, str) else None


KINDS: Mapping[str, Callable[[object], Spoken | None]] = {
    "stdin": _typed,
    "resize": _resized,
    "ping": _pinged,
    "focus": lambda _: Focused(True),
    "blur": lambda _: Focused(False),
}
