"""Sieve: leaves of the knowledge what an audience may see, and counts what it held back and why.

A link is as secret as its most secret end: where one end is held back, so is the link, and what cannot stand without
it. Sources and makers that only held back claims name are held back with them. Nobody is named, to any audience.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from chargelore.kb.claim import Claim, Tlp
from chargelore.kb.label import may_go
from chargelore.kb.model import Cause, Code, Knowledge, Quirk, Step
from chargelore.kb.order import reached

Kept = TypeVar("Kept", bound=Claim)
Reasons = Counter[tuple[str, str]]  # what, why -> how often

DRAFT = "a draft, and drafts stay in the house"
HANGS = "hangs on something that is held back"
LINK = "one of its ends is held back"
ALONE = "only what is held back names it"
PEOPLE = "people are never named"


def sieved(knowledge: Knowledge, audience: Tlp, reasons: Reasons) -> Knowledge:
    """The knowledge for this audience; what was held back is counted in `reasons`."""
    faults = _kept("fault", knowledge.faults.values(), audience, reasons)
    evidence = _kept("evidence", knowledge.evidence.values(), audience, reasons)
    causes = _kept("cause", knowledge.causes.values(), audience, reasons)
    causes = list(_standing(causes, {each.id for each in faults}, reasons))
    open_evidence, open_causes = {each.id for each in evidence}, {each.id for each in causes}
    steps = list(_waiting(_kept("step", knowledge.steps.values(), audience, reasons), open_evidence, reasons))
    codes = _kept("code", knowledge.codes, audience, reasons)
    quirks = _kept("quirk", knowledge.quirks.values(), audience, reasons)
    products = _kept("product", knowledge.products.values(), audience, reasons)
    found = Knowledge(
        sources=knowledge.sources,
        faults={each.id: each for each in faults},
        codes=tuple(_meaning(each, {fault.id for fault in faults}, reasons) for each in _clearing(codes, reasons)),
        evidence={each.id: each for each in evidence},
        causes={each.id: _showing(each, open_evidence, reasons) for each in causes},
        steps={each.id: _linked(each, open_causes, open_evidence, reasons) for each in steps},
        quirks={each.id: _pointing(each, open_causes, reasons) for each in quirks},
        products={each.id: each for each in products},
        makers=knowledge.makers,
        registers=knowledge.registers,
        vendor_aliases=knowledge.vendor_aliases,
    )
    return _named_openly(knowledge, found, reasons)


def _kept(kind: str, claims: Iterable[Kept], audience: Tlp, reasons: Reasons) -> list[Kept]:
    """The claims that may go, without their author; successors that may not go are not named."""
    found = []
    for each in claims:
        why = _secret(each, audience)
        if why:
            reasons[kind, why] += 1
        else:
            found.append(each)
    names = {_name(each) for each in found}
    return [_nameless(each, names, reasons) for each in found]


def _name(claim: Claim) -> str:
    """What a successor is named by: an id, or the value of a code."""
    return str(claim.code if isinstance(claim, Code) else getattr(claim, "id", ""))


def _secret(claim: Claim, audience: Tlp) -> str:
    if not may_go(claim.tlp, audience):
        return f"labelled TLP:{claim.tlp}"
    return DRAFT if claim.status == "draft" and not may_go("AMBER", audience) else ""


def _nameless(claim: Kept, names: Container[str], reasons: Reasons) -> Kept:
    if claim.author:
        reasons["author", PEOPLE] += 1
        claim = replace(claim, author="")
    if claim.replaced_by and claim.replaced_by not in names:
        reasons["successor", LINK] += 1
        claim = replace(claim, replaced_by="")
    return claim


def _standing(causes: Iterable[Cause], faults: Container[str], reasons: Reasons) -> Iterator[Cause]:
    for each in causes:
        if each.fault in faults:
            yield each
        else:
            reasons["cause", HANGS] += 1


def _clearing(codes: Iterable[Code], reasons: Reasons) -> Iterator[Code]:
    """A code may end another one of its table, unless that one is held back."""
    kept = list(codes)
    names = {(each.vendor, each.table, name) for each in kept for name in (each.code, *each.also)}
    for each in kept:
        hidden = each.clears and (each.vendor, each.table, each.clears) not in names
        reasons["link", LINK] += bool(hidden)
        yield replace(each, clears="") if hidden else each


def _meaning(code: Code, faults: Container[str], reasons: Reasons) -> Code:
    means = tuple(each for each in code.means if each.fault in faults)
    reasons["mapping", LINK] += len(code.means) - len(means)
    return code if means == code.means else replace(code, means=means)


def _showing(cause: Cause, evidence: Container[str], reasons: Reasons) -> Cause:
    shows = tuple(each for each in cause.shows if each.evidence in evidence)
    reasons["link", LINK] += len(cause.shows) - len(shows)
    return cause if shows == cause.shows else replace(cause, shows=shows)


def _waiting(steps: Iterable[Step], evidence: Container[str], reasons: Reasons) -> Iterator[Step]:
    """A step without its safety step reads as if it needed none: it is held back with that, or with what is given."""
    kept = {each.id: each for each in steps}
    before = {name: each.first for name, each in kept.items()}
    for name, each in kept.items():
        if all(one in kept for one in reached(before, name)) and all(one.evidence in evidence for one in each.given):
            yield each
        else:
            reasons["step", HANGS] += 1


def _linked(step: Step, causes: Container[str], evidence: Container[str], reasons: Reasons) -> Step:
    fixes = tuple(each for each in step.fixes if each.cause in causes)
    answers = tuple(each for each in step.answers if each in evidence)
    reasons["link", LINK] += len(step.fixes) - len(fixes) + len(step.answers) - len(answers)
    unchanged = fixes == step.fixes and answers == step.answers
    return step if unchanged else replace(step, fixes=fixes, answers=answers)


def _pointing(quirk: Quirk, causes: Container[str], reasons: Reasons) -> Quirk:
    named = tuple(each for each in quirk.causes if each in causes)
    reasons["link", LINK] += len(quirk.causes) - len(named)
    return quirk if named == quirk.causes else replace(quirk, causes=named)


def _named_openly(full: Knowledge, kept: Knowledge, reasons: Reasons) -> Knowledge:
    """Without the makers and sources that only held back claims name."""
    hidden_makers = _makers(full) - _makers(kept)
    hidden_sources = {each.source for each in claims(full)} - {each.source for each in claims(kept)}
    hidden_sources -= {each.source.id for each in kept.registers.values()}
    reasons["maker", ALONE] += len(hidden_makers & full.makers.keys())
    reasons["source", ALONE] += len(hidden_sources & full.sources.keys())
    return replace(
        kept,
        makers=_without(full.makers, hidden_makers),
        sources=_without(full.sources, hidden_sources),
        vendor_aliases={alias: name for alias, name in full.vendor_aliases.items() if name not in hidden_makers},
    )


Key = TypeVar("Key", bound=str)
Entry = TypeVar("Entry")


def _without(shelf: Mapping[Key, Entry], hidden: Container[str]) -> dict[Key, Entry]:
    return {name: each for name, each in shelf.items() if name not in hidden}


def claims(knowledge: Knowledge) -> Iterator[Claim]:
    """Every claim of every kind."""
    shelves: tuple[Mapping[str, Claim], ...] = (
        knowledge.faults, knowledge.evidence, knowledge.causes, knowledge.steps, knowledge.quirks,
        knowledge.products,
    )  # type: ignore[assignment]  # ids are texts  # fmt: skip
    for shelf in shelves:
        yield from shelf.values()
    yield from knowledge.codes


def _makers(knowledge: Knowledge) -> set[str]:
    """The makers that claims name."""
    scoped: tuple[Cause | Quirk, ...] = (*knowledge.causes.values(), *knowledge.quirks.values())
    named = {each.scope.vendor for each in scoped} | {code.vendor for code in knowledge.codes}
    named |= {each.vendor for each in knowledge.products.values()}
    return named | {each.vendor for each in knowledge.registers.values()}
