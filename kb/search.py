"""Look-up: from what a person typed to what is known about it, also when it was typed wrongly.

First the code itself in every spelling, within the maker where there is one; then names of faults; then texts that are
alike. Alike is measured by shared concepts, rare ones most, and by letters, for typing errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from chargelore.kb.alike import alike
from chargelore.kb.codekey import bare
from chargelore.kb.codes import STANDARDS, Codes
from chargelore.kb.entries import Entries, Entry, entries
from chargelore.kb.load import shipped
from chargelore.kb.model import Code, Confidence, FaultId, Knowledge, Relation, SourceId
from chargelore.kb.query import Query, loose, understood

OWN = SourceId("own")
Match = Literal["exact", "mask", "name", "similar"]
ALIKE_FROM = 0.5  # below it a text has next to nothing to do with the query
WORSE_AT_MOST = 0.2  # how far behind the best something may be and still be shown
CLEARLY_ALIKE = 0.85
MOST_ALSO = 5
SHORTEST_NAME = 5  # fewer letters are alike by chance, and may be anybody's code
FAULT_FIRST = 0.08
DISTANCE = 0.12  # how far an entry of another maker steps back
ELSEWHERE = "of another maker"
COMMON = frozenset({*STANDARDS, "ChargeX MREC"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that the knowledge base has to say about a query.

    `fault` is None for a code that stands for no canonical fault; `code` and `vendor` are empty where a fault itself
    was found. `text` is the native text or the label. `note` says where it holds, and warns of another maker;
    `alternatives` are further faults that the code may stand for; `also` lists what the same code means elsewhere.
    `likeness` lies in 0..1.
    """

    match: Match
    text: str
    fault: FaultId | None = None
    label: str = ""
    code: str = ""
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    channel: str = ""
    relation: Relation | None = None
    confidence: Confidence = "low"
    is_fault: bool = True
    note: str = ""
    alternatives: tuple[FaultId, ...] = ()
    also: tuple[str, ...] = ()
    source: SourceId = OWN
    likeness: float = 1.0


def lookup(  # noqa: PLR0913  # the scope is spelt out, as a person would give it
    query: str,
    knowledge: Knowledge | None = None,
    *,
    vendor: str = "",
    model: str = "",
    firmware: str = "",
    channel: str = "",
    limit: int = 10,
) -> tuple[Hit, ...]:
    """What is known about the query, the best first; nothing when nothing is near. Takes milliseconds."""
    knowledge = knowledge or shipped()
    codes, known = Codes(knowledge), entries(knowledge)
    scope = Query(words="", codes=(), vendor=vendor, model=model, firmware=firmware, channel=channel)
    asked = understood(query, scope, codes.knows)
    found = [*_exact(asked, codes, known), *_named(asked, known)]
    found += _alike(asked, known, bare(codes.maker(asked.vendor)) if asked.vendor else "")
    return tuple(_completed(hit, knowledge, known) for hit in _each_once(found))[:limit]


def _exact(asked: Query, codes: Codes, known: Entries) -> list[Hit]:
    """The first spelling that the maker emits; without one, the first that a standard or anybody has."""
    maker = bare(codes.maker(asked.vendor)) if asked.vendor else ""
    found: list[Hit] = []
    for spelling in asked.codes:
        there = codes.meanings(spelling, asked.vendor, asked.model, asked.firmware, asked.channel)
        alike = known.by_key.get(loose(spelling), ())
        own = [code for code in (*there, *alike) if bare(code.vendor) == maker]
        if own:
            return [_hit(code, spelling, maker) for code in (there if own[0] in there else own)]
        if not asked.vendor or len(loose(spelling)) >= SHORTEST_NAME:  # a number of another maker means nothing
            found = found or [_hit(code, spelling, maker) for code in (*there, *alike)]
    return found


def _hit(code: Code, spelling: str, maker: str) -> Hit:
    is_spelt_so = loose(code.code) == loose(spelling)
    match: Match = "exact" if is_spelt_so else "mask" if code.kind == "bit" else "name"
    return _of_code(code, match, 1.0, "" if _is_near(code, maker) else ELSEWHERE)


