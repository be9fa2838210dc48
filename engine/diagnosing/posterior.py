"""Posterior: priors, scope and weights of evidence become a probability for each cause and for "not known here"."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import repeat
from operator import attrgetter

from msgspec import Struct

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.known import quirks_of
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.prior import Priors, priors
from chargelore.engine.diagnosing.suspicion import Suspicion, chances, suspicion
from chargelore.engine.diagnosing.table import Weight
from chargelore.engine.diagnosing.temper import temper
from chargelore.engine.diagnosing.weigh import report
from chargelore.kb.learned import Learned
from chargelore.kb.model import Cause, CauseId, Knowledge, Quirk

NAMES = math.log(5)  # seven points; a code that says less of its fault leaves open which one it is
TIED = 10 ** (-0.2)  # two points: closer causes are not told apart


class Suspect(Struct, frozen=True, gc=False):  # made in a fraction of the time of a dataclass: there are dozens a case
    """A cause under suspicion, what it was weighed by, its probability, and the quirks that made it likelier."""

    cause: Cause
    weights: tuple[Weight, ...]
    probability: float
    quirks: tuple[Quirk, ...] = ()


class Posterior(Struct, frozen=True):
    """Suspects from likely to unlikely; with `unknown` their probabilities sum to one.

    `untold` is as much of `unknown` as falls to causes that are known here and that nothing speaks for yet.
    """

    suspects: tuple[Suspect, ...]
    unknown: float
    untold: float = 0.0


def posterior(
    knowledge: Knowledge, learned: Learned, case: Case, seen: Observed, also: Iterable[CauseId] = ()
) -> Posterior:
    """P(cause | everything observed) over the causes that anything observed speaks for, and those named `also`."""
    found = suspicion(knowledge, learned, case, seen, also)
    shares = chances(found, temper(knowledge, learned))
    suspects = map(Suspect, found.causes, found.weights, shares, _known(knowledge, case, found))
    ranked = sorted(suspects, key=attrgetter("probability"), reverse=True)  # stable: they come in order of their names
    unknown, is_mute = shares[-1], _is_mute(knowledge, seen)
    return Posterior(
        suspects=tuple(ranked),
        unknown=unknown,
        untold=unknown * _untold(priors(knowledge, learned, case.charger), ranked) if is_mute else 0.0,
    )


def _known(knowledge: Knowledge, case: Case, found: Suspicion) -> Iterable[tuple[Quirk, ...]]:
    """The quirks of each suspect; most chargers have none."""
    quirks = quirks_of(knowledge, case.charger)
    return (quirks.get(each.id, ()) for each in found.causes) if quirks else repeat(())


def _is_mute(knowledge: Knowledge, seen: Observed) -> bool:
    """Whether no code names a fault; one like OtherError, which comes with any trouble, says that there is one."""
    return all(report(knowledge, fault, trust).value < NAMES for fault, trust in seen.faults.items())


def _untold(before: Priors, suspects: Iterable[Suspect]) -> float:
    """Where the charger is mute: how much of what is left falls to known causes that nothing speaks for, 0..1.

    They are as common as they were. Who called all of it unknown here was sure of that whenever nothing was seen, and
    almost always wrong. Once a fault is named, the causes behind it are the suspects.
    """
    others = max(0.0, 1.0 - before.unknown_in_all - math.fsum(before.causes[each.cause.id] for each in suspects))
    return others / (others + before.unknown_in_all)


def outlook(knowledge: Knowledge, learned: Learned, case: Case, seen: Observed, found: Posterior) -> Posterior:
    """What a plan looks at: what was `found`; where a charger only says that it is in trouble, all causes in scope.

    Behind such a code may lie what no sign speaks for yet. Who plans for the suspects alone asks nothing about the
    others and hands the case over: in the plain world 56 % of these cases, and 26 % with all causes in view.
    """
    says_not_which = bool(case.codes) and not seen.faults
    return posterior(knowledge, learned, case, seen, knowledge.causes) if says_not_which else found
