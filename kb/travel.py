"""Travel: how the codes of a table come over the wire, as the table itself tells; from one text to the codes in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from chargelore.kb.claim import Written

Carries = Literal["", "value", "list", "mask", "delta-mask", "text", "pattern"]
MASKS: frozenset[Carries] = frozenset({"mask", "delta-mask"})
WHOLE: frozenset[Carries] = frozenset({"mask", "list"})  # say all that is active, so what is missing is over
_LONGEST = 400
_HOLE = "{code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel(Written):
    """How the codes of one table travel. Everything that is left out is not known.

    `carries` says what one field holds: one `value`; a `list` or a `mask` of all that is active; a `delta-mask` of what
    is new, which does not say that the rest is over; a `text`; a `pattern` of lights or tones. `width` counts the bits
    of the mask, or of each of its `words`, which are named from the least significant on. `separator` stands between
    codes of one text, and an empty one says that there is never more than one. `field` is the member of a JSON object,
    or the place from 0 among values with commas, that holds the code. `prefix` stands before every code. `offset` is
    what the wire adds to the number in the table. `cleared` is the text that ends a code, with `{code}` in it.
    """

    carries: Carries = ""
    width: int = 0
    words: tuple[str, ...] = ()
    separator: str | None = None
    field: str = ""
    prefix: str = ""
    offset: int = 0
    cleared: str = ""


ANYHOW = Travel()


@dataclass(frozen=True, slots=True)
class Carried:
    """One code out of a text, as the table writes it; `is_cleared` when the text says that it is over."""

    code: str
    is_cleared: bool = False


def carried(text: str, travel: Travel) -> tuple[Carried, ...]:
    """The codes in a text, as the table writes them; the text itself where the table says nothing else."""
    if travel is ANYHOW or travel == ANYHOW:
        return (Carried(text),)
    return tuple(_freed(each, travel) for each in _taken(text[:_LONGEST], travel) if each.strip())


def _taken(text: str, travel: Travel) -> Iterator[str]:
    """Out of the field that holds the codes, one by one."""
    if travel.field.isdigit():
        yield from (each for record in _parted(text, travel) for each in _column(record, int(travel.field)))
    elif travel.field:
        yield from _parted(_member(text, travel.field), travel)
    else:
        yield text


def _parted(text: str, travel: Travel) -> list[str]:
    return text.split(travel.separator) if travel.separator else [text]


def _column(text: str, place: int) -> Iterator[str]:
    values = text.split(",")
    yield from values[place : place + 1] if len(values) > 1 else (text,)


def _member(text: str, name: str) -> str:
    """The member of the JSON; the text itself when it is none, empty when it has no such member."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return str(told.get(name, "")) if isinstance(told, dict) else text


def _freed(code: str, travel: Travel) -> Carried:
    """Without the words of clearing, the prefix and the offset."""
    ended = _clearing(travel.cleared).fullmatch(code.strip()) if travel.cleared else None
    plain = (ended.group(1) if ended else code).strip()
    return Carried(_shifted(plain.removeprefix(travel.prefix), travel.offset), ended is not None)


def _shifted(code: str, offset: int) -> str:
    is_number = offset != 0 and code.isascii() and code.isdigit()
    return str(int(code) - offset) if is_number and int(code) >= offset else code


@lru_cache(maxsize=64)
def _clearing(template: str) -> re.Pattern[str]:
    head, _, tail = template.partition(_HOLE)
    return re.compile(f"{re.escape(head)}(.+){re.escape(tail)}", re.IGNORECASE)
