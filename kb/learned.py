"""Learned: what recorded findings add to the authors' grades; the fold of the event log, as plain counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chargelore.kb.model import CauseId, EvidenceId, FaultId, StepId


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Weighted counts of yes and no, and the plain number of cases and of fixes that held behind them."""

    yes: float = 0.0
    no: float = 0.0
    cases: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Counts by key: `causes` (fault, cause); `shown` (cause, evidence, answer); `fixed` (step, cause)."""

    causes: Mapping[tuple[FaultId, CauseId], Tally] = field(default_factory=dict)
    shown: Mapping[tuple[CauseId, EvidenceId, str], Tally] = field(default_factory=dict)
    fixed: Mapping[tuple[StepId, CauseId], Tally] = field(default_factory=dict)
    cases: int = 0


NOTHING_LEARNED = Learned()
