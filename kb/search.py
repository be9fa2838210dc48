"""Search: from what a person typed to what is known about it, also when it was typed wrongly.

First the code itself in every spelling, within the maker where there is one; then messages that a pattern reads; then
names of faults, texts that are alike and codes that differ by a letter. Whatever way a thing was found, it gets a rank,
and the best come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice

from chargelore.kb.age import aged
from chargelore.kb.alike import Near, alike
from chargelore.kb.codekey import bare
from chargelore.kb.codes import Codes
from chargelore.kb.entries import Entries, Entry, entries
from chargelore.kb.hit import COMMON, Hit, Match, of_code, of_quirk
from chargelore.kb.load import shipped
from chargelore.kb.messages import read
from chargelore.kb.model import CauseId, Code, Confidence, FaultId, Knowledge
from chargelore.kb.query import Query, loose, understood
from chargelore.kb.spelling import misspelt

__all__ = ["Hit", "Match", "lookup"]

ALIKE_FROM = 0.5  # below it a text has next to nothing to do with the query
WORSE_AT_MOST = 0.2  # how far behind the best something may be and still be shown
CLEARLY_ALIKE = 0.85
MOST_ALSO = 5
MOST_OF_A_NUMBER = 200  # codes under one spelling that are told; half of all makers have an error 1
SHORTEST_NAME = 5  # fewer letters are alike by chance, and may be anybody's code
# Ranks. A text that is the same letter for letter has 1; what stands above it wins over any text.
WHOLE, READ, PART, LOOSE_NUMBER = 2.0, 1.5, 0.97, 0.9
WHOLE_ELSEWHERE, PART_ELSEWHERE, NAMED = 1.02, 0.85, 1.04
BY_A_LETTER = 0.11  # how far a code of the maker steps forward that differs by a letter: it says most exactly why
OWN_FIRST = 0.06  # how far an entry of the maker that was named steps forward
FAULT_FIRST = 0.08  # a fault comes before anybody's codes that are as near
DISTANCE = 0.12  # how far an entry of another maker steps back
CLOSER_BY = 0.01  # for an exact relation, where texts are the same


@dataclass(frozen=True, slots=True)
class _Ranked:
    rank: float
    hit: Hit


def lookup(  # noqa: PLR0913  # the scope is spelt out, as a person would give it
    query: str,
    knowledge: Knowledge | None = None,
    *,
    vendor: str = "",
    model: str = "",
    firmware: str = "",
    channel: str = "",
    today: date | None = None,
    limit: int = 10,
) -> tuple[Hit, ...]:
    """What is known about the query, the best first; nothing when nothing is near. Takes milliseconds.

    Without `knowledge` the shipped one is asked. `today` lets hits say how old their claim is.
    """
    knowledge = knowledge or shipped()
    codes, known = _codes(knowledge), entries(knowledge)
    scope = Query(words="", codes=(), vendor=vendor, model=model, firmware=firmware, channel=channel)
    asked = understood(query, scope, codes.knows)
    asked = replace(asked, vendor=codes.maker(asked.vendor) if asked.vendor else "")
    found = [*_exact(asked, codes, known), *_read(asked, knowledge), *_named(asked, known), *_alike(asked, known)]
    found += [*_cause(query, knowledge), *_misspelt(asked, known), *_of_maker(asked, codes, known)]
    best = sorted(found, key=lambda each: -each.rank)
    heirs = (_standing(each.hit, asked, known) for each in best)
    return tuple(_completed(hit, knowledge, known, today) for hit in islice(_each_once(heirs), limit))


@lru_cache(maxsize=2)
def _codes(knowledge: Knowledge) -> Codes:
    return Codes(knowledge)


def _exact(asked: Query, codes: Codes, known: Entries) -> list[_Ranked]:
    """The first spelling that the maker emits; without one, the first that a standard or anybody has."""
    maker = bare(asked.vendor)
    found: list[_Ranked] = []
    for spelling in asked.codes:
        there = codes.meanings(spelling, asked.vendor, asked.model, asked.firmware, asked.channel)
        alike = known.by_key.get(loose(spelling), ())
        own = [code for code in (*there, *alike) if bare(code.vendor) == maker]
        if own:
            return _ranked(there if own[0] in there else own, spelling, asked)
        if not asked.vendor or len(loose(spelling)) >= SHORTEST_NAME:  # a number of another maker means nothing
            found = found or _ranked(_mixed((*there, *alike), spelling), spelling, asked)
    return found


def _mixed(found: Iterable[Code], spelling: str) -> list[Code]:
    """Codes written as they were typed first; of them each fault once, the commonest first, before any comes again."""
    every = list(dict.fromkeys(found))
    common = Counter(_fault_of(code) for code in every)
    seen: Counter[tuple[bool, FaultId | None]] = Counter()
    order: list[tuple[tuple[bool, int, bool, int, int], Code]] = []
    for place, code in enumerate(every):
        fault, is_other = _fault_of(code), code.code.casefold() != spelling.casefold()
        order.append(((is_other, seen[is_other, fault], fault is None, -common[fault], place), code))
        seen[is_other, fault] += 1
    return [code for _, code in sorted(order, key=lambda each: each[0])]


def _ranked(found: Iterable[Code], spelling: str, asked: Query) -> list[_Ranked]:
    """In their order; a code that is all that was typed ranks over one among words."""
    is_whole = asked.is_code or loose(spelling) == loose(asked.words)
    maker, ranked = bare(asked.vendor), []
    for place, code in enumerate(islice(found, MOST_OF_A_NUMBER)):
        is_own = not maker or bare(code.vendor) == maker
        part = LOOSE_NUMBER if spelling in asked.loose_numbers else PART
        rank = (WHOLE if is_whole else part) if is_own else (WHOLE_ELSEWHERE if is_whole else PART_ELSEWHERE)
        ranked.append(_Ranked(rank - place / 1000, _hit(code, spelling, asked)))
    return ranked


def _hit(code: Code, spelling: str, asked: Query) -> Hit:
    if loose(code.code) == loose(spelling):
        as_typed = code.code.casefold() == spelling.casefold()
        return of_code(code, "exact", "the code itself" if as_typed else f"{spelling} is the code {code.code}", asked)
    if code.kind == "bit" and loose(spelling) not in map(loose, code.also):
        return of_code(code, "mask", f"{code.code} is a bit of {spelling}", asked)
    return of_code(code, "name", f"{spelling} is a name of {code.code}", asked)


def _read(asked: Query, knowledge: Knowledge) -> Iterator[_Ranked]:
    """Messages with numbers in them, as patterns read them; without a maker, those of all."""
    for reading in read(asked.words, knowledge, bare(asked.vendor)):
        hit = of_code(reading.code, "pattern", "the message has its shape", asked)
        yield _Ranked(READ, replace(hit, values=reading.values))


def _named(asked: Query, known: Entries) -> Iterator[_Ranked]:
    """Faults that are called so."""
    rank = NAMED - DISTANCE if asked.vendor else NAMED
    for entry in known.by_name.get(loose(asked.words), ()):
        yield _Ranked(rank, _of_fault(entry, "name", "a name of the fault", 1.0))


def _cause(query: str, knowledge: Knowledge) -> Iterator[_Ranked]:
    """The cause whose id was asked for, at the fault that it lies behind."""
    cause = knowledge.causes.get(CauseId(query.strip().casefold().removeprefix("cause/")))
    if cause is not None:
        told = Entry(text=f"{cause.id}: {cause.label}", fault=cause.fault)
        yield _Ranked(NAMED, _of_fault(told, "name", f"its cause {cause.id}: {cause.label}", 1.0))


def _alike(asked: Query, known: Entries) -> Iterator[_Ranked]:
    """Entries whose text is near the words; those of other makers step back."""
    maker = bare(asked.vendor)
    found = [(_rank(near, maker), near) for near in alike(asked.told, known, maker)]
    found = [(rank, near) for rank, near in found if _is_for(near.entry, asked)]
    enough = max([ALIKE_FROM, *(rank - WORSE_AT_MOST for rank, _ in found)])
    for rank, near in found:
        if rank >= enough:
            yield _Ranked(rank, _similar(near, asked))


def _is_for(entry: Entry, asked: Query) -> bool:
    """Quirks are told to those who ask for such a charger."""
    if entry.quirk is None:
        return True
    return bool(entry.maker) and entry.maker == bare(asked.vendor)


def _rank(near: Near, maker: str) -> float:
    entry, closer = near.entry, CLOSER_BY * _is_exact(near.entry.code)
    if not maker:
        return near.likeness + (closer if entry.code else FAULT_FIRST)
    if entry.maker == maker:
        return near.likeness + OWN_FIRST + closer
    if not entry.maker:
        return near.likeness - OWN_FIRST
    return near.likeness - (OWN_FIRST if entry.code and entry.code.vendor in COMMON else DISTANCE)


def _is_exact(code: Code | None) -> bool:
    return code is not None and bool(code.means) and code.means[0].relation == "exact"


def _similar(near: Near, asked: Query) -> Hit:
    likeness = round(near.likeness, 2)
    if near.entry.code is not None:
        return of_code(near.entry.code, "similar", near.why, asked, likeness)
    if near.entry.quirk is not None:
        return of_quirk(near.entry.quirk, near.why, asked, likeness)
    return _of_fault(near.entry, "similar", near.why, likeness)


def _of_fault(entry: Entry, match: Match, evidence: str, likeness: float) -> Hit:
    sure: Confidence = "high" if match == "name" else "medium" if likeness >= CLEARLY_ALIKE else "low"
    return Hit(
        match=match,
        text=entry.text,
        fault=entry.fault,
        relation="exact" if match == "name" else "close",
        confidence=sure,
        likeness=likeness,
        evidence=evidence,
        scope="for all makers",
    )


def _misspelt(asked: Query, known: Entries) -> Iterator[_Ranked]:
    """Codes of the maker that were typed with an error."""
    own = [known.all[place] for place in known.by_maker.get(bare(asked.vendor), ())] if asked.vendor else []
    for each in misspelt((asked.words, *asked.words.split()), own) if own else ():
        letters = "one letter differs" if each.errors == 1 else f"{each.errors} letters differ"
        if each.entry.code is not None:
            why = f"{letters}: {each.word} for {each.entry.code.code}"
            likeness = round(min(each.likeness, 0.99), 2)
            yield _Ranked(each.likeness + BY_A_LETTER, of_code(each.entry.code, "similar", why, asked, likeness))


def _of_maker(asked: Query, codes: Codes, known: Entries) -> Iterator[_Ranked]:
    """Who names a maker and nothing else learns its quirks."""
    maker = "" if asked.vendor or not codes.knows(asked.words) else codes.maker(asked.words)
    for place in known.by_maker.get(bare(maker), ()) if maker else ():
        quirk = known.all[place].quirk
        if quirk is not None:
            yield _Ranked(READ, of_quirk(quirk, f"a quirk of {maker}", replace(asked, vendor=maker), 1.0))


def _standing(hit: Hit, asked: Query, known: Entries) -> Hit:
    """What stands today in place of a code that is deprecated."""
    old, seen = hit, {hit.code}
    while hit.code and hit.status == "deprecated" and hit.replaced_by and hit.replaced_by not in seen:
        seen.add(hit.replaced_by)
        heirs = [code for code in known.by_key.get(loose(hit.replaced_by), ()) if code.vendor == hit.vendor]
        if not heirs:
            break
        hit = of_code(heirs[0], hit.match, hit.evidence, asked, hit.likeness)
    return hit if hit is old else replace(hit, note="; ".join(filter(None, (f"in place of {old.code}", hit.note))))


def _each_once(found: Iterable[Hit]) -> Iterator[Hit]:
    """A code once, however it was found; a fault once without a code; a quirk once."""
    seen: set[tuple[object, ...]] = set()
    for hit in found:
        whole = (hit.vendor, hit.model, hit.firmware, hit.channel, hit.code)
        name = whole if hit.code else (hit.text,) if hit.match == "quirk" else (hit.fault,)
        if name not in seen:
            seen.add(name)
            yield hit


def _completed(hit: Hit, knowledge: Knowledge, known: Entries, today: date | None) -> Hit:
    """With the label of the fault, the source, the age, and what else the code means."""
    fault = knowledge.faults.get(hit.fault) if hit.fault else None
    source = knowledge.sources.get(hit.source)
    dated = hit.dated or (source.dated if source else "")
    return replace(
        hit,
        label=fault.label if fault else "",
        is_fault=fault.is_fault if fault and not hit.code else hit.is_fault,
        also=_elsewhere(hit, known),
        dated=dated,
        age=aged(dated, today),
        licence=source.licence if source else "",
        title=source.title if source else "",
    )


def _elsewhere(hit: Hit, known: Entries) -> tuple[str, ...]:
    """The same code with another meaning, of other makers and models: why a code alone says little."""
    same = known.by_key.get(loose(hit.code), ()) if hit.code and hit.match != "similar" else ()
    others = (code for code in same if _fault_of(code) != hit.fault and code.text != hit.text)
    said = (" ".join(filter(None, (code.vendor, code.model))) + f": {code.text}" for code in others)
    return tuple(islice(_unlike(said), MOST_ALSO))


def _unlike(said: Iterable[str]) -> Iterator[str]:
    """Each once, as they come: of a number that thousands have, only the first are read."""
    seen: set[str] = set()
    for each in said:
        if each not in seen:
            seen.add(each)
            yield each


def _fault_of(code: Code) -> FaultId | None:
    return code.means[0].fault if code.means else None
