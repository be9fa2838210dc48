"""Mask: the codes of one table by bit, and from a number or a string of bits to the codes that are set in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from chargelore.kb.codekey import bare_channel, key, number
from chargelore.kb.model import Code
from chargelore.kb.travel import MASKS, Travel

WIDEST = 64
_PARTING = re.compile(r"[:.]")
_BITS = re.compile(r"(?:0b)?([01]{8,64})")


@dataclass(frozen=True, slots=True)
class Mask:
    """The bits of one table, counted from 0 at the least significant one; `words` by their name in a channel."""

    travel: Travel
    bits: Mapping[int, Code]
    words: Mapping[str, Mapping[int, Code]]

    def set_in(self, text: str, channel: str) -> tuple[Code, ...]:
        """The codes whose bits are set; nothing when the text is no mask of this table.

        A table that says it travels as a mask is believed: a bit that it does not know is told as such. Of another
        table every bit must be known, or the number is not a mask at all.
        """
        value, known = self._value(text), self._known(channel)
        if value is None or not 0 < value < 1 << WIDEST:
            return ()
        places = [place for place in range(value.bit_length()) if value >> place & 1]
        found = [known[place] for place in places if place in known]
        strange = [place for place in places if place not in known]
        if not found or (strange and self.travel.carries not in MASKS) or self._is_too_wide(places):
            return ()
        return (*found, *(_strange(found[0], place) for place in strange))

    def _value(self, text: str) -> int | None:
        """A number, or as many noughts and ones as the table has bits."""
        spelt = _BITS.fullmatch(text.strip().lower())
        if spelt and len(spelt.group(1)) == self.travel.width:
            return int(spelt.group(1), 2)
        return number(key(text))

    def _known(self, channel: str) -> Mapping[int, Code]:
        """On the channel of one word its bits alone; else all. `can:0x4300.0` names the word `0x4300.0`."""
        named = {bare_channel(channel[found.end() :]) for found in _PARTING.finditer(channel)} if self.words else set()
        return next((bits for word, bits in self.words.items() if word in named), self.bits)

    def _is_too_wide(self, places: list[int]) -> bool:
        width = self.travel.width * max(1, len(self.travel.words))
        return bool(width) and places[-1] >= width


def masks(codes: Iterable[Code]) -> tuple[Mask, ...]:
    """Each table of bits as a mask: `bit 3`, a bit written as the value 8, and word.3 are the same."""
    tables: dict[tuple[str, str, str, Travel], dict[tuple[str, int], Code]] = {}
    for code in codes:
        placed = place_of(code)
        if placed is not None:
            tables.setdefault((code.table, code.model, code.channel, code.travel), {})[placed] = code
    return tuple(_mask(where[-1], placed) for where, placed in tables.items())


def place_of(code: Code) -> tuple[str, int] | None:
    """The word and the bit in it for which a code of kind `bit` stands; None when it names no single bit."""
    name = key(code.code)
    if code.kind != "bit":
        return None
    if name.startswith("b:"):
        return "", int(name[2:])
    value = number(name)
    if value is not None:
        return ("", value.bit_length() - 1) if value.bit_count() == 1 else None
    word, _, bit = code.code.rpartition(".")
    return (word, int(bit)) if word and bit.isascii() and bit.isdigit() and len(bit) < 4 else None


def _mask(travel: Travel, placed: Mapping[tuple[str, int], Code]) -> Mask:
    words: dict[str, dict[int, Code]] = {}
    for (word, bit), code in placed.items():
        words.setdefault(word, {})[bit] = code
    named = {bare_channel(word): bits for word, bits in words.items()}
    return Mask(travel, dict(_whole(travel, words)), named if len(words) > 1 else {})


def _whole(travel: Travel, words: Mapping[str, Mapping[int, Code]]) -> Iterator[tuple[int, Code]]:
    """All bits of a mask over several words, where the table tells their order; those of the only word else."""
    order = travel.words or (tuple(words) if len(words) == 1 else ())
    for rank, word in enumerate(order):
        for bit, code in words.get(word, {}).items():
            yield rank * (travel.width if len(order) > 1 else 0) + bit, code


def _strange(beside: Code, place: int) -> Code:
    """A set bit that the table does not know."""
    return replace(
        beside, code=f"bit {place}", text=f"bit {place}, which the table does not know", means=(), severity="", also=()
    )
