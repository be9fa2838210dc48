"""Veil: what of a charger's words may leave the house: past the door, and without the charger's name. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from chargelore.engine.door import is_ours, redacted_text
from chargelore.engine.nameplate import NAMELESS
from chargelore.kb.label import pseudonym

LETTERS = 10
TELLING = 4  # letters; a shorter name that is all letters, or all digits, names nobody
_VERSION = re.compile(r"[A-Za-z]{0,3}[ _-]?\d{1,6}([._-]\w{1,12}){0,6}")

Hide = Callable[[str], str]
Value = TypeVar("Value")


def name_for(charger: str, key: bytes) -> str:
    """What a charger is called outside: the same as long as the key is the same, and nobody can tell which it is."""
    if charger == NAMELESS or is_ours(charger, key):
        return charger
    return f"charger-{pseudonym(key, charger)[:LETTERS]}" if charger else NAMELESS


def hiding(charger: str, key: bytes) -> Hide:
    """A function that hides whom a text names, and the charger too wherever its own name stands by itself."""
    pattern, name = _named(charger), name_for(charger, key)

    def hide(text: str) -> str:
        text = redacted_text(text, key)
        return text if pattern is None or name == charger else pattern.sub(name, text)

    return hide


def _named(charger: str) -> re.Pattern[str] | None:
    is_mixed = any(map(str.isdigit, charger)) and any(map(str.isalpha, charger))
    if charger == NAMELESS or len(charger) < (2 if is_mixed else TELLING):
        return None
    return re.compile(rf"(?<![^\W_]){re.escape(charger)}(?![^\W_])", re.IGNORECASE)  # also in SN4711_1


def version(text: str, hide: Hide) -> str:
    """A firmware's version, which may look like an address; what has not the shape of one is hidden like any text."""
    return text if _VERSION.fullmatch(text) else hide(text)


def veiled(value: Value, hide: Hide) -> Value:
    """The same value with every text in it hidden, however deep."""
    found: Value = _veiled(value, hide)
    return found


def _veiled(value: Any, hide: Hide) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, tuple):
        return tuple(_veiled(each, hide) for each in value)
    if isinstance(value, Mapping):
        return {_veiled(key, hide): _veiled(each, hide) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _veiled(getattr(value, each.name), hide) for each in fields(value)})
    return value
