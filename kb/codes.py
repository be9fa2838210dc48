"""Codes: from a native code as emitted to the entries that explain it; a code is a pair of namespace and value.

The number 4 alone means nothing. The namespace comes from the maker (under any of its names), then the model, firmware
and channel; words that a standard defines come after the maker's own, and words that other makers use come last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from chargelore.kb.codekey import MOST, bare, bare_channel, is_null, key, number, split
from chargelore.kb.model import Code, Knowledge
from chargelore.kb.version import in_range

__all__ = ["Codes", "bare", "is_null", "key"]

# Whom to ask, in this order, for a word that the maker's own tables do not hold. The names of ChargeX are not here
# because they mean less than the same words of OCPP; EVgo is not because `A001` may be anybody's number.
STANDARDS = (
    "OCPP 1.6", "OCPP 2.x", "OCPP 2.x device model", "OCPP security events", "EVerest", "CharIN UEC",
    "DIN DKE SPEC 99003", "ISO 15118-2", "DIN 70121", "ISO 15118-20",
)  # fmt: skip
_MREC = re.compile(r"cx\d{3}")
_WORD = re.compile(r".*[a-z].*[a-z].*[a-z].*[a-z].*[a-z].*[a-z].*")  # letters enough to be a word
_BIT_CHANNEL = re.compile(r"(?<![a-z])bits?(?![a-z])")
_SHORTEST_MAKER = 3
_MOST_OPINIONS = 3  # when other makers disagree more than that on a word, it says nothing


@dataclass(frozen=True, slots=True)
class _Namespace:
    """The codes of one maker by key, and each of its tables of bits by mask value."""

    by_key: Mapping[str, tuple[Code, ...]]
    masks: tuple[Mapping[int, Code], ...]


@dataclass(frozen=True, slots=True)
class _Charger:
    """Where a code came from."""

    model: str
    firmware: str
    channel: str


class Codes:
    """The index over all codes. Made once for each Knowledge; answers in microseconds."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._aliases, self._makers, self._words = _index(knowledge)

    def meanings(
        self, code: str, vendor: str = "", model: str = "", firmware: str = "", channel: str = ""
    ) -> tuple[Code, ...]:
        """All entries for a code as emitted, best scope first; several codes in one text are taken apart."""
        if is_null(code):
            return ()
        maker, charger = self._maker(vendor), _Charger(model, firmware, channel)
        parts = split(code)
        found = self._one(code, maker, charger) if len(parts) > 1 else ()
        found = found or tuple(each for part in parts for each in self._one(part, maker, charger))
        return tuple(dict.fromkeys(found))[:MOST]

    def maker(self, name: str) -> str:
        """The name under which we know a maker or a standard; the name itself when we do not."""
        return self._aliases.get(bare(name), name)

    def knows(self, name: str) -> bool:
        """Whether a maker's name, or the vendorId of a message, is a namespace of ours."""
        return bare(self.maker(name)) in self._makers

    def _maker(self, vendor: str) -> _Namespace | None:
        """The maker's codes under any of its names; `Zaptec Charger 22` begins as Zaptec does."""
        wanted = bare(vendor)
        exact = self._makers.get(bare(self._aliases.get(wanted, vendor)))
        if exact is not None or len(wanted) < _SHORTEST_MAKER:
            return exact
        beginnings = (wanted[:length] for length in range(len(wanted), _SHORTEST_MAKER - 1, -1))
        known = (bare(self._aliases[each]) for each in beginnings if each in self._aliases)
        return next((self._makers[name] for name in known if name in self._makers), None)

    def _one(self, code: str, maker: _Namespace | None, charger: _Charger) -> tuple[Code, ...]:
        if is_null(code):
            return ()
        name = key(code)
        own = _own(name, maker, charger) if maker else ()
        return own or self._standard(name) or self._anyone(name)

    def _standard(self, name: str) -> tuple[Code, ...]:
        """What the first standard says that has this word; numbers and short codes belong to a maker."""
        asked = ("ChargeX MREC",) if _MREC.fullmatch(name) else STANDARDS if _WORD.fullmatch(name) else ()
        spaces = (self._makers.get(bare(standard)) for standard in asked)
        return next((space.by_key[name] for space in spaces if space and name in space.by_key), ())

    def _anyone(self, name: str) -> tuple[Code, ...]:
        """A long word means the same to most makers; where they disagree it says nothing."""
        found = self._words.get(name, ()) if _WORD.fullmatch(name) else ()
        by_fault = {code.means[0].fault: code for code in reversed(found) if code.means}
        return tuple(reversed(by_fault.values())) if len(by_fault) <= _MOST_OPINIONS else ()


