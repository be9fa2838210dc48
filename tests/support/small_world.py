"""A knowledge base small enough to reckon by hand, for tests of weights, posteriors and plans."""

from __future__ import annotations

from chargelore.engine.case import Case, Charger, SeenCode
from chargelore.engine.firing import Firing
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
    Meaning,
    Scope,
    Shows,
    Step,
    StepId,
)

TRIP, LINK = FaultId("ground-fault-trip"), FaultId("reconnect-loop")
WET, CABLE, NAT, QUIRK = (CauseId(each) for each in ("wet-plug", "cut-cable", "nat-timeout", "maker-quirk"))
AT_PLUG_IN, RAIN, WHEN, IDLE = (
    EvidenceId(each) for each in ("trips-at-plug-in", "rain", "trips-when", "drops-when-idle")
)
DRY, SWAP, ASK_RAIN = StepId("dry-the-plug"), StepId("swap-cable"), StepId("ask-for-rain")

TRIP_CODE = Code(vendor="Acme", code="E7", text="RCD tripped", means=(Meaning(fault=TRIP, confidence="high"),))


def knowledge() -> Knowledge:
    """Two faults, four causes, four pieces of evidence, three steps."""
    return Knowledge(
        sources={},
        faults={each.id: each for each in (_fault(TRIP, "safety", safety=True), _fault(LINK, "connectivity"))},
        codes=(TRIP_CODE,),
        evidence={each.id: each for each in _evidence()},
        causes={each.id: each for each in _causes()},
        steps={each.id: each for each in _steps()},
    )


def _fault(fault: FaultId, domain: str, *, safety: bool = False) -> Fault:
    return Fault(
        id=fault, label=fault.replace("-", " "), domain=domain, definition="", responsible=("cso",), safety=safety
    )  # type: ignore[arg-type]  # a plain str keeps the call short


def _evidence() -> tuple[Evidence, ...]:
    return (
        Evidence(id=AT_PLUG_IN, question="Trips at plug-in", leak="rarely", layer="ocpp"),
        Evidence(id=RAIN, question="Rain in the last day", channel="asked", leak="sometimes"),
        Evidence(id=WHEN, question="When does it trip?", answers=("plug-in", "load", "random"), channel="asked"),
        Evidence(id=IDLE, question="Drops when idle", layer="ocpp", leak="rarely"),
    )


def _causes() -> tuple[Cause, ...]:
    shows_wet = (
        Shows(evidence=AT_PLUG_IN, grade="often"),
        Shows(evidence=RAIN, grade="always"),
        Shows(evidence=WHEN, answer="plug-in", grade="often"),
    )
    shows_cut = (Shows(evidence=AT_PLUG_IN, grade="sometimes"), Shows(evidence=WHEN, answer="random", grade="often"))
    return (
        Cause(id=WET, fault=TRIP, label="Water in plug", prior="often", shows=shows_wet, words=("puddle",)),
        Cause(id=CABLE, fault=TRIP, label="Cable cut", shows=shows_cut, words=("crushed",)),
        Cause(id=NAT, fault=LINK, label="NAT timeout", shows=(Shows(evidence=IDLE, grade="always"),)),
        Cause(
            id=QUIRK,
            fault=LINK,
            label="Firmware sleeps",
            shows=(Shows(evidence=IDLE, grade="often"),),
            scope=Scope(vendor="Acme", firmware="<2"),
            responsible="evse-oem",
        ),
    )


def _steps() -> tuple[Step, ...]:
    return (
        Step(id=DRY, kind="repair", label="Dry the plug", minutes=10, fixes=(Fixes(cause=WET),)),
        Step(
            id=SWAP,
            kind="repair",
            label="Swap the cable",
            minutes=60,
            parts=("cable",),
            fixes=(Fixes(cause=CABLE, grade="always"),),
        ),
        Step(id=ASK_RAIN, kind="question", label="Ask for rain", minutes=1, where="desk", answers=(RAIN,)),
    )


def case(
    *symptoms: EvidenceId,
    answers: dict[EvidenceId, str] | None = None,
    charger: Charger | None = None,
    faults: tuple[FaultId, ...] = (),
    words: tuple[str, ...] = (),
) -> Case:
    """A case with these symptoms, answers and fault codes."""
    return Case(
        id="case-1",
        charger=charger or Charger(id="CP-1"),
        firings=tuple(_firing(symptom) for symptom in symptoms),
        codes=tuple(_code(fault) for fault in faults),
        answers=answers or {},
        words=words,
    )


def _firing(symptom: EvidenceId) -> Firing:
    return Firing(
        id=f"f-{symptom}", rule=symptom, version="1", symptom=symptom, charger="CP-1", connector=1, at=None, signals=()
    )


def _code(fault: FaultId) -> SeenCode:
    return SeenCode(code="E7", vendor="Acme", text="", channel="", fault=fault, relation="exact", known=TRIP_CODE)
