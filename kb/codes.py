"""Codes: from a native code as emitted to the entries that explain it; a code is a pair of namespace and value.

The number 4 alone means nothing. The namespace comes from the maker (under any of its names), then the model, firmware
and channel; words that a standard defines come after the maker's own, and words that other makers use come last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from chargelore.kb.codekey import MOST, bare, bare_channel, is_null, key, split
from chargelore.kb.model import Code, Knowledge
from chargelore.kb.namespace import Namespace, by_key, namespace
from chargelore.kb.travel import WHOLE
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
_SHORTEST_MAKER = 3
_MOST_OPINIONS = 3  # when other makers disagree more than that on a word, it says nothing


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
        """All entries for a code as emitted, best scope first; several codes in one text are taken apart.

        A text that clears a code gives an entry that is no fault and names in `clears` what is over. A bit that a mask
        does not know gives an entry without meaning. Never raises, whatever the text.
        """
        if is_null(code):
            return ()
        maker, charger = self._maker(vendor), _Charger(model, firmware, channel)
        parts = split(code, maker.separators if maker else None)
        found = self._one(code, maker, charger) if len(parts) > 1 else ()
        found = found or tuple(each for part in parts for each in self._one(part, maker, charger))
        return tuple(dict.fromkeys(found))[:MOST]

    def cleared(self, code: Code) -> tuple[Code, ...]:
        """The codes that are over when this one comes; nothing for a code that clears none."""
        maker = self._makers.get(bare(code.vendor)) if code.clears else None
        found = maker.direct(code.clears, code.channel) if maker else ()
        return tuple(each for each in found if (each.table, each.model) == (code.table, code.model))

    def ended(self, before: Iterable[Code], now: Iterable[Code]) -> tuple[Code, ...]:
        """Which codes of an earlier report are over, now that these came.

        Those that a text clears; and those missing from a list or a mask that states all that is active. What merely
        carries what is new, or does not say how it travels, never ends anything by leaving it out.
        """
        current = tuple(now)
        over = {each for code in current for each in self.cleared(code)}
        stated = {_report(code) for code in current if code.travel.carries in WHOLE}
        return tuple(code for code in before if code in over or (code not in current and _report(code) in stated))

    def maker(self, name: str) -> str:
        """The name under which we know a maker or a standard; the name itself when we do not."""
        return self._aliases.get(bare(name), name)

    def knows(self, name: str) -> bool:
        """Whether a maker's name, or the vendorId of a message, is a namespace of ours."""
        return bare(self.maker(name)) in self._makers

    def _maker(self, vendor: str) -> Namespace | None:
        """The maker's codes under any of its names; `Zaptec Charger 22` begins as Zaptec does."""
        wanted = bare(vendor)
        exact = self._makers.get(bare(self._aliases.get(wanted, vendor)))
        if exact is not None or len(wanted) < _SHORTEST_MAKER:
            return exact
        beginnings = (wanted[:length] for length in range(len(wanted), _SHORTEST_MAKER - 1, -1))
        known = (bare(self._aliases[each]) for each in beginnings if each in self._aliases)
        return next((self._makers[name] for name in known if name in self._makers), None)

    def _one(self, code: str, maker: Namespace | None, charger: _Charger) -> tuple[Code, ...]:
        if is_null(code):
            return ()
        spellings = tuple(_spellings(code))
        own = (_own(each, maker, charger) for each in spellings) if maker else iter(())
        asked = (self._standard, self._anyone)
        shared = (ask(key(each)) for ask in asked for each in spellings)
        return next(filter(None, own), ()) or next(filter(None, shared), ())

    def _standard(self, name: str) -> tuple[Code, ...]:
        """What the first standard says that has this word; numbers and short codes belong to a maker."""
        asked = ("ChargeX MREC",) if _MREC.fullmatch(name) else STANDARDS if _WORD.fullmatch(name) else ()
        spaces = (self._makers.get(bare(standard)) for standard in asked)
        return next(filter(None, (space.named(name) for space in spaces if space)), ())

    def _anyone(self, name: str) -> tuple[Code, ...]:
        """A long word means the same to most makers; where they disagree it says nothing."""
        found = self._words.get(name, ()) if _WORD.fullmatch(name) else ()
        by_fault = {code.means[0].fault: code for code in reversed(found) if code.means}
        return tuple(reversed(by_fault.values())) if len(by_fault) <= _MOST_OPINIONS else ()


def _spellings(code: str) -> Iterator[str]:
    """The code, and what is left of it without a path: the end of a URN, the subtype, the type."""
    yield code
    head, _, tail = code.strip().rpartition(":" if code.strip().lower().startswith("urn:") else "/")
    yield from (part for part in (tail, head) if part.isidentifier())


def _own(code: str, maker: Namespace, charger: _Charger) -> tuple[Code, ...]:
    """What the maker's tables say; a code that stands there itself beats the same number as a sum of bits."""
    direct = maker.direct(code, charger.channel)
    kept = _fitting((*direct, *maker.masked(code, charger.channel)), charger)
    return tuple(each for each in kept if each in direct) or kept or _fitting(maker.shown(code), charger)


def _report(code: Code) -> tuple[str, str, str, str]:
    """What one report of this code speaks of as a whole."""
    return code.vendor, code.model, code.channel, code.table


def _fitting(found: tuple[Code, ...], charger: _Charger) -> tuple[Code, ...]:
    """Entries that fit worse go: first those of other models, then of other firmware, then of other channels."""
    for fit in (_model_fit, _firmware_fit, _channel_fit):
        found = _best(found, charger, fit)
    return found


def _best(found: tuple[Code, ...], charger: _Charger, fit: Callable[[Code, _Charger], int]) -> tuple[Code, ...]:
    fits = [fit(code, charger) for code in found]
    return tuple(code for code, each in zip(found, fits, strict=True) if each == max(fits))


def _model_fit(code: Code, charger: _Charger) -> int:
    """How much of the model's name is the same: `Pro 22` fits better than `Pro`; another model fits worse than none."""
    if not code.model or not charger.model:
        return 0
    theirs = bare(charger.model)
    ours = [bare(model) for model in code.model.split("/")]
    fits = [min(len(model), len(theirs)) for model in ours if model in theirs or theirs in model]
    return max(fits, default=0) or -1


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
def _index(knowledge: Knowledge) -> tuple[dict[str, str], dict[str, Namespace], dict[str, tuple[Code, ...]]]:
    aliases = {bare(alias): maker for alias, maker in knowledge.vendor_aliases.items()}
    makers: dict[str, list[Code]] = {}
    for code in knowledge.codes:
        aliases.setdefault(bare(code.vendor), code.vendor)
        makers.setdefault(bare(code.vendor), []).append(code)
    standards = frozenset(STANDARDS)
    others = by_key(code for code in knowledge.codes if code.vendor not in standards)
    return aliases, {maker: namespace(codes) for maker, codes in makers.items()}, others
