"""Missed: the words of a look-up that found nothing, fit to be kept: without whom or what they name."""

from __future__ import annotations

import re
from functools import partial

from chargelore.engine.door import is_ours, pseudonym, redacted_text

LONGEST = 300  # what is wanted is a code or a display text, no log
_NUMBER = r"(?:\s?-?(?:no|nr|number|nummer|id))?\.?"
# What people type beside a code, and what no log writes so: hence not at the door, where it would cost every signal.
_TYPED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "serial",
        re.compile(rf"\b(?:serial|serien){_NUMBER}[\s:=#]+(?!serial:)(?=\w*\d)([\w-]{{4,}})", re.I),
    ),
    ("serial", re.compile(r"\bs/?n[\s:=#.]+(?=\w*\d)([\w-]{5,})", re.I)),
    (
        "idTag",
        re.compile(rf"\b(?:id ?tag|rfid|card|karte|tag|token){_NUMBER}[\s:=#]+(?!idTag:)(?=\w*\d)([\w-]{{6,}})", re.I),
    ),
    ("idTag", re.compile(r"(?<![\w:])(?=[\dA-F]*[A-F])([\dA-F]{14}|[\dA-F]{20})(?!\w)", re.I)),
    ("phone", re.compile(r"(?<![\w+])(\+\d{2}[\d /()-]{7,15}\d)")),
    ("address", re.compile(r"\b([A-ZÄÖÜ][\wäöüß-]*(?:str\.|stra(?:ß|ss)e|weg|platz|allee|gasse)\s\d+\w?)", re.I)),
    ("address", re.compile(r"\b(\d+\w?\s(?:[A-Z][a-z]+\s){1,2}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive))\b")),
)  # fmt: skip


def fit_to_keep(words: str, key: bytes) -> str:
    """The words with pseudonyms for cards, serial numbers, addresses and people, at most `LONGEST` letters of them.

    Idempotent. They are cut last, for half a card number would not be known as one.
    """
    text = naming_nobody(words, key)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def naming_nobody(words: str, key: bytes) -> str:
    """What a person typed with pseudonyms for cards, serial numbers, addresses and people. Idempotent."""
    text = redacted_text(words, key)
    for kind, shape in _TYPED:
        text = shape.sub(partial(_hidden, kind, key), text)
    return text


def _hidden(kind: str, key: bytes, found: re.Match[str]) -> str:
    if is_ours(found.group(), key):
        return found.group()
    start, end = (place - found.start() for place in found.span(1))
    whole = found.group()
    return whole[:start] + pseudonym(kind, found[1], key) + whole[end:]
