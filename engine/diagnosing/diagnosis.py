"""Diagnosis: the words in which the engine answers; made by `diagnose`, shown by screens and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chargelore.kb.model import CauseId, Domain, EvidenceId, FaultId, Layer, Party, StepId

Verdict = Literal["diagnosed", "ambiguous", "no-fault", "unknown", "escalate"]
Strength = Literal["weak", "clear", "strong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One piece of evidence that was counted for or against a cause. `points` are 10·log10 of the odds it moved."""

    evidence: str
    text: str
    points: float
    strength: Strength
    backed_by: str  # "author only" | "14 cases, 11 held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """A symptom that is neither seen nor known to be absent: `rule` needs what the charger's model never sends."""

    symptom: EvidenceId
    rule: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One suspected cause. `probability` lies in 0..0.97; `unseen` would count but was not looked for.

    Of these, `unasked` are those that could not be looked for on a charger of this model.
    """

    fault: FaultId
    label: str
    domain: Domain
    responsible: Party
    cause: CauseId
    cause_label: str
    probability: float
    because: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()
    unseen: tuple[EvidenceId, ...] = ()
    unasked: tuple[Unasked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What to do next: `splits` names the causes it separates, `message` the OCPP message that does it, if one does."""

    step: StepId
    label: str
    minutes: int
    where: str
    splits: tuple[CauseId, ...]
    hazard: str = ""
    precondition: str = ""
    answers: tuple[EvidenceId, ...] = ()
    fixes: tuple[CauseId, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerSaid:
    """What the charger's maker answered to such a trouble: to the very `same`, or to a `close` one.

    `cause_label` is empty where the cause is no longer in this knowledge base; the answer then counts for nothing.
    """

    event: str
    cause: CauseId
    cause_label: str
    resolution: str
    source: str
    said_by: str
    said_at: str
    likeness: Literal["same", "close"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The answer on one case. `unknown` is the chance that the cause is not in this knowledge base, 0..1.

    `maker_said` is what makers answered to such a trouble before; the hypotheses have taken it in.
    """

    verdict: Verdict
    hypotheses: tuple[Hypothesis, ...]
    unknown: float
    steps: tuple[NextStep, ...]
    layers_seen: tuple[Layer, ...]
    layers_missing: tuple[Layer, ...]
    unasked: tuple[Unasked, ...] = ()
    maker_said: tuple[MakerSaid, ...] = ()
