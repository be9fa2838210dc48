"""Load: the YAML of `knowledge/` becomes one Knowledge; every complaint names file, line, key and cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from chargelore.kb.cache import cached
from chargelore.kb.codetable import maker
from chargelore.kb.errors import KnowledgeError
from chargelore.kb.languages import add_languages
from chargelore.kb.loadmap import load_map
from chargelore.kb.model import (
    Cause,
    CauseId,
    Claim,
    Code,
    Evidence,
    EvidenceId,
    Fault,
    FaultId,
    Knowledge,
    Maker,
    Product,
    ProductId,
    Quirk,
    QuirkId,
    Source,
    SourceId,
    Step,
    StepId,
)
from chargelore.kb.order import reached
from chargelore.kb.registermap import RegisterMap
from chargelore.kb.yamlfile import Document, Trail, checked, parse

SHIPPED = Path(__file__).parent / "knowledge"
FOLDERS = ("taxonomy", "sources", "standards", "vendors", "causes", "quirks")
READ = (*FOLDERS, "registers", "languages", "threads", "signals")


SHIPS = "the knowledge that ships"
REPLACEABLE = ("faults", "causes", "evidence", "steps", "quirks")


@dataclass(slots=True)
class _Pile:
    """What has been loaded so far; lives only while loading."""

    faults: dict[FaultId, Fault] = field(default_factory=dict)
    evidence: dict[EvidenceId, Evidence] = field(default_factory=dict)
    causes: dict[CauseId, Cause] = field(default_factory=dict)
    steps: dict[StepId, Step] = field(default_factory=dict)
    quirks: dict[QuirkId, Quirk] = field(default_factory=dict)
    products: dict[ProductId, Product] = field(default_factory=dict)
    makers: dict[str, Maker] = field(default_factory=dict)
    sources: dict[SourceId, Source] = field(default_factory=dict)
    codes: list[Code] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    """The knowledge that ships with the program; parsed once per change of its files."""
    return cached(SHIPPED, load)


def load(folder: Path = SHIPPED, over: Knowledge | None = None) -> Knowledge:
    """The knowledge in a folder. KnowledgeError with file, line, key and cure for the first thing that is wrong.

    With `over`, the folder adds to that knowledge and may point into it, as drafts do.
    """
    pile = _Pile() if over is None else _piled(over)
    for file in _files(folder):
        document = parse(file, KnowledgeError)
        if document.value is not None:
            _take(document, pile)
    _refer(pile)
    _refuse_circles(pile)
    _refuse_waiting(pile)
    add_languages(folder, _shelves(pile))
    return Knowledge(
        sources=pile.sources,
        faults=pile.faults,
        codes=tuple(pile.codes),
        evidence=pile.evidence,
        causes=pile.causes,
        steps=pile.steps,
        vendor_aliases=pile.aliases,
        makers=pile.makers,
        quirks=pile.quirks,
        products=pile.products,
        registers={**(over.registers if over else {}), **_registers(folder, pile)},
    )


def _piled(known: Knowledge) -> _Pile:
    """What is known already; its ids are taken."""
    shelves = {section: getattr(known, section) for section in REPLACEABLE}
    return _Pile(
        places={(section, str(name)): SHIPS for section, shelf in shelves.items() for name in shelf},
        faults=dict(known.faults),
        evidence=dict(known.evidence),
        causes=dict(known.causes),
        steps=dict(known.steps),
        quirks=dict(known.quirks),
        products=dict(known.products),
        makers=dict(known.makers),
        sources=dict(known.sources),
        codes=list(known.codes),
        aliases=dict(known.vendor_aliases),
    )


def _shelves(pile: _Pile) -> dict[str, dict[Any, Any]]:
    return {
        "faults": pile.faults, "causes": pile.causes, "steps": pile.steps, "evidence": pile.evidence,
        "quirks": pile.quirks,
    }  # fmt: skip


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise KnowledgeError("is not there", where=str(folder), mend="name a folder of knowledge YAML")
    _refuse_strays(folder)
    yield from sorted(folder.glob("*.yaml"))
    for name in FOLDERS:
        yield from sorted((folder / name).rglob("*.yaml"))


def _refuse_strays(folder: Path) -> None:
    """Whoever writes knowledge where nobody reads it is told so; a folder without any is no folder of knowledge."""
    written = sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml")))
    if not written:
        raise KnowledgeError("holds no knowledge", where=str(folder), mend="name a folder with YAML files")
    for file in written:
        inner = file.relative_to(folder).parts[:-1]
        if file.suffix == ".yml" or (inner and inner[0] not in READ):
            mend = f"end it in .yaml, in the folder itself or in one of {', '.join(READ)}"
            raise KnowledgeError("would not be read here", where=str(file), mend=mend)


def _registers(folder: Path, pile: _Pile) -> dict[str, RegisterMap]:
    """The register maps below the folder by name; their sources are those of the knowledge too."""
    names = sorted(file.stem for file in (folder / "registers").glob("*.yaml"))
    maps = {name: load_map(name, folder / "registers") for name in names}
    for each in maps.values():
        _source(each.source, str(folder / "registers" / f"{each.map}.yaml"), pile)
    return maps


def _take(document: Document, pile: _Pile) -> None:
    if not isinstance(document.value, dict):
        raise KnowledgeError("holds no mapping", where=document.place(), mend="begin with a key such as `causes:`")
    if "vendor" in document.value:
        return _take_maker(document, pile)
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
    "quirks": Quirk,
    "products": Product,
}


def _take_maker(document: Document, pile: _Pile) -> None:
    told = maker(document)
    pile.makers[told.name] = Maker(name=told.name, kind=told.kind, aliases=told.aliases, editions=told.editions)
    for name in (told.name, *told.aliases):
        _alias(document, name, told.name, pile)
    for source, where in told.sources:
        _source(source, where, pile)
    for code, where in told.codes:
        pile.codes.append(code)
        pile.places.setdefault(("code", f"{code.vendor} {code.code}"), where)


def _alias(document: Document, name: str, vendor: str, pile: _Pile) -> None:
    owner = pile.aliases.setdefault(name.casefold(), vendor)
    if owner != vendor:
        raise KnowledgeError(
            f"{name} is already a name of {owner}", where=document.place(("aliases",)), mend="give it to one of them"
        )


def _source(source: Source, where: str, pile: _Pile) -> None:
    """Tables may share a source; then they must tell the same of it."""
    if pile.sources.setdefault(source.id, source) != source:
        raise KnowledgeError(
            f"the source {source.id} is told differently elsewhere", where=where, mend="give one of them another id"
        )


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


def _refuse_circles(pile: _Pile) -> None:
    """Whoever follows successors must arrive somewhere."""
    for section in REPLACEABLE:
        shelf: Mapping[str, Claim] = getattr(pile, section)
        for name in shelf:
            seen, each = {name}, shelf[name].replaced_by
            while each in shelf and each not in seen:
                seen.add(each)
                each = shelf[each].replaced_by
            if each in seen:
                where = pile.places.get((section, name), "")
                raise KnowledgeError(f"{name} is replaced in a circle", where=where, mend="let one of them stand")


def _refuse_waiting(pile: _Pile) -> None:
    """Steps that wait for each other are never done."""
    before = {name: step.first for name, step in pile.steps.items()}
    for name in pile.steps:
        if name in reached(before, name):
            where = pile.places.get(("steps", name), "")
            raise KnowledgeError(f"{name} must come before itself", where=where, mend="take it out of one `first`")


def _references(pile: _Pile) -> Iterator[tuple[str, str, str, str]]:
    for fault in pile.faults.values():
        yield from (("faults", fault.id, "faults", each) for each in fault.leads_to)
    for cause in pile.causes.values():
        yield "causes", cause.id, "faults", cause.fault
        yield from (("causes", cause.id, "evidence", link.evidence) for link in cause.shows)
    for quirk in pile.quirks.values():
        yield from (("quirks", quirk.id, "causes", each) for each in quirk.causes)
    for step in pile.steps.values():
        yield from (("steps", step.id, "causes", cure.cause) for cure in step.fixes)
        yield from (("steps", step.id, "evidence", each) for each in step.answers)
        yield from (("steps", step.id, "steps", each) for each in step.first)
        yield from (("steps", step.id, "evidence", each.evidence) for each in step.given)
    for code in pile.codes:
        yield from (("code", f"{code.vendor} {code.code}", "faults", means.fault) for means in code.means)


def _nearest(wanted: str, shelf: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # only a complaint needs it

    close = get_close_matches(wanted, shelf, n=1)
    return f"did you mean {close[0]}?" if close else "add it, or correct the id"
