"""Two causes of one fault that are dear to mend and look alike, but for one signal: a world for the ask list."""

from __future__ import annotations

from collections.abc import Mapping

from chargelore.kb.counts import levels
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import (
    Cause,
    CauseId,
    Evidence,
    EvidenceId,
    Fault,
    FaultId,
    Fixes,
    Knowledge,
    Shows,
    Step,
    StepId,
)

FAULT = FaultId("trip")
BOARD, CABLE = CauseId("board"), CauseId("cable")
SHOWN, TELLING, IDLE, ASKED = (EvidenceId(each) for each in ("trips", "leak-current", "idle-sign", "smell"))
SWAP_BOARD, SWAP_CABLE, SMELL = StepId("swap-board"), StepId("swap-cable"), StepId("smell")


def knowledge(minutes: int = 120) -> Knowledge:
    """One fault, two causes with a repair each, a sign that both show and one that tells them apart."""
    signals = (_signal(each) for each in (SHOWN, TELLING, IDLE))
    asked = Evidence(id=ASKED, question="Does it smell?", channel="asked", leak="rarely")
    return Knowledge(
        sources={},
        faults={FAULT: Fault(id=FAULT, label="trip", domain="safety", definition="", responsible=("cso",))},
        codes=(),
        evidence={each.id: each for each in (*signals, asked)},
        causes={each.id: each for each in (_cause(BOARD, tells=True), _cause(CABLE, tells=False))},
        steps={
            each.id: each
            for each in (
                _repair(SWAP_BOARD, BOARD, minutes),
                _repair(SWAP_CABLE, CABLE, minutes),
                Step(id=SMELL, kind="question", label="smell", minutes=2, answers=(ASKED,)),
            )
        },
    )


def learned(cases: float = 40.0, vendor: str = "Acme", model: str = "Wall") -> Learned:
    """Findings that bear the authors out, on chargers of this model."""
    half = Tally(yes=cases / 2, cases=int(cases / 2), held=int(cases / 2))
    causes = {(FAULT, BOARD): half, (FAULT, CABLE): half}
    scoped = {(*key, level): each for key, each in causes.items() for level in levels(vendor, model, "")[1:]}
    return Learned(causes=causes, scoped=scoped, shown=_shown(cases / 2), fixed=_fixed(cases / 2), cases=int(cases))


def _shown(cases: float) -> Mapping[tuple[CauseId, EvidenceId, str], Tally]:
    found = {}
    for cause, evidence, share in (
        (BOARD, SHOWN, 0.9), (CABLE, SHOWN, 0.9), (BOARD, TELLING, 0.95), (CABLE, TELLING, 0.02),
        (BOARD, IDLE, 0.1), (CABLE, IDLE, 0.1),
    ):  # fmt: skip
        yes, no = cases * share, cases * (1 - share)
        found[cause, evidence, "yes"] = Tally(yes=yes, no=no, cases=int(cases))
        found[cause, evidence, "no"] = Tally(yes=no, no=yes, cases=int(cases))
    return found


def _fixed(cases: float) -> Mapping[tuple[StepId, CauseId], Tally]:
    return {
        (step, cause): Tally(yes=0.95 * cases, no=0.05 * cases, cases=int(cases))
        for step, cause in ((SWAP_BOARD, BOARD), (SWAP_CABLE, CABLE))
    }


def _signal(name: EvidenceId) -> Evidence:
    return Evidence(id=name, question=name, leak="never", layer="ocpp")


def _cause(name: CauseId, *, tells: bool) -> Cause:
    shows = [Shows(evidence=SHOWN, grade="always"), Shows(evidence=ASKED, grade="sometimes")]
    shows.append(Shows(evidence=TELLING, grade="always" if tells else "never"))
    return Cause(id=name, fault=FAULT, label=f"{name} broken", shows=tuple(shows))


def _repair(name: StepId, cause: CauseId, minutes: int) -> Step:
    return Step(id=name, kind="repair", label=name, minutes=minutes, fixes=(Fixes(cause=cause, grade="always"),))
