"""Queries as people type them, and knowledge of any size to ask: both grow from the shipped codes and a seed alone.

A query is a shipped code spoilt in one of thirteen ways. The same seed, makers and knowledge give the same queries;
`digest` shows in one word whether two runs asked the same.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from chargelore.kb.codekey import key
from chargelore.kb.model import Code, FaultId, Knowledge

Spoil = Callable[[Code, random.Random, Knowledge], str | None]
HELD_OUT = 3  # every third maker is never looked at while tuning
SYLLABLES = ("vol", "tan", "mer", "cha", "lek", "ris", "pow", "dyn", "ark", "sol", "net", "qua", "fer", "zon", "ulm")
PARTS = ("connector 1", "connector 2", "module 3", "outlet A", "L1", "L2", "board 2", "left side", "slave", "main unit")
GREETINGS = ("display shows error {}", "it says {}", "we have {} again since monday", "error code {} on the left plug")
MISREAD = (("0", "O"), ("1", "l"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One query, how it was spoilt, and the codes that it stands for."""

    query: str
    spoilt: str
    codes: tuple[Code, ...]


def value(text: str) -> int | None:
    """The number that a code is, in hexadecimal or decimal."""
    if re.fullmatch(r"0[xX][0-9a-fA-F]+", text):
        return int(text, 16)
    return int(text) if text.isascii() and text.isdigit() else None


def as_typed(code: Code, _chance: random.Random, _known: Knowledge) -> str:
    return code.code


def hex_or_decimal(code: Code, _chance: random.Random, _known: Knowledge) -> str | None:
    number = value(code.code)
    return None if number is None else str(number) if code.code.lower().startswith("0x") else hex(number)


def suffix_h(code: Code, _chance: random.Random, _known: Knowledge) -> str | None:
    number = value(code.code)
    digits = "" if number is None else f"{number:X}h"
    return digits if digits[:1].isdigit() else f"0{digits}" if digits else None


def zeros(code: Code, _chance: random.Random, _known: Knowledge) -> str | None:
    """More zeros before a number, or none after a letter."""
    if code.code.isdigit():
        return f"00{code.code}"
    fewer = re.sub(r"(?<=[A-Za-z])0+(?=\d)", "", code.code) if not code.code.lower().startswith("0x") else code.code
    return fewer if fewer != code.code else None


def letter_for_digit(code: Code, _chance: random.Random, _known: Knowledge) -> str | None:
    body = code.code[2:] if code.code.lower().startswith("0x") else code.code
    for digit, letter in MISREAD:
        if digit in body and sum(map(str.isdigit, body)) * 2 >= len(body) > 1:
            return code.code[: len(code.code) - len(body)] + body.replace(digit, letter, 1)
    return None


def wrong_case(code: Code, chance: random.Random, _known: Knowledge) -> str | None:
    text = chance.choice((code.code, code.text))
    wrong = chance.choice((text.upper(), text.lower()))
    return wrong if wrong != text else None


def words_of_a_name(code: Code, _chance: random.Random, _known: Knowledge) -> str | None:
    """GroundFailure and ERR_RCD as a person reads them out."""
    if sum(map(str.isalpha, code.code)) < 8 or " " in code.code:
        return None
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_/.-]", " ", code.code).lower()
    return spaced if spaced != code.code.lower() else None


def in_a_sentence(code: Code, chance: random.Random, _known: Knowledge) -> str:
    return chance.choice(GREETINGS).format(code.code)


def typing_error_in_code(code: Code, chance: random.Random, _known: Knowledge) -> str | None:
    return mistyped(code.code, chance) if sum(map(str.isalpha, code.code)) >= 5 else None


def typing_error_in_text(code: Code, chance: random.Random, _known: Knowledge) -> str | None:
    return mistyped(code.text[:60], chance) if len(code.text) >= 12 else None


def mistyped(text: str, chance: random.Random) -> str:
    """One letter left out, doubled, changed, or two in the wrong order; a long text has two of them."""
    for _ in range(1 + (len(text) > 30)):
        place = chance.randrange(1, len(text) - 2)
        head, here, there, tail = text[:place], text[place], text[place + 1], text[place + 2 :]
        text = head + chance.choice((there, here * 2 + there, chance.choice("aeiorst") + there, there + here)) + tail
    return text


def text_as_shown(code: Code, _chance: random.Random, _known: Knowledge) -> str:
    return code.text


def cut_text(code: Code, chance: random.Random, _known: Knowledge) -> str | None:
    """Half of the words, from the beginning or from the middle."""
    words = code.text.split()
    if len(words) < 4:
        return None
    half = (len(words) + 1) // 2
    start = chance.choice((0, len(words) - half))
    return " ".join(words[start : start + half])


