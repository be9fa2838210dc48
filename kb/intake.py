"""Intake: another party's table of codes or set of mappings becomes drafts, never truth; all of it, or nothing.

What is wrong is refused with file, line and cure, before anything is written. A person reviews the drafts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chargelore.kb.claim import Confidence, Relation, Source
from chargelore.kb.errors import InputError
from chargelore.kb.export.packs import maker_files
from chargelore.kb.export.text import RISKY, harmless, tame
from chargelore.kb.model import Code, CodeKind, FaultId, Knowledge, Maker, MakerKind, Meaning
from chargelore.kb.yamlfile import LARGEST as LARGEST_YAML

LARGEST = 20_000_000  # bytes; a set of fifty thousand mappings has half of it
LARGEST_DRAFT = LARGEST_YAML * 9 // 10  # bytes; a file that is written must be one that is read again, and corrected
LONGEST_CELL = 2_000
BREAKS = "\t\n\r\u2028\u2029"  # within quotes they are blanks
HIDDEN = ("Cc", "Cf", "Cs", "Co")  # control characters, marks that no eye sees, halves of pairs, private use
SURE: tuple[tuple[float, Confidence], ...] = ((0.8, "high"), (0.55, "medium"), (0.0, "low"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a foreign file: a code, and the fault it is said to stand for, if any."""

    where: str
    vendor: str
    code: str
    text: str
    fault: FaultId | None
    relation: Relation = "exact"
    confidence: Confidence = "medium"
    model: str = ""
    firmware: str = ""
    channel: str = ""
    table: str = ""
    kind: CodeKind = "enum"
    is_fault: bool = True


