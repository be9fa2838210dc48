"""Posterior: priors, scope and weights of evidence become a probability for each cause and for "not known here"."""

from __future__ import annotations

from dataclasses import dataclass

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.known import quirks_of
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.suspicion import chances, suspicion
from chargelore.engine.diagnosing.temper import temper
from chargelore.engine.diagnosing.weigh import Weight
from chargelore.kb.counts import UNLISTED
from chargelore.kb.learned import Learned
from chargelore.kb.model import Cause, Knowledge, Quirk


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
    found = suspicion(knowledge, learned, case, seen)
    shares = chances(found, temper(knowledge, learned))
    suspects = [
        Suspect(each, found.weights[each.id], shares[each.id], quirks_of(knowledge, case.charger, each.id))
        for each in found.causes
    ]
    return Posterior(tuple(sorted(suspects, key=lambda each: (-each.probability, each.cause.id))), shares[UNLISTED])