def in_german(code: Code, _chance: random.Random, known: Knowledge) -> str | None:
    """The label of its fault in German: what a translated display says."""
    fault = known.faults.get(code.means[0].fault) if code.means else None
    return fault.labels.get("de") if fault else None


SPOILT: tuple[Spoil, ...] = (
    as_typed, hex_or_decimal, suffix_h, zeros, letter_for_digit, wrong_case, words_of_a_name, in_a_sentence,
    typing_error_in_code, typing_error_in_text, text_as_shown, cut_text, in_german,
)  # fmt: skip


def queries(knowledge: Knowledge, codes: Iterable[Code], seed: int) -> Iterator[Asked]:
    """Every code spoilt in every way that it can be, and pairs of bits of one register as their sum."""
    chance = random.Random(seed)
    listed = list(codes)
    for code in listed:
        for spoil in SPOILT:
            query = spoil(code, chance, knowledge)
            if query and query.strip():
                yield Asked(query, spoil.__name__, (code,))
    yield from _sums(listed, chance)


def _sums(codes: list[Code], chance: random.Random) -> Iterator[Asked]:
    tables: dict[tuple[str, str, str, str], list[Code]] = {}
    for code in codes:
        if code.kind == "bit" and _mask(code) is not None:
            tables.setdefault((code.vendor, code.table, code.model, code.channel), []).append(code)
    for bits in tables.values():
        if len(bits) >= 2:
            pair = chance.sample(bits, 2)
            total = sum(_mask(code) or 0 for code in pair)
            yield Asked(chance.choice((str(total), hex(total))), "two_bits", tuple(pair))


def _mask(code: Code) -> int | None:
    name = key(code.code)
    mask = 1 << int(name[2:]) if name.startswith("b:") else value(code.code)
    return mask if mask and mask.bit_count() == 1 else None


def digest(asked: Iterable[Asked]) -> str:
    """Twelve letters that are the same when the queries are."""
    lines = (f"{each.spoilt}\t{each.query}\t{[code.code for code in each.codes]}" for each in asked)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def is_held_out(vendor: str) -> bool:
    """Whether a maker belongs to the third that nobody tunes on."""
    return hashlib.sha256(vendor.encode()).digest()[0] % HELD_OUT == 0


def grown(knowledge: Knowledge, count: int, seed: int) -> Knowledge:
    """The knowledge with invented makers until it has `count` codes; texts are shipped ones with other parts."""
    chance = random.Random(seed)
    codes, base = list(knowledge.codes), [code for code in knowledge.codes if code.means]
    while len(codes) < count:
        vendor = "".join(chance.sample(SYLLABLES, 3)).capitalize() + str(len(codes) % 97)
        codes.extend(_invented(vendor, base, chance))
    return replace(knowledge, codes=tuple(codes[:count]))


def _invented(vendor: str, base: list[Code], chance: random.Random) -> Iterator[Code]:
    style = chance.choice((_numbered, _hexadecimal, _bits, _lettered, _named))
    for place, old in enumerate(chance.sample(base, chance.randrange(20, 60)), start=1):
        text = chance.choice((f"{old.text} ({chance.choice(PARTS)})", f"{chance.choice(PARTS)}: {old.text}", old.text))
        is_bit = style is _bits and place <= 32
        table = Code(vendor=vendor, code=style(place, old), text=text, means=old.means, is_fault=old.is_fault)
        yield replace(table, kind="bit" if is_bit else "enum", table=vendor, channel="display")


def _numbered(place: int, _old: Code) -> str:
    return str(place)


def _hexadecimal(place: int, _old: Code) -> str:
    return f"0x{place:04X}"


def _bits(place: int, _old: Code) -> str:
    return f"bit {place - 1}" if place <= 32 else f"{place + 100}"


def _lettered(place: int, _old: Code) -> str:
    return f"E{place:03}"


def _named(place: int, old: Code) -> str:
    words = re.findall(r"[A-Za-z]+", old.text)[:4]
    return "ERR_" + "_".join(words).upper() + f"_{place}"


def first_fault(code: Code) -> FaultId | None:
    """The canonical fault that a code most likely stands for."""
    return code.means[0].fault if code.means else None


def by_kind(asked: Iterable[Asked]) -> Mapping[str, list[Asked]]:
    """The queries by how they were spoilt."""
    shelves: dict[str, list[Asked]] = {}
    for each in asked:
        shelves.setdefault(each.spoilt, []).append(each)
    return shelves