def text_of(file: Path) -> str:
    """The text of a file; InputError when it is too large, no UTF-8 or holds NUL."""
    try:
        size = file.stat().st_size
        if size > LARGEST:
            raise InputError(f"{size:,} bytes are too many for one file", where=str(file), mend="split it")
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(file), mend="check the path") from error
    except UnicodeDecodeError as error:
        what = f"byte {error.start:,} is not UTF-8"
        raise InputError(what, where=str(file), mend="save it as UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError("holds a NUL character", where=f"{file}:{line}", mend="save it as UTF-8 text")
    return text


def plain_cell(cell: str, where: str) -> str:
    """The text of a cell, without the apostrophe that makes it harmless; InputError when a spreadsheet would run it."""
    _refuse_hidden(cell, where)
    text = tame(cell.strip())
    if text.startswith("'") and text[1:].lstrip().startswith(RISKY):
        return text[1:]
    if harmless(text) != text:
        raise InputError(
            f"the cell {text[:40]!r} is a formula", where=where, mend="put an apostrophe before it if it is text"
        )
    if len(text) > LONGEST_CELL:
        raise InputError(f"a cell has {len(text):,} characters", where=where, mend=f"keep it below {LONGEST_CELL:,}")
    return text


def _refuse_hidden(cell: str, where: str) -> None:
    """What turns the direction of writing, moves the cursor or is seen by nobody lets one text pass for another."""
    if cell.isascii() and cell.isprintable():
        return
    for each in cell:
        if each not in BREAKS and unicodedata.category(each) in HIDDEN:
            name = unicodedata.name(each, "a control character").lower()
            what = f"a cell holds U+{ord(each):04X} ({name}), which no reader sees"
            raise InputError(what, where=where, mend="remove it")


def confidence(cell: str, where: str) -> Confidence:
    """A word of ours, or a number from 0 to 1; nothing is medium."""
    if cell in ("", "high", "medium", "low"):
        return cell or "medium"  # type: ignore[return-value]  # one of the three words
    try:
        number = float(cell)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise InputError(f"the confidence {cell[:40]!r} is no number from 0 to 1", where=where, mend="correct it")
    return next(word for least, word in SURE if number >= least)


def known_fault(name: str, knowledge: Knowledge, where: str) -> FaultId:
    """The fault of that id; the successor of one that was replaced. InputError when there is none."""
    fault = knowledge.faults.get(FaultId(name))
    if fault is None:
        from difflib import get_close_matches  # noqa: PLC0415  # only a complaint needs it

        close = get_close_matches(name, knowledge.faults, n=1)
        mend = f"did you mean {close[0]}?" if close else "see `chargelore kb export --format csv` for the ids"
        raise InputError(f"{name[:60]!r} is no fault of ours", where=where, mend=mend)
    successor = knowledge.faults.get(FaultId(fault.replaced_by))
    return successor.id if fault.status == "deprecated" and successor else fault.id


def drafts(
    lines: Iterable[Line], knowledge: Knowledge, source: Source, author: str, where: str = ""
) -> tuple[Code, ...]:
    """The codes of the lines as drafts, several meanings of one code together. `where` is the file they stand in."""
    found: dict[tuple[str, ...], Code] = {}
    for line in lines:
        draft = _draft(line, knowledge, source, author)
        key = (draft.vendor, draft.model, draft.firmware, draft.channel, draft.table, draft.code)
        known = found.get(key)
        found[key] = draft if known is None else _together(known, draft, line.where)
    if not found:
        raise InputError("there is no line below its head", where=where, mend="add a line for each code")
    return tuple(found.values())


def _draft(line: Line, knowledge: Knowledge, source: Source, author: str) -> Code:
    means: tuple[Meaning, ...] = ()
    if line.fault is not None:
        means = (Meaning(fault=line.fault, relation=line.relation, confidence=line.confidence),)
    return Code(
        vendor=knowledge.vendor_aliases.get(line.vendor.casefold(), line.vendor),
        code=line.code,
        text=line.text or line.code,
        model=line.model,
        firmware=line.firmware,
        channel=line.channel,
        kind=line.kind,
        means=means,
        is_fault=line.is_fault,
        table=f"import of {source.title}{f': {line.table}' if line.table else ''}",
        source=source.id,
        status="draft",
        author=author,
    )


def _together(first: Code, more: Code, where: str) -> Code:
    """One code, several faults; never the same twice, and never exactly two."""
    means = (*first.means, *more.means)
    if not more.means or len({each.fault for each in means}) < len(means):
        raise InputError(f"{first.vendor} {first.code} stands twice", where=where, mend="keep one of the lines")
    if sum(each.relation == "exact" for each in means) > 1:
        what = f"{first.vendor} {first.code} is exactly two faults, which would make them one"
        raise InputError(what, where=where, mend="keep one exact, make the other close")
    return replace(first, means=means)


def draft_files(
    codes: tuple[Code, ...], knowledge: Knowledge, source: Source, largest: int = LARGEST_DRAFT
) -> dict[str, bytes]:
    """The drafts as YAML, one file a maker, as `kb/knowledge` has them; several where one had more than `largest`."""
    names = sorted({code.vendor for code in codes})
    makers = {name: Maker(name=name, kind=_kind(name, knowledge)) for name in names}
    whole = maker_files(_told(codes, makers, source))
    files: dict[str, bytes] = {}
    for vendor, (name, content) in zip(names, whole, strict=True):
        if len(content) <= largest:
            files[name] = content
        else:
            own = tuple(code for code in codes if code.vendor == vendor)
            parts = _parts(_told(own, {vendor: makers[vendor]}, source), -(-len(content) // largest), largest)
            files |= {f"{name.removesuffix('.yaml')}.{n}.yaml": part for n, part in enumerate(parts, 1)}
    return files


def _told(codes: tuple[Code, ...], makers: Mapping[str, Maker], source: Source) -> Knowledge:
    return Knowledge(
        sources={source.id: source}, faults={}, codes=codes, evidence={}, causes={}, steps={}, makers=makers
    )


def _parts(told: Knowledge, count: int, largest: int) -> list[bytes]:
    """The codes of one maker in that many files, or in more until each fits or holds a single code."""
    size = -(-len(told.codes) // count)
    slices = [told.codes[start : start + size] for start in range(0, len(told.codes), size)]
    parts = [content for each in slices for _, content in maker_files(replace(told, codes=each))]
    return parts if size == 1 or max(map(len, parts)) <= largest else _parts(told, count * 2, largest)


def _kind(name: str, knowledge: Knowledge) -> MakerKind:
    known = knowledge.makers.get(name)
    return known.kind if known else "maker"
