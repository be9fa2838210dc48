"""Intakesssom: an SSSOM set of another party, line by line; the subject is a code, the object a fault of ours.

An MREC as object stands for the one fault that is exactly that MREC.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args
from urllib.parse import unquote

from chargelore.kb.claim import CodeKind, Relation
from chargelore.kb.errors import InputError
from chargelore.kb.export.sssom import NEEDED, PREFIXES
from chargelore.kb.export.text import BASE
from chargelore.kb.intake import Line, confidence, known_fault, plain_cell
from chargelore.kb.model import Knowledge
from chargelore.kb.yamlfile import parse

SKOS = PREFIXES["skos"]
RELATIONS: Mapping[str, Relation] = {
    f"{SKOS}exactMatch": "exact", f"{SKOS}closeMatch": "close", f"{SKOS}broadMatch": "broad",
    f"{SKOS}narrowMatch": "narrow",
}  # fmt: skip
BUILT_IN = {"skos": SKOS, "semapv": PREFIXES["semapv"]}
NATIVE = ("vendor", "model", "firmware", "channel", "table", "code", "kind", "is_fault")
_MREC = re.compile(r"CX\d{3}")


@dataclass(frozen=True, slots=True)
class Head:
    """What the comments at the top of a set say, and how many lines they take."""

    prefixes: Mapping[str, str]
    licence: str
    lines: int


def is_sssom(text: str) -> bool:
    """Whether a text looks like a set of mappings rather than a table of codes."""
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return text.startswith("#") or "subject_id" in first or "object_id" in first


def head_of(text: str, where: str) -> Head:
    """The head of a set; InputError when its comments are no metadata."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line[1:])
    value = parse(Path(where), InputError, "\n".join(lines)).value or {}
    prefixes = value.get("curie_map", {}) if isinstance(value, dict) else None
    if not isinstance(prefixes, dict) or not all(isinstance(each, str) for each in prefixes.values()):
        raise InputError("`curie_map` is no mapping of prefixes", where=f"{where}:1", mend="write `prefix: IRI` a line")
    return Head(BUILT_IN | prefixes, str(value.get("license") or ""), len(lines))


def sssom_lines(text: str, where: str, knowledge: Knowledge) -> Iterator[Line]:
    """The lines of a set; InputError with file, line and cure for the first thing that is wrong."""
    head = head_of(text, where)
    rest = "".join(text.splitlines(keepends=True)[head.lines :])
    reader = csv.reader(io.StringIO(rest, newline=""), delimiter="\t", strict=True)
    try:
        names = _names(next(reader, []), f"{where}:{head.lines + 1}")
        for cells in reader:
            if any(each.strip() for each in cells):
                place = f"{where}:{head.lines + reader.line_num}"
                yield _line(_row(names, cells, place), head, place, knowledge)
    except csv.Error as error:
        place = f"{where}:{head.lines + reader.line_num}"
        raise InputError(f"is no table: {error}", where=place, mend="separate cells with tabs") from error


def _names(cells: list[str], where: str) -> list[str]:
    names = [each.strip() for each in cells]
    mend = "SSSOM needs the columns " + ", ".join(NEEDED)
    if not any(names):
        raise InputError("there is no table below the comments", where=where, mend=mend)
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputError(f"there is no column {', '.join(missing)}", where=where, mend=mend)
    if len(set(names)) < len(names):
        raise InputError("a column stands twice", where=where, mend="keep one of them")
    return names


def _row(names: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) != len(names):
        what = f"has {len(cells)} cells, its head has {len(names)}"
        raise InputError(what, where=where, mend="separate cells with tabs, and quote those that hold one")
    row = {name: plain_cell(cell, where) for name, cell in zip(names, cells, strict=True)}
    empty = [name for name in NEEDED if not row[name]]
    if empty:
        raise InputError(f"{empty[0]} is empty", where=where, mend="fill it, or remove the line")
    return row


def _line(row: Mapping[str, str], head: Head, where: str, knowledge: Knowledge) -> Line:
    _whole(row["mapping_justification"], head, where)
    subject = _whole(row["subject_id"], head, where)
    native = _native(row.get("other", ""), where)
    kind = native.get("kind", "enum")
    return Line(
        where=where,
        vendor=native.get("vendor") or _vendor(row, where),
        code=native.get("code") or plain_cell(unquote(re.split(r"[:/#]", subject)[-1]), where),
        text=row.get("subject_label", ""),
        fault=known_fault(_fault(row["object_id"], head, knowledge, where), knowledge, where),
        relation=_relation(row, head, where),
        confidence=confidence(row.get("confidence", ""), where),
        model=native.get("model", ""),
        firmware=native.get("firmware", ""),
        channel=native.get("channel", ""),
        table=native.get("table", ""),
        kind=cast(CodeKind, kind) if kind in get_args(CodeKind) else "enum",
        is_fault=native.get("is_fault") != "no",
    )


def _whole(name: str, head: Head, where: str) -> str:
    """The IRI behind a short name."""
    prefix, colon, last = name.partition(":")
    if colon and prefix in head.prefixes:
        return head.prefixes[prefix] + last
    if name.startswith(("http://", "https://", BASE)):
        return name
    raise InputError(f"the prefix of {name[:60]!r} is not known", where=where, mend="name it in `curie_map`")


def _relation(row: Mapping[str, str], head: Head, where: str) -> Relation:
    relation = RELATIONS.get(_whole(row["predicate_id"], head, where))
    modifier = row.get("predicate_modifier", "")
    if relation is None:
        mend = "use skos:exactMatch, closeMatch, broadMatch or narrowMatch"
        raise InputError(f"the predicate {row['predicate_id'][:60]!r} is not known", where=where, mend=mend)
    if modifier not in ("", "Not"):
        raise InputError(f"the modifier {modifier[:40]!r} is not known", where=where, mend="use Not, or leave it out")
    return "not" if modifier else relation


def _fault(name: str, head: Head, knowledge: Knowledge, where: str) -> str:
    whole = _whole(name, head, where)
    if whole.startswith(f"{BASE}fault:"):
        return unquote(whole.removeprefix(f"{BASE}fault:"))
    last = re.split(r"[:/#]", whole)[-1]
    exact = (each.id for each in knowledge.faults.values() if each.mrec == last and each.mrec_relation == "exact")
    return next(exact, last) if _MREC.fullmatch(last) else whole


def _vendor(row: Mapping[str, str], where: str) -> str:
    """The namespace of the code: the source of the subject, or else its prefix."""
    name = re.split(r"[:/#]", row.get("subject_source", ""))[-1] or row["subject_id"].partition(":")[0]
    if not name:
        raise InputError("says not whose code it is", where=where, mend="fill subject_source")
    return plain_cell(unquote(name), where)


def _native(cell: str, where: str) -> dict[str, str]:
    """The code as emitted, which our own sets carry as JSON; nothing in what others write there."""
    try:
        told: Any = json.loads(cell) if cell.startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    known = told if isinstance(told, dict) else {}
    return {name: plain_cell(known[name], where) for name in NATIVE if isinstance(known.get(name), str)}
