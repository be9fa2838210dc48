"""Namespace: the codes of one maker, ready to be asked; its tables by the way they travel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from chargelore.kb.codekey import NULLS, is_null, key, number
from chargelore.kb.mask import Mask, masks
from chargelore.kb.model import Code, Sign, Travel
from chargelore.kb.signs import is_alike, sign
from chargelore.kb.travel import carried

_BIT_CHANNEL = re.compile(r"(?<![a-z])bits?(?![a-z])")
_NAMED_IN_TEXT = ("ChargeX MREC", "Matter")  # whose text begins with the name of the code


@dataclass(frozen=True, slots=True)
class Shelf:
    """The codes of a maker that travel alike: by key, by bit, and by the sign that they give."""

    travel: Travel
    by_key: Mapping[str, tuple[Code, ...]]
    masks: tuple[Mask, ...]
    signs: tuple[tuple[Sign, Code], ...]

    def direct(self, text: str, channel: str) -> Iterator[Code]:
        """What stands for itself in the tables; a code that a text clears comes as cleared."""
        for each in carried(text, self.travel):
            name = key(each.code)
            found = () if name in NULLS else self.by_key.get(_as_bit(name, channel)) or self.by_key.get(name, ())
            yield from (_cleared(code, text) for code in found) if each.is_cleared else found

    def masked(self, text: str, channel: str) -> Iterator[Code]:
        """The bits that are set in a number, out of each table that it may be a mask of."""
        for mask in self.masks:
            for each in carried(text, self.travel):
                yield from mask.set_in(each.code, channel)

    def shown(self, told: Sign) -> Iterator[Code]:
        """The codes that give the sign which somebody saw or heard."""
        return (code for ours, code in self.signs if is_alike(ours, told))


@dataclass(frozen=True, slots=True)
class Namespace:
    """One maker. `separators` are those that its tables name; None when none of them tells."""

    shelves: tuple[Shelf, ...]
    separators: frozenset[str] | None

    def named(self, name: str) -> tuple[Code, ...]:
        """The codes with this key."""
        return tuple(code for shelf in self.shelves for code in shelf.by_key.get(name, ()))

    def direct(self, text: str, channel: str) -> tuple[Code, ...]:
        """The codes that are written so."""
        return tuple(code for shelf in self.shelves for code in shelf.direct(text, channel))

    def masked(self, text: str, channel: str) -> tuple[Code, ...]:
        """The codes whose bits are set, where the text may be a mask."""
        return tuple(code for shelf in self.shelves if shelf.masks for code in shelf.masked(text, channel))

    def shown(self, text: str) -> tuple[Code, ...]:
        """The codes that give the sign which the text describes."""
        told = sign(text) if any(shelf.signs for shelf in self.shelves) else None
        return tuple(code for shelf in self.shelves for code in shelf.shown(told)) if told else ()


def namespace(codes: Iterable[Code]) -> Namespace:
    """The namespace of a maker's codes."""
    alike: dict[Travel, list[Code]] = {}
    for code in codes:
        alike.setdefault(code.travel, []).append(code)
    told = {travel.separator for travel in alike} - {None}
    shelves = tuple(Shelf(travel, by_key(some), masks(some), tuple(_signs(some))) for travel, some in alike.items())
    return Namespace(shelves, frozenset(filter(None, told)) if told else None)


def by_key(codes: Iterable[Code]) -> dict[str, tuple[Code, ...]]:
    """Codes by everything that they are called."""
    shelf: dict[str, list[Code]] = {}
    for code in codes:
        for name in _names(code):
            shelf.setdefault(name, []).append(code)
    return {name: tuple(found) for name, found in shelf.items()}


def _names(code: Code) -> Iterator[str]:
    """`evse_manager/Internal` is known as Internal too, and `CX001` by the name that its text begins with."""
    last, head = code.code.rpartition("/")[2], code.text.partition(":")[0]
    named = [head] if code.vendor in _NAMED_IN_TEXT else []
    words = [part for part in (last, *named) if part.isidentifier()]
    yield from dict.fromkeys(key(part) for part in (code.code, *code.also, *words) if not is_null(part))


def _signs(codes: Iterable[Code]) -> Iterator[tuple[Sign, Code]]:
    """A code of one sign can be told in other words; what several signs together mean only its own words tell."""
    return ((code.signs[0], code) for code in codes if len(code.signs) == 1)


def _as_bit(name: str, channel: str) -> str:
    """On a channel that carries numbers of bits, 7 is bit 7 and not the sum of bits 0 to 2."""
    spoken = channel.lower().replace("_", " ")
    return f"b:{number(name)}" if name.startswith("n:") and _BIT_CHANNEL.search(spoken) else name


def _cleared(code: Code, text: str) -> Code:
    """The report that a code is over."""
    return replace(code, code=text.strip(), text=f"over: {code.text}", means=(), is_fault=False, clears=code.code)


def code_node(code: Code) -> str:
    """The node of a code: its namespace - maker, model, firmware, channel, table - and value."""
    return "/".join(("code", code.vendor, code.model, code.firmware, code.channel, code.table, code.code))