def _is_near(code: Code, maker: str) -> bool:
    """Whether the code is the maker's own, or a standard's, or no maker was named."""
    return not maker or bare(code.vendor) == maker or code.vendor in COMMON


def _of_code(code: Code, match: Match, likeness: float, note: str = "") -> Hit:
    means = code.means[0] if code.means else None
    return Hit(
        match=match,
        text=code.text,
        fault=means.fault if means else None,
        code=code.code,
        vendor=code.vendor,
        model=code.model,
        firmware=code.firmware,
        channel=code.channel,
        relation=means.relation if means else None,
        confidence=_trusted(means.confidence if means else "low", match, likeness),
        is_fault=code.is_fault,
        note=note,
        alternatives=tuple(other.fault for other in code.means[1:]),
        source=code.source,
        likeness=likeness,
    )


def _trusted(stated: Confidence, match: Match, likeness: float) -> Confidence:
    """What is only alike is trusted one step less at best."""
    if match != "similar":
        return stated
    return "medium" if stated == "high" and likeness >= CLEARLY_ALIKE else "low"


def _named(asked: Query, known: Entries) -> Iterator[Hit]:
    """Faults that are called so."""
    for entry in known.by_name.get(loose(asked.words), ()):
        yield Hit(match="name", text=entry.text, fault=entry.fault, relation="exact", confidence="high")


def _alike(asked: Query, known: Entries, maker: str) -> Iterator[Hit]:
    """Entries whose text is near the words, the nearest first; those of other makers step back."""
    found = [(_rank(likeness, entry, maker), likeness, entry) for likeness, entry in alike(asked.words, known)]
    enough = max([ALIKE_FROM, *(rank - WORSE_AT_MOST for rank, _, _ in found)])
    for rank, likeness, entry in sorted(found, key=lambda each: -each[0]):
        if rank >= enough:
            yield _similar(entry, round(likeness, 2), maker)


def _rank(likeness: float, entry: Entry, maker: str) -> float:
    """A fault comes before anybody's codes that are as near; with a maker named, the codes of others come last."""
    return likeness + FAULT_FIRST * (entry.code is None and not maker) - DISTANCE * _is_elsewhere(entry, maker)


def _similar(entry: Entry, likeness: float, maker: str) -> Hit:
    if entry.code is not None:
        return _of_code(entry.code, "similar", likeness, ELSEWHERE if _is_elsewhere(entry, maker) else "")
    sure: Confidence = "medium" if likeness >= CLEARLY_ALIKE else "low"
    return Hit(
        match="similar", text=entry.text, fault=entry.fault, relation="close", confidence=sure, likeness=likeness
    )


def _is_elsewhere(entry: Entry, maker: str) -> bool:
    return entry.code is not None and not _is_near(entry.code, maker)


def _each_once(found: Iterable[Hit]) -> Iterator[Hit]:
    """A code once, however it was found; a fault once without a code."""
    seen: set[tuple[object, ...]] = set()
    for hit in found:
        name = (hit.vendor, hit.model, hit.firmware, hit.channel, hit.code) if hit.code else (hit.fault,)
        if name not in seen:
            seen.add(name)
            yield hit


def _completed(hit: Hit, knowledge: Knowledge, known: Entries) -> Hit:
    """With the label of the fault, the scope in words, and what else the code means."""
    fault = knowledge.faults.get(hit.fault) if hit.fault else None
    scope = [hit.note, f"firmware {hit.firmware}" if hit.firmware else ""]
    return replace(
        hit,
        label=fault.label if fault else "",
        is_fault=fault.is_fault if fault and not hit.code else hit.is_fault,
        note="; ".join(filter(None, scope)),
        also=_elsewhere(hit, known),
    )


def _elsewhere(hit: Hit, known: Entries) -> tuple[str, ...]:
    """The same code with another meaning, of other makers and models: why a code alone says little."""
    same = known.by_key.get(loose(hit.code), ()) if hit.code and hit.match != "similar" else ()
    others = [code for code in same if _fault_of(code) != hit.fault and code.text != hit.text]
    said = (" ".join(filter(None, (code.vendor, code.model))) + f": {code.text}" for code in others)
    return tuple(dict.fromkeys(said))[:MOST_ALSO]


def _fault_of(code: Code) -> FaultId | None:
    return code.means[0].fault if code.means else None
