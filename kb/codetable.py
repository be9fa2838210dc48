"""Code tables: the codes of one maker, platform or standard, out of its YAML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chargelore.kb.errors import KnowledgeError
from chargelore.kb.model import (
    Code,
    CodeKind,
    Confidence,
    FaultId,
    MakerKind,
    Meaning,
    Relation,
    Sign,
    Source,
    Status,
    Tlp,
    Travel,
    Written,
)
from chargelore.kb.travel import ANYHOW
from chargelore.kb.yamlfile import Document, Trail, adapter, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLine(Written):
    """One code as a table writes it: `fault` with `relation` and `confidence`, or a list `means`.

    `signs` tell the lights or tones of a pattern, `clears` names the code that is over when this one comes.
    """

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
    also: tuple[str, ...] = ()
    clears: str = ""
    signs: tuple[Sign, ...] = ()
    status: Status = "reviewed"
    tlp: Tlp = "CLEAR"
    author: str = ""
    dated: str = ""
    replaced_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable(Written):
    """One table of a maker: codes that share model, firmware, channel, source and the way they travel."""

    table: str
    codes: list[object]
    model: str = ""
    firmware: str = ""
    channel: str = ""
    source: Source | None = None
    travel: Travel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFile(Written):
    """One maker, platform or standard with its code tables; `source` and `travel` are those of tables without."""

    vendor: str
    tables: list[object]
    kind: MakerKind = "maker"
    aliases: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    source: Source | None = None
    travel: Travel = ANYHOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file told of one maker; codes and sources with their place."""

    name: str
    kind: MakerKind
    aliases: tuple[str, ...]
    editions: tuple[str, ...]
    sources: tuple[tuple[Source, str], ...]
    codes: tuple[tuple[Code, str], ...]


def maker(document: Document) -> Told:
    """The maker in a document. KnowledgeError with file, line, key and cure for the first thing that is wrong."""
    file = checked(VendorFile, document.value, document, (), KnowledgeError)
    sources: list[tuple[Source, str]] = [(file.source, document.place(("source",)))] if file.source else []
    codes: list[tuple[Code, str]] = []
    for place, raw in enumerate(file.tables):
        trail: Trail = ("tables", place)
        table = checked(CodeTable, raw, document, trail, KnowledgeError)
        source = table.source or file.source
        if source is None:
            raise KnowledgeError("has no source", where=document.place(trail), mend="name `source` here or at the top")
        sources.append((source, document.place(trail)))
        codes.extend(_codes(document, file, table, source, trail))
    return Told(
        name=file.vendor,
        kind=file.kind,
        aliases=file.aliases,
        editions=file.editions,
        sources=tuple(sources),
        codes=tuple(codes),
    )


def _codes(
    document: Document, file: VendorFile, table: CodeTable, source: Source, trail: Trail
) -> Iterator[tuple[Code, str]]:
    for place, line in enumerate(_lines(document, table, trail)):
        where = document.place((*trail, "codes", place))
        if line.fault and line.means:
            raise KnowledgeError("has both `fault` and `means`", where=where, mend="keep `means`")
        yield _code(file, table, source, line), where


def _code(file: VendorFile, table: CodeTable, source: Source, line: CodeLine) -> Code:
    return Code(
        vendor=file.vendor,
        code=line.code,
        text=line.text,
        model=line.model or table.model,
        firmware=line.firmware or table.firmware,
        channel=line.channel or table.channel,
        kind=line.kind,
        severity=line.severity,
        means=line.means or _meaning(line),
        is_fault=line.is_fault,
        source=source.id,
        table=table.table,
        also=line.also,
        clears=line.clears,
        signs=line.signs,
        travel=table.travel or file.travel,
        status=line.status,
        tlp=line.tlp,
        author=line.author,
        dated=line.dated,
        replaced_by=line.replaced_by,
        reason=line.reason,
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
