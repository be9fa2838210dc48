"""Load: the YAML of `knowledge/` becomes one Knowledge; every complaint names file, line, key and cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from chargelore.kb.cache import cached
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.model import (
    Cause,
    CauseId,
    Code,
    CodeKind,
    Confidence,
    Evidence,
    EvidenceId,
    Fault,
    FaultId,
    Knowledge,
    Meaning,
    Relation,
    Source,
    SourceId,
    Step,
    StepId,
    Written,
)
from chargelore.kb.yamlfile import Document, Trail, adapter, checked, parse

SHIPPED = Path(__file__).parent / "knowledge"
FOLDERS = ("taxonomy", "sources", "standards", "vendors", "causes")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLine(Written):
    """One code as a table writes it: `fault` with `relation` and `confidence`, or a list `means`."""

    code: str
    text: str
    kind: CodeKind = "enum"
    fault: str = ""
    relation: Relation = "exact"
    confidence: Confidence = "medium"
    means: tuple[Meaning, ...] = ()
    is_fault: bool = True
    severity: str = ""
    model: str = ""
    firmware: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable(Written):
    """One table of a maker: codes that share model, firmware, channel and source."""

    table: str
    codes: list[object]
    model: str = ""
    firmware: str = ""
    channel: str = ""
    source: Source | None = None


@dataclass(slots=True)
class _Pile:
    """What has been loaded so far; lives only while loading."""

    faults: dict[FaultId, Fault] = field(default_factory=dict)
    evidence: dict[EvidenceId, Evidence] = field(default_factory=dict)
    causes: dict[CauseId, Cause] = field(default_factory=dict)
    steps: dict[StepId, Step] = field(default_factory=dict)
    sources: dict[SourceId, Source] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    """The knowledge that ships with the program; parsed once per change of its files."""
    return cached(SHIPPED, load)


def load(folder: Path = SHIPPED) -> Knowledge:
    """The knowledge in a folder. KnowledgeError with file, line, key and cure for the first thing that is wrong."""
    pile = _Pile()
    for file in _files(folder):
        document = parse(file, KnowledgeError)
        if document.value is not None:
            _take(document, pile)
    _refer(pile)
    return Knowledge(
        sources=pile.sources,
        faults=pile.faults,
        codes=tuple(pile.codes),
        evidence=pile.evidence,
        causes=pile.causes,
        steps=pile.steps,
        vendor_aliases=pile.aliases,
    )


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise KnowledgeError("is not there", where=str(folder), mend="name a folder of knowledge YAML")
    yield from sorted(folder.glob("*.yaml"))
    for name in FOLDERS:
        yield from sorted((folder / name).rglob("*.yaml"))


def _take(document: Document, pile: _Pile) -> None:
    if not isinstance(document.value, dict):
        raise KnowledgeError("holds no mapping", where=document.place(), mend="begin with a key such as `causes:`")
    if "vendor" in document.value:
        return _take_vendor(document, pile)
    for section, entries in document.value.items():
        if section not in SECTIONS:
            raise KnowledgeError(
                f"`{section}` is no section", where=document.place((section,)), mend=f"use one of {', '.join(SECTIONS)}"
            )
        _take_section(document, section, entries, pile)
    return None


def _take_section(document: Document, section: str, entries: object, pile: _Pile) -> None:
    shelf: dict[str, Any] = getattr(pile, section)
    for place, _ in enumerate(_listed(document, (section,), entries)):
        trail = (section, place)
        entry = checked(SECTIONS[section], document.value[section][place], document, trail, KnowledgeError)
        _place(document, trail, section, entry.id, pile)
        shelf[entry.id] = entry


def _listed(document: Document, trail: Trail, entries: object) -> list[object]:
    if not isinstance(entries, list):
        raise KnowledgeError(
            f"`{trail[-1]}` is no list", where=document.place(trail), mend="begin each entry with `- `"
        )
    return entries


def _place(document: Document, trail: Trail, section: str, name: str, pile: _Pile) -> None:
    known = pile.places.get((section, name))
    if known is not None:
        raise KnowledgeError(
            f"the id {name} is used twice", where=document.place(trail), mend=f"the other one stands at {known}"
        )
    pile.places[section, name] = document.place(trail)


SECTIONS: Mapping[str, Any] = {
    "faults": Fault,
    "evidence": Evidence,
    "causes": Cause,
    "steps": Step,
    "sources": Source,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFile(Written):
    """One maker, platform or standard with its code tables."""

    vendor: str
    tables: list[object]
    aliases: tuple[str, ...] = ()
    source: Source | None = None


def _take_vendor(document: Document, pile: _Pile) -> None:
    maker = checked(VendorFile, document.value, document, (), KnowledgeError)
    for name in (maker.vendor, *maker.aliases):
        pile.aliases[name.casefold()] = maker.vendor
    for place, raw in enumerate(maker.tables):
        trail: Trail = ("tables", place)
        table = checked(CodeTable, raw, document, trail, KnowledgeError)
        source = table.source or maker.source
        if source is None:
            raise KnowledgeError("has no source", where=document.place(trail), mend="name `source` here or at the top")
        pile.sources.setdefault(source.id, source)
        pile.codes.extend(_codes(document, maker.vendor, table, source.id, trail))
        for code in pile.codes[-len(table.codes) :]:
            pile.places.setdefault(("code", f"{code.vendor} {code.code}"), document.place(trail))


def _codes(document: Document, vendor: str, table: CodeTable, source: SourceId, trail: Trail) -> Iterator[Code]:
    for line in _lines(document, table, trail):
        yield Code(
            vendor=vendor,
            code=line.code,
            text=line.text,
            model=line.model or table.model,
            firmware=line.firmware or table.firmware,
            channel=line.channel or table.channel,
            kind=line.kind,
            severity=line.severity,
            means=line.means or _meaning(line),
            is_fault=line.is_fault,
            source=source,
            table=table.table,
        )


def _meaning(line: CodeLine) -> tuple[Meaning, ...]:
    if not line.fault:
        return ()
    return (Meaning(fault=FaultId(line.fault), relation=line.relation, confidence=line.confidence),)


def _lines(document: Document, table: CodeTable, trail: Trail) -> list[CodeLine]:
    """All lines of a table in one check; on a complaint again one by one, for the line number."""
    try:
        return adapter(tuple[CodeLine, ...]).validate_python(table.codes)  # type: ignore[no-any-return]  # as adapted
    except ValueError:
        for place, raw in enumerate(table.codes):
            checked(CodeLine, raw, document, (*trail, "codes", place), KnowledgeError)
        raise


def _refer(pile: _Pile) -> None:
    """Every id that something points at must be there."""
    for what, name, kind, wanted in _references(pile):
        shelf: Mapping[str, object] = getattr(pile, kind)
        if wanted not in shelf:
            raise KnowledgeError(
                f"{name} points at {wanted}, which is not among the {kind}",
                where=pile.places.get((what, name), ""),
                mend=_nearest(wanted, shelf),
            )


def _references(pile: _Pile) -> Iterator[tuple[str, str, str, str]]:
    for cause in pile.causes.values():
        yield "causes", cause.id, "faults", cause.fault
        yield from (("causes", cause.id, "evidence", link.evidence) for link in cause.shows)
    for step in pile.steps.values():
        yield from (("steps", step.id, "causes", cure.cause) for cure in step.fixes)
        yield from (("steps", step.id, "evidence", each) for each in step.answers)
    for code in pile.codes:
        yield from (("code", f"{code.vendor} {code.code}", "faults", means.fault) for means in code.means)


def _nearest(wanted: str, shelf: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # only a complaint needs it

    close = get_close_matches(wanted, shelf, n=1)
    return f"did you mean {close[0]}?" if close else "add it, or correct the id"
