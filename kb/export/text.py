"""Text: what leaves the house is one line of printable characters, and a name of a file or an IRI is made with care."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote

BASE = "urn:x-chargelore:"
RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # a spreadsheet would run a cell that starts so
LONGEST_NAME = 80
LONGEST_PART = 32

_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# Control characters, halves of surrogate pairs, marks that turn the direction of writing or that no eye sees, and what
# is no character. The joiners U+200C and U+200D stay: some languages are written with them.
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e007f]"
)
_NUMBER = re.compile(r"[-+]?\d{1,30}(\.\d{1,30})?")
_PLAIN_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})

Value = TypeVar("Value")


def tame(text: str) -> str:
    """The text in one line that every format can carry."""
    if text.isascii() and text.isprintable():
        return text
    return _HARMFUL.sub("\ufffd", _BREAKS.sub(" ", text))


def tamed(value: Value) -> Value:
    """The same value with every text in it tamed, however deep."""
    found: Value = _tamed(value)
    return found


def _tamed(value: Any) -> Any:
    if isinstance(value, str):
        return tame(value)
    if isinstance(value, tuple):
        return tuple(_tamed(each) for each in value)
    if isinstance(value, Mapping):
        return {_tamed(key): _tamed(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _changed(value)
    return value


def _changed(value: Any) -> Any:
    before = {each.name: getattr(value, each.name) for each in fields(value)}
    after = {name: _tamed(each) for name, each in before.items()}
    changed = {name: each for name, each in after.items() if each != before[name]}
    return replace(value, **changed) if changed else value


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; a plain number such as -1 is none."""
    risky = text.lstrip().startswith(RISKY) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def slug(text: str) -> str:
    """Small letters and digits joined with dashes; `x` where none are left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_PART].strip("-") or "x"


def distinct(names: Iterable[str]) -> dict[str, str]:
    """A safe name for each of these; those that would clash get a mark of their own."""
    found = sorted(set(names))
    times = Counter(map(slug, found))
    return {name: safe_name(slug(name)) if times[slug(name)] == 1 else f"{slug(name)}.{mark(name)}" for name in found}


def mark(*parts: str) -> str:
    """Eight letters that stand for these texts, the same on every machine."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:8]


def safe_name(name: str) -> str:
    """A name that every file system takes and that no other name clashes with."""
    if _PLAIN_NAME.fullmatch(name) and len(name) <= LONGEST_NAME and name not in _RESERVED:
        return name
    return f"{slug(name)}.{mark(name)}"


def iri(kind: str, name: str) -> str:
    """The name of a thing for all the world: `urn:x-chargelore:fault:ground-fault-trip`."""
    return f"{BASE}{kind}:{local(name)}"


def local(name: str) -> str:
    """The last part of an IRI; an id in kebab-case stays as it is."""
    return quote(name, safe="")
