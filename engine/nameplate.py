"""Nameplate: a charger's id as it is kept everywhere; one of megabytes is cut, and still told from every other."""

from __future__ import annotations

import base64
import hashlib

NAMELESS = "charger"  # stands for the id of one whose log does not name it
LONGEST_NAME = 128  # characters; OCPP allows 48, and paths of sockets carry what people typed
_SHOWN, _TOLD_APART = 96, 16
_LETTERS = 6


def short(name: str) -> str:
    """The id itself, or where it is too long its beginning, a mark and a hash of all of it."""
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    return f"{name[:_SHOWN]}…{digest[:_TOLD_APART]}"


def marked(words: str) -> str:
    """A few letters that follow from words, whatever their case and blanks: they name a trouble without a time."""
    plain = " ".join(words.casefold().split())
    return (
        base64.b32encode(hashlib.sha256(plain.encode("utf-8", "replace")).digest()).decode("ascii")[:_LETTERS].lower()
    )
