"""Stats: how much the knowledge holds, and how much of it names a source that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chargelore.kb.model import Claim, Code, Knowledge


def counted(knowledge: Knowledge) -> dict[str, int]:
    """What there is -> how many of it; standards and their codes are counted apart from makers and platforms."""
    codes = tuple(code for code in knowledge.codes if not is_standard(code, knowledge))
    faults = knowledge.faults.values()
    return {
        "faults": sum(fault.is_fault for fault in faults),
        "outcomes without fault": sum(not fault.is_fault for fault in faults),
        "vendor codes": len(codes),
        "makers and platforms": len({code.vendor for code in codes}),
        "codes of standards": len(knowledge.codes) - len(codes),
        "standards": sum(maker.kind == "standard" for maker in knowledge.makers.values()),
        "register maps": len(knowledge.registers),
        "causes": len(knowledge.causes),
        "evidence": len(knowledge.evidence),
        "evidence links": sum(len(cause.shows) for cause in knowledge.causes.values()),
        "steps": len(knowledge.steps),
        "quirks": len(knowledge.quirks),
        "sources": len(knowledge.sources),
        "claims without a source": sum(claim.source not in knowledge.sources for _, claim in claims(knowledge)),
    }


def is_standard(code: Code, knowledge: Knowledge) -> bool:
    """Whether the code belongs to a public standard, not to a maker or a platform."""
    maker = knowledge.makers.get(code.vendor)
    return maker is not None and maker.kind == "standard"


def shelves(knowledge: Knowledge) -> tuple[Mapping[str, Claim], ...]:
    """Everything with an id that can be replaced, kind by kind."""
    kinds = (knowledge.faults, knowledge.causes, knowledge.evidence, knowledge.steps, knowledge.quirks)
    return tuple({str(name): claim for name, claim in shelf.items()} for shelf in kinds)


def claims(knowledge: Knowledge) -> Iterator[tuple[str, Claim]]:
    """Every statement by its name; links belong to the cause or step that makes them."""
    for shelf in shelves(knowledge):
        yield from shelf.items()
    yield from ((f"{code.vendor} {code.code}", code) for code in knowledge.codes)
    yield from knowledge.products.items()
