"""Code keys: what two ways of writing the same code, maker or channel have in common."""

from __future__ import annotations

import re
from functools import lru_cache

NULLS = frozenset({"", "n:0", "noerror", "none", "null", "ok", "nofault", "noerrors", "nil"})
MOST = 32  # codes in one text
_LONGEST = 400
_HEX = re.compile(r"(?:0x|#)([0-9a-f]+)|([0-9][0-9a-f]*)h")
_BIT = re.compile(r"bit\s*(\d{1,3})")
_SEPARATORS = re.compile(r"\s*[,;|]\s*")
_CAUSED = re.compile(r"caused_by:\s*", re.IGNORECASE)
_LEGAL_FORM = re.compile(r"\b(gmbh|bv|b\.v\.|ag|inc|ltd|co|kg|se|as|spa|srl|sl|group|emobility|e-mobility)\b")


@lru_cache(maxsize=16_384)
def key(text: str) -> str:
    """The comparable form of a code: `n:4` for 4, 0x04, 004 and 04h, `b:3` for bit 3, bare lower-case letters else."""
    plain = text.strip().lower()[:_LONGEST]
    if found := _HEX.fullmatch(plain):
        return f"n:{int(found.group(1) or found.group(2), 16)}"
    if plain.isascii() and plain.isdigit():
        return f"n:{int(plain)}"
    if found := _BIT.fullmatch(plain):
        return f"b:{int(found.group(1))}"
    return re.sub(r"[^\w.]", "", plain).replace("_", "")


def number(name: str) -> int | None:
    """The number behind a key such as `n:4`."""
    return int(name[2:]) if name.startswith("n:") else None


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A maker's name without case, blanks, punctuation and legal form."""
    plain = _LEGAL_FORM.sub("", re.sub(r"\(.*?\)", "", name.lower()[:_LONGEST]))
    return re.sub(r"[^a-z0-9]", "", plain)


def bare_channel(name: str) -> str:
    """A channel without what some write and others do not: `modbus_register:107` and `modbus:0x6b` are `modbus:107`."""
    decimal = re.sub(r"0x([0-9a-f]+)", lambda found: str(int(found.group(1), 16)), name.lower()[:_LONGEST])
    return re.sub(r"register|local|[^a-z0-9]", "", decimal)


def split(text: str, separators: frozenset[str] | None = None) -> tuple[str, ...]:
    """The codes in one text: parted where its maker parts them, else at a comma, a semicolon or a `|`.

    No separator at all means that the maker never sends more than one.
    """
    plain = _CAUSED.sub("", text.strip())
    if separators is None:
        return tuple(_SEPARATORS.split(plain)[:MOST])
    parting = "|".join(map(re.escape, sorted(separators, key=len, reverse=True)))
    parts = re.split(parting, plain) if parting else [plain]
    return tuple(part.strip() for part in parts if part.strip())[:MOST]


def is_null(text: str) -> bool:
    """Whether a code field says "nothing wrong": empty, zero, null, `0,0,0,0`, NoError."""
    return all(key(part) in NULLS for part in _SEPARATORS.split(text.strip().strip("[]")))
