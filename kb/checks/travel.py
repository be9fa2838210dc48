"""Checks of how code tables travel: masks, separators, clearing texts, lights, firmware, licence and edition."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.codekey import key, number
from chargelore.kb.mask import place_of
from chargelore.kb.model import Code, Knowledge
from chargelore.kb.travel import MASKS
from chargelore.kb.version import overlap

CHANNELS = ("ocpp", "modbus", "api", "can", "display", "v2g", "pilot", "slac", "ocpi", "websocket", "http", "report")
_CHANNEL = re.compile(rf"({'|'.join(CHANNELS)})(?:[.:].+)?")
# A licence under which native text may ship, or the word that only facts were taken.
_ALLOWED = re.compile(r"MIT|Apache-2\.0|CC0-1\.0|CC-BY-4\.0|BSD-[23]-Clause|ISC|\bfacts?\b")
UMBRELLAS = frozenset({"unspecified-fault"})  # say only that something is wrong


def _named(code: Code) -> str:
    return f"{code.vendor} {code.code}"


def _by_table(knowledge: Knowledge) -> dict[tuple[str, str, str, str], list[Code]]:
    tables: dict[tuple[str, str, str, str], list[Code]] = defaultdict(list)
    for code in knowledge.codes:
        tables[code.vendor, code.model, code.channel, code.table].append(code)
    return tables


def clears_nothing(knowledge: Knowledge) -> Iterator[Issue]:
    """K40: a code that clears another names one of its own table."""
    for codes in _by_table(knowledge).values():
        there = {key(code.code) for code in codes}
        for code in codes:
            if code.clears and (key(code.clears) not in there or key(code.clears) == key(code.code)):
                what = f"clears {code.clears}, which the table does not have"
                yield Issue(code="K40", subject=_named(code), what=what, fix="name a code of the same table")


def several_bits(knowledge: Knowledge) -> Iterator[Issue]:
    """K41: in a mask every code is one bit."""
    for code in knowledge.codes:
        value = number(key(code.code))
        if code.travel.carries in MASKS and value is not None and value.bit_count() > 1:
            yield Issue(
                code="K41",
                subject=_named(code),
                what="sets several bits of its mask",
                fix="write each bit as a code of its own",
            )


def two_meanings_at_once(knowledge: Knowledge) -> Iterator[Issue]:
    """K42: where a number changed its meaning with the firmware, the ranges must not overlap."""
    shelf: dict[tuple[str, str, str, str], list[Code]] = defaultdict(list)
    for code in knowledge.codes:
        if code.firmware and code.means:
            shelf[code.vendor, code.model, code.channel, key(code.code)].append(code)
    for codes in shelf.values():
        for one, other in combinations(codes, 2):
            if one.means[0].fault != other.means[0].fault and overlap(one.firmware, other.firmware):
                what = f"is {one.means[0].fault} and {other.means[0].fault} in one firmware"
                yield Issue(code="K42", subject=_named(one), what=what, fix="let one range end where the other begins")


def unknown_channel(knowledge: Knowledge) -> Iterator[Issue]:
    """K43: a channel is compared, so it begins with a word that is known."""
    for channel, code in {code.channel: code for code in knowledge.codes if code.channel}.items():
        if not _CHANNEL.fullmatch(channel):
            fix = f"begin with one of {', '.join(CHANNELS)}, then a dot or a colon"
            yield Issue(code="K43", subject=_named(code), what=f"comes on the unknown channel {channel}", fix=fix)


def separator_in_code(knowledge: Knowledge) -> Iterator[Issue]:
    """K44: a code that holds the separator of its table would be torn apart."""
    for code in knowledge.codes:
        mark = code.travel.separator
        if mark and not code.travel.field and mark in code.code:
            what = f"holds `{mark}`, which parts the codes of its table"
            yield Issue(code="K44", subject=_named(code), what=what, fix="correct the separator or the code")


def licence_not_allowed(knowledge: Knowledge) -> Iterator[Issue]:
    """K45: native text ships under an open licence only; from anything else facts in our own words."""
    for name in sorted({code.source for code in knowledge.codes}):
        source = knowledge.sources.get(name)
        if source is not None and source.licence and not _ALLOWED.search(source.licence):
            what = f"has a licence that is not allowed: {source.licence}"
            yield Issue(code="K45", subject=name, what=what, fix="take facts only and say so, or remove the table")


def platform_without_alias(knowledge: Knowledge) -> Iterator[Issue]:
    """K46: chargers report the name of their maker, so a platform is known under other names too."""
    for maker in knowledge.makers.values():
        if maker.kind == "platform" and not maker.aliases:
            yield Issue(code="K46", subject=maker.name, what="is a platform without another name", fix="add `aliases`")


def standard_without_edition(knowledge: Knowledge) -> Iterator[Issue]:
    """K47: what a standard says depends on its edition."""
    for maker in knowledge.makers.values():
        if maker.kind == "standard" and not maker.editions:
            yield Issue(code="K47", subject=maker.name, what="names no edition", fix="add `editions`, the newest first")


def fault_without_meaning(knowledge: Knowledge) -> Iterator[Issue]:
    """K48: a code that tells of a fault stands for one, be it `unspecified-fault`."""
    for code in knowledge.codes:
        if code.is_fault and not code.means:
            fix = "map it, or add `is_fault: false`"
            yield Issue(code="K48", subject=_named(code), what="is a fault without meaning", fix=fix)


def exactly_anything(knowledge: Knowledge) -> Iterator[Issue]:
    """K49: nothing is exactly a fault that only says that something is wrong."""
    for code in knowledge.codes:
        if any(means.fault in UMBRELLAS and means.relation == "exact" for means in code.means):
            yield Issue(
                code="K49", subject=_named(code), what="is exactly an unspecified fault", fix="write `relation: close`"
            )


def bit_beyond_mask(knowledge: Knowledge) -> Iterator[Issue]:
    """K50: a bit lies inside the width of its mask or word."""
    for code in knowledge.codes:
        place = place_of(code) if code.travel.width else None
        if place is not None and place[1] >= code.travel.width:
            what = f"is bit {place[1]} of a mask of {code.travel.width}"
            yield Issue(code="K50", subject=_named(code), what=what, fix="correct the bit or the `width`")


def pattern_without_signs(knowledge: Knowledge) -> Iterator[Issue]:
    """K51: lights and tones are told as signs, and nothing else is; a message with numbers in it needs none."""
    for code in knowledge.codes:
        if not code.code.startswith("re:") and (code.kind == "pattern") != bool(code.signs):
            what = "is a pattern without signs" if code.kind == "pattern" else "has signs but is no pattern"
            yield Issue(code="K51", subject=_named(code), what=what, fix="give `kind: pattern` and `signs`, or neither")


def clearing_fault(knowledge: Knowledge) -> Iterator[Issue]:
    """K52: what says that a fault is over is none."""
    for code in knowledge.codes:
        if code.clears and code.is_fault:
            yield Issue(
                code="K52", subject=_named(code), what="clears a code and is a fault", fix="add `is_fault: false`"
            )


def mask_without_bits(knowledge: Knowledge) -> Iterator[Issue]:
    """K53: a mask has bits."""
    for (vendor, *_, table), codes in _by_table(knowledge).items():
        if codes[0].travel.carries in MASKS and not any(place_of(code) for code in codes):
            what = "travels as a mask and has no bit"
            yield Issue(code="K53", subject=f"{vendor} {table}", what=what, fix="write codes of `kind: bit`")


def unreadable_travel(knowledge: Knowledge) -> Iterator[Issue]:
    """K54: a clearing text has a place for the code, and words of a mask have a width."""
    for (vendor, *_, table), codes in _by_table(knowledge).items():
        travel = codes[0].travel
        if travel.cleared and travel.cleared.count("{code}") != 1:
            what, fix = "has a clearing text without `{code}`", "write `{code}` once, where the code stands"
            yield Issue(code="K54", subject=f"{vendor} {table}", what=what, fix=fix)
        if travel.words and not travel.width:
            yield Issue(code="K54", subject=f"{vendor} {table}", what="has words without width", fix="give the `width`")


def name_taken(knowledge: Knowledge) -> Iterator[Issue]:
    """K55: another name of a code is not the name of a second one in its table."""
    for codes in _by_table(knowledge).values():
        owners: dict[str, set[str]] = defaultdict(set)
        for code in codes:
            for name in (code.code, *code.also):
                owners[key(name)].add(code.code)
        for code in codes:
            if any(len(owners[key(name)]) > 1 for name in code.also):
                yield Issue(
                    code="K55", subject=_named(code), what="shares a name with another code", fix="leave it to one"
                )


TRAVEL_CHECKS: tuple[Check, ...] = (
    clears_nothing, several_bits, two_meanings_at_once, unknown_channel, separator_in_code, licence_not_allowed,
    platform_without_alias, standard_without_edition, fault_without_meaning, exactly_anything, bit_beyond_mask,
    pattern_without_signs, clearing_fault, mask_without_bits, unreadable_travel, name_taken,
)  # fmt: skip