def _own(name: str, maker: _Namespace, charger: _Charger) -> tuple[Code, ...]:
    """What the maker's tables say; a code that stands there itself beats the same number as a sum of bits."""
    direct = maker.by_key.get(_as_bit(name, charger.channel), ()) or maker.by_key.get(name, ())
    kept = _fitting((*direct, *_masked(name, maker)), charger)
    return tuple(code for code in kept if code in direct) or kept


def _as_bit(name: str, channel: str) -> str:
    """On a channel that carries numbers of bits, 7 is bit 7 and not the sum of bits 0 to 2."""
    spoken = channel.lower().replace("_", " ")
    return f"b:{number(name)}" if name.startswith("n:") and _BIT_CHANNEL.search(spoken) else name


def _masked(name: str, maker: _Namespace) -> Iterator[Code]:
    """The bits of a sum, out of each table that knows every one of them."""
    value = number(name)
    if value is None or value >= 1 << 64:
        return
    bits = [1 << place for place in range(value.bit_length()) if value >> place & 1]
    for table in maker.masks:
        if all(bit in table for bit in bits):
            yield from (table[bit] for bit in bits)


def _fitting(found: tuple[Code, ...], charger: _Charger) -> tuple[Code, ...]:
    """Entries that fit worse go: first those of other models, then of other firmware, then of other channels."""
    for fit in (_model_fit, _firmware_fit, _channel_fit):
        found = _best(found, charger, fit)
    return found


def _best(found: tuple[Code, ...], charger: _Charger, fit: Callable[[Code, _Charger], int]) -> tuple[Code, ...]:
    fits = [fit(code, charger) for code in found]
    return tuple(code for code, each in zip(found, fits, strict=True) if each == max(fits))


def _model_fit(code: Code, charger: _Charger) -> int:
    if not code.model or not charger.model:
        return 0
    theirs = bare(charger.model)
    ours = [bare(model) for model in code.model.split("/")]
    return 1 if any(model and theirs and (model in theirs or theirs in model) for model in ours) else -1


def _firmware_fit(code: Code, charger: _Charger) -> int:
    if not code.firmware or not charger.firmware:
        return 0
    return 1 if in_range(code.firmware, charger.firmware) else -1


def _channel_fit(code: Code, charger: _Charger) -> int:
    """How much of the channel's name is the same; of two that agree as far, the one without more words."""
    ours, theirs = bare_channel(code.channel), bare_channel(charger.channel)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(ours, theirs, strict=False))
    return 2 * len(tuple(same)) + (ours == theirs)


@lru_cache(maxsize=2)
def _index(knowledge: Knowledge) -> tuple[dict[str, str], dict[str, _Namespace], dict[str, tuple[Code, ...]]]:
    aliases = {bare(alias): maker for alias, maker in knowledge.vendor_aliases.items()}
    makers: dict[str, list[Code]] = {}
    for code in knowledge.codes:
        aliases.setdefault(bare(code.vendor), code.vendor)
        makers.setdefault(bare(code.vendor), []).append(code)
    spaces = {maker: _Namespace(_by_key(codes), _masks(codes)) for maker, codes in makers.items()}
    standards = frozenset(STANDARDS)
    return aliases, spaces, _by_key([code for code in knowledge.codes if code.vendor not in standards])


def _by_key(codes: list[Code]) -> dict[str, tuple[Code, ...]]:
    shelf: dict[str, list[Code]] = {}
    for code in codes:
        for name in _names(code):
            shelf.setdefault(name, []).append(code)
    return {name: tuple(found) for name, found in shelf.items()}


def _names(code: Code) -> Iterator[str]:
    """`evse_manager/Internal` is known as Internal too, and `CX001` by the name that its text begins with."""
    last, head = code.code.rpartition("/")[2], code.text.partition(":")[0]
    named = [head] if code.vendor in ("ChargeX MREC", "Matter") else []
    words = [part for part in (last, *named) if part.isidentifier()]
    yield from dict.fromkeys(key(part) for part in (code.code, *words) if not is_null(part))


def _masks(codes: list[Code]) -> tuple[Mapping[int, Code], ...]:
    """Each table of bits by mask value: `bit 3` and a bit written as the value 8 are the same."""
    tables: dict[tuple[str, str, str], dict[int, Code]] = {}
    for code in codes:
        mask = _mask(code)
        if mask is not None and mask.bit_count() == 1:
            tables.setdefault((code.table, code.model, code.channel), {})[mask] = code
    return tuple(tables.values())


def _mask(code: Code) -> int | None:
    name = key(code.code)
    if code.kind != "bit":
        return None
    return 1 << int(name[2:]) if name.startswith("b:") else number(name)
