"""Hit: one thing that the knowledge base has to say about a query, and why, where, since when and on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chargelore.kb.codekey import bare
from chargelore.kb.codes import STANDARDS
from chargelore.kb.model import Code, Confidence, FaultId, Quirk, Relation, Scope, SourceId, Status
from chargelore.kb.query import Query
from chargelore.kb.version import in_range

OWN = SourceId("own")
Match = Literal["exact", "mask", "name", "pattern", "similar", "quirk"]
ELSEWHERE = "of another maker"
COMMON = frozenset({*STANDARDS, "ChargeX MREC"})
CLEARLY_ALIKE = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that the knowledge base has to say about a query.

    `fault` is None for a code that stands for no canonical fault, and for a quirk; `code` and `vendor` are empty where
    a fault itself was found. `text` is the native text or the label; `values` are what a pattern read out of a message.
    `evidence` says why it was found, `scope` how it fits the charger that was named, `age` how old the claim is, each
    in words. `note` warns of another maker, and tells of a successor; `alternatives` are further faults that the code
    may stand for; `also` lists what the same code means elsewhere. `likeness` lies in 0..1.
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
    evidence: str = ""
    scope: str = ""
    dated: str = ""
    age: str = ""
    status: Status = "reviewed"
    replaced_by: str = ""
    licence: str = ""
    title: str = ""
    values: tuple[tuple[str, str], ...] = ()


def of_code(code: Code, match: Match, evidence: str, asked: Query, likeness: float = 1.0) -> Hit:
    """What is said of a code."""
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
        note="; ".join(_notes(code, asked)),
        alternatives=tuple(other.fault for other in code.means[1:]),
        source=code.source,
        likeness=likeness,
        evidence=evidence,
        scope=fit(Scope(vendor=code.vendor, model=code.model, firmware=code.firmware), asked),
        dated=code.dated,
        status=code.status,
        replaced_by=code.replaced_by,
    )


def of_quirk(quirk: Quirk, evidence: str, asked: Query, likeness: float) -> Hit:
    """What is said of a quirk."""
    return Hit(
        match="quirk",
        text=f"{quirk.label}: {quirk.cure}" if quirk.cure else quirk.label,
        vendor=quirk.scope.vendor,
        model=quirk.scope.model,
        firmware=quirk.scope.firmware,
        confidence="medium",
        is_fault=False,
        source=quirk.source,
        likeness=likeness,
        evidence=evidence,
        scope=fit(quirk.scope, asked),
        dated=quirk.dated,
        status=quirk.status,
        replaced_by=quirk.replaced_by,
    )


def _notes(code: Code, asked: Query) -> list[str]:
    elsewhere = [] if is_near(code, bare(asked.vendor)) else [ELSEWHERE]
    return [*elsewhere, f"firmware {code.firmware}"] if code.firmware else elsewhere


def is_near(code: Code, maker: str) -> bool:
    """Whether the code is the maker's own, or a standard's, or no maker was named."""
    return not maker or bare(code.vendor) == maker or code.vendor in COMMON


def _trusted(stated: Confidence, match: Match, likeness: float) -> Confidence:
    """What is only alike is trusted one step less at best."""
    if match != "similar":
        return stated
    return "medium" if stated == "high" and likeness >= CLEARLY_ALIKE else "low"


def fit(scope: Scope, asked: Query) -> str:
    """How a statement fits the charger that was asked for: `known for 5.1, not verified for yours`.

    The vendor of the query is the name under which we know the maker.
    """
    if not scope.vendor:
        return "for all makers"
    if scope.vendor in COMMON:
        return f"of the standard {scope.vendor}, for all makers"
    if asked.vendor and bare(scope.vendor) != bare(asked.vendor):
        return f"known for {scope.vendor}, not for {asked.vendor}"
    told = [_model_fit(scope.model, asked.model), _firmware_fit(scope.firmware, asked.firmware)]
    return "; ".join(filter(None, told)) or f"for all models of {scope.vendor}"


def _model_fit(known: str, asked: str) -> str:
    if not known:
        return ""
    if not asked:
        return f"known for {known}"
    theirs = bare(asked)
    ours = [bare(model) for model in known.split("/")]
    if any(model and (model in theirs or theirs in model) for model in ours):
        return f"known for {known}, as yours is"
    return f"known for {known}, not verified for {asked}"


def _firmware_fit(known: str, asked: str) -> str:
    if not known:
        return f"not verified for {asked}" if asked else ""
    if not asked:
        return f"firmware {known}"
    return f"firmware {known}, as yours is" if in_range(known, asked) else f"known for {known}, not verified for yours"
