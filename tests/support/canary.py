"""Knowledge with a word in every text field of every kind of claim, so that a leak is one search away."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import small_world as world

from chargelore.kb.claim import Claim, Scope, Source, SourceId, Tlp
from chargelore.kb.finding import Finding, StepTaken
from chargelore.kb.model import (
    Cause,
    CauseId,
    Code,
    Evidence,
    EvidenceId,
    Fault,
    FaultId,
    Fixes,
    Knowledge,
    Maker,
    Meaning,
    Quirk,
    QuirkId,
    Shows,
    Step,
    StepId,
    Travel,
)

TEXTS = frozenset({"str", "FaultId", "CauseId", "EvidenceId", "StepId", "QuirkId", "SourceId"})
KEPT = frozenset({"fault"})  # a secret cause may lie behind an open fault


def word(label: Tlp) -> str:
    """The word that stands in every text so labelled."""
    return f"Kanarienvogel{label.replace('+', 'plus')}Zwo"


def filled(claim: Any, label: Tlp) -> Any:
    """The claim with the word in every field that holds text."""
    values = {each.name: _filling(str(each.type), word(label)) for each in fields(claim) if each.name not in KEPT}
    told = {name: value for name, value in values.items() if value is not None}
    return replace(claim, **told, **({"tlp": label} if isinstance(claim, Claim) else {}))


def _filling(kind: str, text: str) -> Any:
    if kind in TEXTS:
        return text
    return {
        "tuple[Sign, ...]": (),
        "Travel": Travel(words=(text,), field=text, prefix=text, separator=text, cleared=text),
        "tuple[str, ...]": (text,),
        "Mapping[str, str]": {"de": text},
        "Mapping[str, tuple[str, ...]]": {"de": (text,)},
        "Scope": Scope(vendor=text, model=text, firmware=text, hardware=text, region=text),
    }.get(kind)


def secret(label: Tlp) -> dict[str, Any]:
    """One claim of every kind, full of the word."""
    return {
        "fault": filled(_fault("x"), label),
        "code": filled(Code(vendor="", code="", text="", means=(Meaning(fault=world.TRIP),)), label),
        "evidence": filled(Evidence(id=EvidenceId("x"), question="?"), label),
        "cause": filled(Cause(id=CauseId("x"), fault=world.TRIP, label="x"), label),
        "step": filled(Step(id=StepId("x"), kind="test", label="x", minutes=1), label),
        "quirk": filled(Quirk(id=QuirkId("x"), topic="units", label="x", detail="x", scope=Scope()), label),
        "source": filled(Source(id=SourceId("x"), title="x"), label),
        "maker": filled(Maker(name="x"), label),
    }


def _fault(name: str) -> Fault:
    return Fault(id=FaultId(name), label="x", domain="safety", definition="x", responsible=("cso",))


def knowledge(label: Tlp) -> Knowledge:
    """The small world, and in it secrets to which open claims point."""
    base, kept, text = world.knowledge(), secret(label), word(label)
    pointing = _pointing(base, text)
    return replace(
        base,
        sources={text: kept["source"]},
        faults={**base.faults, text: kept["fault"], **pointing["faults"]},
        codes=(*base.codes, kept["code"], *pointing["codes"]),
        evidence={**base.evidence, text: kept["evidence"]},
        causes={**base.causes, text: kept["cause"], **pointing["causes"]},
        steps={**base.steps, text: kept["step"], **pointing["steps"]},
        quirks={text: kept["quirk"], **pointing["quirks"]},
        makers={text: kept["maker"], "Acme": Maker(name="Acme")},
        vendor_aliases={text.casefold(): text, "acme": "Acme"},
    )


def _pointing(base: Knowledge, text: str) -> dict[str, Any]:
    """Open claims whose links end in a secret one."""
    fault, cause = base.faults[world.LINK], base.causes[world.NAT]
    hanging = Cause(id=CauseId("hangs-on-a-secret"), fault=FaultId(text), label="open")
    step = Step(
        id=StepId("open-step"), kind="repair", label="open", minutes=1, fixes=(Fixes(cause=CauseId(text)),),
        answers=(EvidenceId(text),), replaced_by=text, status="deprecated",
    )  # fmt: skip
    quirk = Quirk(
        id=QuirkId("open-quirk"), topic="units", label="open", detail="open", scope=Scope(vendor="Acme"),
        causes=(CauseId(text),),
    )  # fmt: skip
    means = (Meaning(fault=FaultId(text)), Meaning(fault=world.TRIP, relation="close"))
    return {
        "faults": {fault.id: replace(fault, status="deprecated", replaced_by=text)},
        "codes": (
            Code(
                vendor="Acme", code="E8", text="open", means=means, replaced_by=text, status="deprecated", clears=text
            ),
        ),
        "causes": {
            cause.id: replace(cause, shows=(*cause.shows, Shows(evidence=EvidenceId(text), grade="often"))),
            hanging.id: hanging,
        },
        "steps": {step.id: step},
        "quirks": {quirk.id: quirk},
    }


def finding(text: str) -> Finding:
    """A finding with the word wherever a person may write one."""
    return Finding(
        case=text, fault=world.TRIP, cause=world.WET, codes=(text,), evidence={world.RAIN: text},
        steps=(StepTaken(id=StepId(text), worked=True),), fixed_by=text, note=text,
    )  # fmt: skip
