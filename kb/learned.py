"""Learned: what recorded findings add to the authors' grades; the fold of the event log, as plain counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chargelore.kb.answer import Answer
from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId, EvidenceId, FaultId, StepId


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Weighted counts of yes and no, and the plain number of cases and of fixes that held behind them."""

    yes: float = 0.0
    no: float = 0.0
    cases: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """A confirmed finding by which the diagnosis is judged, and what it counts, 0 to 1."""

    finding: Finding
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What a store makes of a maker's answer.

    `is_unseen` where its trouble was no case of this store; `others` found since that it was something else, which
    counts so many cases `against` it, and so many are `agreeing`.
    """

    is_unseen: bool = False
    others: int = 0
    against: float = 0.0
    agreeing: float = 0.0


NO_DOUBT = Doubt()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Counts by key: `causes` (fault, cause); `shown` (cause, evidence, answer); `fixed` (step, cause).

    `scoped` counts causes once more for each maker, model and firmware: (fault, cause, level), see `counts.levels`.
    `proofs` are the latest confirmed findings, and `without` is what was learned before them, to be judged by them.
    `answers` are those of makers to cases that were handed to them, `doubts` by event what speaks for and against them.
    """

    causes: Mapping[tuple[FaultId, CauseId], Tally] = field(default_factory=dict)
    shown: Mapping[tuple[CauseId, EvidenceId, str], Tally] = field(default_factory=dict)
    fixed: Mapping[tuple[StepId, CauseId], Tally] = field(default_factory=dict)
    cases: int = 0
    scoped: Mapping[tuple[FaultId, CauseId, str], Tally] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    without: Learned | None = None
    answers: tuple[Answer, ...] = ()
    doubts: Mapping[str, Doubt] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Quick, and the same for equals: what is worked out of it once is kept as long as it stays."""
        return hash((self.cases, len(self.shown), len(self.answers)))


NOTHING_LEARNED = Learned()
