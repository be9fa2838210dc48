"""Posterior: priors, scope and weights of evidence become a probability for each cause and for "not known here"."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.known import quirks_of
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.suspicion import chances, suspicion
from chargelore.engine.diagnosing.table import Weight
from chargelore.engine.diagnosing.temper import temper
from chargelore.kb.counts import UNLISTED
from chargelore.kb.learned import Learned
from chargelore.kb.model import Cause, Knowledge, Quirk

TIED = 10 ** (-0.2)  # two points: closer causes are not told apart


class Suspect(Struct, frozen=True):  # made in a fraction of the time of a dataclass, and there are dozens a case
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
    found, quirks = suspicion(knowledge, learned, case, seen), quirks_of(knowledge, case.charger)
    shares = chances(found, temper(knowledge, learned))
    likely = sorted(found.causes, key=shares.__getitem__, reverse=True)  # stable: they come in the order of their names
    causes, told = knowledge.causes, found.weights
    suspects = [Suspect(causes[name], tuple(told[name]), shares[name], quirks.get(name, ())) for name in likely]
    return Posterior(tuple(suspects), shares[UNLISTED])
