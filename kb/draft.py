"""Draft: a maker's mapped table as YAML for `knowledge/vendors`, for a person to correct; one document a maker.

A draft does not load until the person has named its source, says nothing in the maker's words but in comments, and is
marked `draft`. Text of a table is hostile: in a value it is quoted, in a comment it stays on its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chargelore.kb.checks.travel import CHANNELS
from chargelore.kb.codekey import bare
from chargelore.kb.model import FaultId, Knowledge
from chargelore.kb.suggest import Row, Suggestion

UNNAMED = "Unnamed maker"
LONGEST_CODE = 200
LONGEST_REMARK = 160
SURE = ((0.9, "high"), (0.7, "medium"))  # confidence from here on -> what a table says; anything less is low
_BIT = re.compile(r"\s*bit\s*\d+\s*", re.IGNORECASE)
_RANGE = re.compile(r"[<>=][\w.,<>= ]*")
_CHANNEL = re.compile(rf"(?:{'|'.join(CHANNELS)})(?:[.:].+)?")
_HEAD = """\
# {name}: a draft out of a table of native codes; each line is a suggestion. To do, then move it to knowledge/vendors:
# 1. Name the source: take the # from the line below and fill it in. Without a source nothing loads.
# 2. Read each code in that source, correct its fault, and write `text` in your own words; native text may only stand
#    there where the licence of the source allows it.
# 3. Take out `status: draft` of what you have checked, and these comments.
vendor: {vendor}
# source: {{id: , title: , url: , licence: }}
tables:
"""

Mapped = tuple[Row, tuple[Suggestion, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """The document of one maker: its name, the YAML, how many codes stand in it and how many rows were left out."""

    vendor: str
    text: str
    codes: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Table:
    """Where the codes of one table come from; model, firmware range and channel as the loader takes them."""

    model: str
    firmware: str
    channel: str


def drafts(mapped: Iterable[Mapped], knowledge: Knowledge) -> tuple[Draft, ...]:
    """One draft a maker, in the order in which the table names them; names that differ by case only are one maker."""
    makers: dict[str, list[Mapped]] = {}
    for row, suggestions in mapped:
        makers.setdefault(bare(row.vendor) or bare(UNNAMED), []).append((row, suggestions))
    return tuple(_draft(rows, knowledge) for rows in makers.values())


def _draft(rows: Sequence[Mapped], knowledge: Knowledge) -> Draft:
    vendor = rows[0][0].vendor or UNNAMED
    tables: dict[_Table, list[Mapped]] = {}
    for row, suggestions in rows:
        tables.setdefault(_Table(row.model, row.firmware, row.channel), []).append((row, suggestions))
    lines: list[str] = []
    seen: set[tuple[str, ...]] = set()
    codes = 0
    for place, (table, listed) in enumerate(tables.items(), start=1):
        kept = [each for each in listed if _is_new(each[0], seen)]
        lines += _table(table, place, bool(kept))
        lines += [line for row, suggestions in kept for line in _code(row, suggestions, knowledge)]
        lines += [_left_out(row) for row, _ in listed if not any(row is each for each, _ in kept)]
        codes += len(kept)
    text = _HEAD.format(name=remark(vendor), vendor=quoted(vendor)) + "\n".join(lines) + "\n"
    return Draft(vendor, text, codes, len(rows) - codes)


def _is_new(row: Row, seen: set[tuple[str, ...]]) -> bool:
    """A code that a table can hold, and not yet met in it."""
    name = (row.model, row.firmware, row.channel, row.code)
    if not row.code or len(row.code) > LONGEST_CODE or name in seen:
        return False
    seen.add(name)
    return True


def _table(table: _Table, place: int, has_codes: bool) -> Iterator[str]:
    yield f"  - table: {quoted(f'table {place}')}"
    for key, value, shape in (("model", table.model, None), ("firmware", table.firmware, _RANGE),
                              ("channel", table.channel, _CHANNEL)):  # fmt: skip
        if value and (shape is None or shape.fullmatch(value)):
            yield f"    {key}: {quoted(value)}"
        elif value:
            yield f"    # {key} as given, to be written as the README of knowledge says: {remark(value)}"
    yield "    codes:" if has_codes else "    codes: []"


def _left_out(row: Row) -> str:
    why = (
        "has no code"
        if not row.code
        else "has a code of too many characters"
        if len(row.code) > LONGEST_CODE
        else "repeats"
    )
    return f"      # left out: row {remark(row.id)} {why} {remark(row.code)}: {remark(row.native_text)}"


def _code(row: Row, suggestions: Sequence[Suggestion], knowledge: Knowledge) -> Iterator[str]:
    """What the table says, why the first suggestion is made and what else it may be; then the line itself."""
    first, *others = suggestions
    yield f"      # {remark(row.code)}: {remark(row.native_text) or 'no text'}"
    yield f"      # because {remark(first.because)} ({first.confidence:.2f})"
    for each in others:
        named = " ".join(filter(None, (each.fault or "none", each.mrec)))
        yield f"      # or {named} ({each.confidence:.2f}): {remark(each.because)}"
    written = ", ".join(f"{key}: {value}" for key, value in _values(row, first, knowledge).items())
    yield f"      - {{{written}}}"


def _values(row: Row, first: Suggestion, knowledge: Knowledge) -> Mapping[str, str]:
    values = {"code": quoted(row.code), "text": quoted(f"TO DO: {_label(first.fault, knowledge)}"), "status": "draft"}
    if _kind(row) != "enum":
        values["kind"] = _kind(row)
    if first.fault:
        values |= {"fault": first.fault, "relation": first.relation or "close"}
        values |= {"confidence": next((word for least, word in SURE if first.confidence >= least), "low")}
        values |= {} if first.is_fault else {"is_fault": "false"}
    return values


def _label(fault: FaultId, knowledge: Knowledge) -> str:
    return knowledge.faults[fault].label if fault in knowledge.faults else "no known fault"


def _kind(row: Row) -> str:
    """The kind of a code by its shape: `bit 3` or a word; anything else is one value of many, lights too until told."""
    if _BIT.fullmatch(row.code):
        return "bit"
    return "name" if re.fullmatch(r"[A-Za-z][A-Za-z_]{2,}", row.code) else "enum"


def quoted(text: str) -> str:
    """Any text as one double-quoted YAML value that reads back the same; brackets are escaped, for they are counted."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable() and character not in "[]{}\ufeff":
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"


def remark(text: str) -> str:
    """Any text as a part of a comment: one line, no control characters, no brackets, not too long."""
    line = "".join(each if each.isprintable() else " " for each in text).translate(str.maketrans("[]{}", "()()"))
    short = " ".join(line.split())
    return short if len(short) <= LONGEST_REMARK else f"{short[:LONGEST_REMARK]} …"
