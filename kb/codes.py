"""Codes: from a native code as emitted to the entries that explain it; a code is a pair of namespace and value.

Makers write the same value as 0x04, 4, 004 or 04h, several values with commas, and sums of bits; the number 4 alone
means nothing. The namespace comes from the maker (under any of its names), then the model, firmware and channel; words
that a standard defines come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chargelore.kb.model import Code, Knowledge

STANDARDS = ("ocpp", "chargex", "evgo", "charin", "everest", "iso", "din", "chademo", "matter", "control pilot")
NULLS = frozenset({"", "0", "n:0", "noerror", "none", "null", "ok", "nofault", "noerrors", "nil"})
_HEX = re.compile(r"(?:0x|#)([0-9a-f]+)|([0-9][0-9a-f]*)h")
_BIT = re.compile(r"bit\s*(\d+)")
_SEPARATORS = re.compile(r"\s*[,;|]\s*")
_LONGEST = 400
_MOST = 32  # codes in one text, bits in one mask
_TELLING = 6  # letters that a word needs before it may be understood without its maker


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


def bare(name: str) -> str:
    """A maker's name without case, blanks, punctuation and legal form."""
    plain = re.sub(r"\(.*?\)", "", name.lower())
    plain = re.sub(r"\b(gmbh|bv|b\.v\.|ag|inc|ltd|co|kg|se|as|spa|srl|sl|group|emobility|e-mobility)\b", "", plain)
    return re.sub(r"[^a-z0-9]", "", plain)


def is_null(text: str) -> bool:
    """Whether a code field says "nothing wrong": empty, zero, null, `0,0,0,0`, NoError."""
    parts = [key(part) for part in _SEPARATORS.split(text.strip().strip("[]"))]
    return all(part in NULLS for part in parts)


@dataclass(frozen=True, slots=True)
class _Namespace:
    """The codes of one maker by key, and its bits by mask value."""

    by_key: Mapping[str, tuple[Code, ...]]
    bits: Mapping[int, tuple[Code, ...]]


