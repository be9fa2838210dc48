"""Suspicion: the causes that anything observed speaks for, and what speaks for each, not yet as probabilities. Pure.

What sets the stage (how common a cause is, the fault that the charger reports, what was tried in vain) stands apart
from what the observations tell: only the latter is tempered.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.odds import cure_chance
from chargelore.engine.diagnosing.prior import Priors, priors
from chargelore.engine.diagnosing.weigh import (
    FAULT_LEAK,
    Weight,
    causes_by_answer,
    causes_by_fault,
    is_report,
    unknown_weight,
    weights,
)
from chargelore.engine.diagnosing.wordfit import named_by
from chargelore.kb.counts import UNLISTED
from chargelore.kb.learned import Learned
from chargelore.kb.model import Cause, CauseId, Knowledge, StepId

CAP = 0.97


@dataclass(frozen=True, slots=True)
class Suspicion:
    """By cause, and for UNLISTED: log odds of the `stage`, and those that the observations have `told`."""

    causes: tuple[Cause, ...]
    weights: Mapping[CauseId, tuple[Weight, ...]]
    stage: Mapping[CauseId, float]
    told: Mapping[CauseId, float]


def suspicion(knowledge: Knowledge, learned: Learned, case: Case, seen: Observed) -> Suspicion:
    """All suspects of a case, and the cause that nobody wrote down."""
    return suspected(knowledge, learned, case.charger, seen, case.tried)


def suspected(
    knowledge: Knowledge, learned: Learned, charger: Charger, seen: Observed, tried: tuple[StepId, ...] = ()
) -> Suspicion:
    """The same of what was observed on a charger, and tried in vain."""
    before = priors(knowledge, learned, charger)
    causes = candidates(knowledge, before, seen)
    weighed = {cause.id: weights(knowledge, learned, cause, seen) for cause in causes}
    stage = {
        each.id: math.log(before.causes[each.id])
        + _reported(weighed[each.id])
        + _in_vain(knowledge, learned, tried, each)
        for each in causes
    }
    told = {cause: sum(each.value for each in some if not is_report(each)) for cause, some in weighed.items()}
    stage[UNLISTED], told[UNLISTED] = _unlisted_stage(before, seen), unknown_weight(knowledge, learned, seen)
    return Suspicion(causes, weighed, stage, told)


def chances(found: Suspicion, temper: float) -> dict[CauseId, float]:
    """Probabilities of the suspects and of UNLISTED; they sum to one. What lies above the cap goes to the latter."""
    scores = {cause: found.stage[cause] + temper * found.told[cause] for cause in found.stage}
    top = max(scores.values())
    raw = {cause: math.exp(score - top) for cause, score in scores.items()}
    whole = sum(raw.values())
    capped = {cause: min(CAP, value / whole) for cause, value in raw.items() if cause != UNLISTED}
    return capped | {UNLISTED: max(0.0, 1.0 - sum(capped.values()))}


def candidates(knowledge: Knowledge, before: Priors, seen: Observed) -> tuple[Cause, ...]:
    """Causes in scope that at least one observation, conclusion, code or clear wording speaks for."""
    found: dict[CauseId, Cause] = {}
    for shown in seen.answers.items():
        found.update((cause.id, cause) for cause in causes_by_answer(knowledge).get(shown, ()))
    for fault in seen.faults:
        found.update((cause.id, cause) for cause in causes_by_fault(knowledge).get(fault, ()))
    concluded = (end.cause for end in seen.conclusions if end.cause is not None)
    named = (*concluded, *named_by(knowledge, seen.words))
    found.update((cause.id, cause) for each in named if (cause := standing(knowledge, each)) is not None)
    return tuple(cause for name, cause in sorted(found.items()) if name in before.causes)


def _reported(weights: tuple[Weight, ...]) -> float:
    return sum(each.value for each in weights if is_report(each))


def _in_vain(knowledge: Knowledge, learned: Learned, tried: tuple[StepId, ...], cause: Cause) -> float:
    """A repair that did not help speaks against what it cures."""
    steps = (knowledge.steps[step] for step in tried if step in knowledge.steps)
    return sum(math.log(1 - cure_chance(learned, step, cause.id)) for step in steps)


def _unlisted_stage(before: Priors, seen: Observed) -> float:
    """A cause nobody wrote down lies behind a reported fault as often as findings say."""
    shares = (before.unknown.get(fault, 0.0) / before.unknown_in_all * trust for fault, trust in seen.faults.items())
    return math.log(before.unknown_in_all) + math.log(1 + max(shares, default=0.0) / FAULT_LEAK)
