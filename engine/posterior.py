"""Posterior: priors, scope and weights of evidence become a probability for each cause and for "not known here"."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chargelore.engine.case import Case
from chargelore.engine.known import quirk_factor, quirks_of, standing
from chargelore.engine.observed import Observed
from chargelore.engine.scope import Fit, fit
from chargelore.engine.weigh import Weight, causes_by_evidence, causes_by_fault, weights
from chargelore.engine.wordfit import named_by
from chargelore.kb.learned import Learned
from chargelore.kb.model import CHANCE, Cause, CauseId, Knowledge, Quirk

TEMPER = 0.85  # measured: 0.75 to 0.9 until confirmed cases allow a fit
CAP = 0.97
UNKNOWN_PRIOR = 0.08
SCOPE_FACTOR: Mapping[Fit, float] = {"inside": 3.0, "general": 1.0, "unsure": 0.4, "outside": 0.0}


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cause under suspicion, what it was weighed by, its probability, and the quirks that made it likelier."""

    cause: Cause
    weights: tuple[Weight, ...]
    probability: float
    quirks: tuple[Quirk, ...] = ()


@dataclass(frozen=True, slots=True)
class Posterior:
    """Suspects from likely to unlikely; with `unknown` their probabilities sum to one."""

    suspects: tuple[Suspect, ...]
    unknown: float


def posterior(knowledge: Knowledge, learned: Learned, case: Case, seen: Observed) -> Posterior:
    """P(cause | everything observed) over the causes that anything observed speaks for."""
    causes = candidates(knowledge, case, seen)
    quirks = {cause.id: quirks_of(knowledge, case.charger, cause.id) for cause in causes}
    priors = _priors(causes, learned, case, quirks)
    weighed = {cause.id: weights(knowledge, learned, cause, seen) for cause in causes}
    scores = {
        cause.id: math.log(priors[cause.id]) + TEMPER * sum(weight.value for weight in weighed[cause.id])
        for cause in causes
    }
    chances, unknown = _softmax(scores)
    suspects = [Suspect(cause, weighed[cause.id], chances[cause.id], quirks[cause.id]) for cause in causes]
    return Posterior(tuple(sorted(suspects, key=lambda each: (-each.probability, each.cause.id))), unknown)


def candidates(knowledge: Knowledge, case: Case, seen: Observed) -> tuple[Cause, ...]:
    """Causes in scope that at least one observation, conclusion, code or clear wording speaks for."""
    found: dict[CauseId, Cause] = {}
    for evidence in seen.answers:
        found.update((cause.id, cause) for cause in causes_by_evidence(knowledge).get(evidence, ()))
    for fault in seen.faults:
        found.update((cause.id, cause) for cause in causes_by_fault(knowledge).get(fault, ()))
    concluded = (end.cause for end in seen.conclusions if end.cause is not None)
    named = (*concluded, *named_by(knowledge, seen.words))
    found.update((cause.id, cause) for each in named if (cause := standing(knowledge, each)) is not None)
    return tuple(cause for _, cause in sorted(found.items()) if fit(cause.scope, case.charger) != "outside")


def _priors(
    causes: Iterable[Cause], learned: Learned, case: Case, quirks: Mapping[CauseId, tuple[Quirk, ...]]
) -> dict[CauseId, float]:
    """Authors' shares, worth max(10, 1.5 k) cases, plus counted findings, within the candidates."""
    causes = tuple(causes)
    shares = {cause.id: CHANCE[cause.prior] * _local(cause, case, quirks[cause.id]) for cause in causes}
    counts = {cause.id: _count(learned, cause) for cause in causes}
    worth, total = max(10.0, 1.5 * len(causes)), sum(shares.values()) or 1.0
    whole = worth + sum(counts.values())
    return {each: (1 - UNKNOWN_PRIOR) * (worth * shares[each] / total + counts[each]) / whole for each in shares}


def _local(cause: Cause, case: Case, quirks: tuple[Quirk, ...]) -> float:
    """How much likelier this very charger makes the cause; its scope and a quirk may tell the same, so one counts."""
    scoped = SCOPE_FACTOR[fit(cause.scope, case.charger)]
    return max(scoped, quirk_factor(quirks)) if scoped >= 1 else scoped


def _count(learned: Learned, cause: Cause) -> float:
    tally = learned.causes.get((cause.fault, cause.id))
    return tally.yes if tally else 0.0


def _softmax(scores: Mapping[CauseId, float]) -> tuple[dict[CauseId, float], float]:
    """Probabilities that sum to one with the unknown; the surplus above the cap goes to the unknown."""
    none = math.log(UNKNOWN_PRIOR)
    top = max((none, *scores.values()))
    raw = {cause: math.exp(score - top) for cause, score in scores.items()}
    rest = math.exp(none - top)
    whole = sum(raw.values()) + rest
    chances = {cause: min(CAP, value / whole) for cause, value in raw.items()}
    return chances, max(0.0, 1.0 - sum(chances.values()))