class Codes:
    """The index over all codes. Made once for each Knowledge; answers in microseconds."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._aliases, self._makers, self._standards, self._words = _index(knowledge)

    def meanings(
        self, code: str, vendor: str = "", model: str = "", firmware: str = "", channel: str = ""
    ) -> tuple[Code, ...]:
        """All entries for a code as emitted, best scope first; several codes in one text are taken apart."""
        if is_null(code):
            return ()
        maker = self._maker(vendor)
        whole = self._one(code, maker)
        parts = _SEPARATORS.split(code.strip())[:_MOST]
        found = whole or tuple(each for part in parts for each in self._one(part, maker) if len(parts) > 1)
        return _fitting(found, model, firmware, channel)

    def maker(self, name: str) -> str:
        """The name under which we know a maker; the name itself when we do not."""
        return self._aliases.get(bare(name), name)

    def _maker(self, vendor: str) -> _Namespace | None:
        wanted = bare(vendor)
        exact = self._makers.get(bare(self._aliases.get(wanted, vendor)))
        if exact is not None or len(wanted) < 3:
            return exact
        return next((space for name, space in self._makers.items() if name and wanted.startswith(name)), None)

    def _one(self, code: str, maker: _Namespace | None) -> tuple[Code, ...]:
        if is_null(code):
            return ()
        name = key(code)
        own = (maker.by_key.get(name) or _masked(name, maker)) if maker else ()
        return own or self._standards.get(name, ()) or self._anyone(name)

    def _anyone(self, name: str) -> tuple[Code, ...]:
        """A long word means the same to most makers; a number never does."""
        return self._words.get(name, ()) if len(re.sub(r"[^a-z]", "", name)) >= _TELLING else ()


def _masked(name: str, maker: _Namespace) -> tuple[Code, ...]:
    """The bits of a sum, when every one of them is known."""
    if not name.startswith("n:") or not maker.bits:
        return ()
    value = int(name[2:])
    bits = [1 << place for place in range(min(64, value.bit_length())) if value >> place & 1]
    known = [maker.bits[bit] for bit in bits if bit in maker.bits]
    return tuple(code for codes in known for code in codes) if known and len(known) == len(bits) else ()


def _fitting(found: tuple[Code, ...], model: str, firmware: str, channel: str) -> tuple[Code, ...]:
    """Entries of another model go when an entry of this one is there; the channel decides between what is left."""
    ranked = sorted(found, key=lambda code: (-_model_fit(code, model), not _is_version(code, firmware)))
    if not ranked:
        return ()
    best = max(_model_fit(code, model) for code in ranked)
    kept = [code for code in ranked if _model_fit(code, model) == best or best == 0]
    spoken = max(_channel_fit(code, channel) for code in kept)
    return tuple(dict.fromkeys(code for code in kept if _channel_fit(code, channel) == spoken))[:_MOST]


def _model_fit(code: Code, model: str) -> int:
    if not code.model or not model:
        return 0
    ours, theirs = bare(code.model), bare(model)
    return 2 if ours and theirs and (ours in theirs or theirs in ours) else -1


def _is_version(code: Code, firmware: str) -> bool:
    return bool(code.firmware) and firmware.startswith(code.firmware)


def _channel_fit(code: Code, channel: str) -> int:
    """2 on the same channel, 1 on the same transport: ocpp, modbus, display, an API."""
    ours, theirs = code.channel.lower(), channel.lower()
    if theirs and ours == theirs:
        return 2
    kind = re.split(r"[._:\s]", theirs, maxsplit=1)[0]
    return int(bool(kind) and ours.startswith(kind))


@lru_cache(maxsize=2)
def _index(
    knowledge: Knowledge,
) -> tuple[dict[str, str], dict[str, _Namespace], dict[str, tuple[Code, ...]], dict[str, tuple[Code, ...]]]:
    aliases = {bare(alias): maker for alias, maker in knowledge.vendor_aliases.items()}
    makers: dict[str, dict[str, list[Code]]] = {}
    standards: dict[str, list[Code]] = {}
    words: dict[str, list[Code]] = {}
    for code in knowledge.codes:
        shelf = standards if _is_standard(code) else makers.setdefault(bare(code.vendor), {})
        for name in _names(code):
            shelf.setdefault(name, []).append(code)
            words.setdefault(name, []).append(code)
    spaces = {maker: _Namespace(_frozen(shelf), _bits(shelf)) for maker, shelf in makers.items()}
    return aliases, spaces, _frozen(standards), _frozen(words)


def _is_standard(code: Code) -> bool:
    return code.vendor.lower().startswith(STANDARDS)


def _names(code: Code) -> Iterator[str]:
    """`ChargePointErrorCode:NoError` is known as NoError too, `CX001 ConnectorLockFailure` under both words."""
    parts = [code.code, *code.code.rsplit(":", 1)[1:], *code.code.split()]
    if not _is_standard(code):
        parts = [code.code]
    yield from dict.fromkeys(key(part) for part in parts if not is_null(part))


def _bits(shelf: Mapping[str, list[Code]]) -> dict[int, tuple[Code, ...]]:
    """Masks by value: `bit 3` and a bit written as the value 8 are the same."""
    masks: dict[int, list[Code]] = {}
    for name, codes in shelf.items():
        kind, _, number = name.partition(":")
        for code in codes:
            if code.kind == "bit" and number.isdigit() and int(number) < 1 << 63:
                masks.setdefault(1 << int(number) if kind == "b" else int(number), []).append(code)
    return {mask: tuple(codes) for mask, codes in masks.items() if mask.bit_count() == 1}


def _frozen(shelf: Mapping[str, list[Code]]) -> dict[str, tuple[Code, ...]]:
    return {name: tuple(codes) for name, codes in shelf.items()}
