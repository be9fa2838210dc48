"""Temper: how far the observations of a case may be believed together, fitted on confirmed findings. Pure.

Signals repeat one another, so their weights add up to more than they are worth. One exponent on all of them mends it
(measured: the better the telemetry, the smaller). It is fitted on findings that the counts it judges have not seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.known import standing
from chargelore.engine.diagnosing.observed import CONFIDENCE_TRUST, RELATION_TRUST, Observed
from chargelore.engine.diagnosing.suspicion import Suspicion, chances, suspected
from chargelore.kb.counts import UNLISTED
from chargelore.kb.finding import UNKNOWN, Finding
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, Knowledge

TEMPER = 0.85  # measured: 0.75 to 0.9 until confirmed cases allow a fit
SPREAD = 0.12  # how sure that is, as a standard deviation
STEPS = tuple(each / 20 for each in range(5, 23))  # 0.25 to 1.1
LEAST = 1e-6
FEWEST = 10  # confirmed findings
REPORTED = RELATION_TRUST["exact"] * CONFIDENCE_TRUST["medium"]
MISTAKEN = 0.1  # of the findings name a wrong cause, one that looks somewhat like the right one


@lru_cache(maxsize=8)
def temper(knowledge: Knowledge, learned: Learned) -> float:
    """The exponent under which the confirmed findings are likeliest; TEMPER where there are few."""
    judges = list(_judges(knowledge, learned))
    if len(judges) < FEWEST:
        return TEMPER
    return max(STEPS, key=lambda each: (_likelihood(each, judges), each))


Judge = tuple[Suspicion, int, float]


def _judges(knowledge: Knowledge, learned: Learned) -> Iterator[Judge]:
    """Confirmed findings as suspicions that were held before them, where the real cause stands in each, its weight."""
    before = learned.without or learned
    for proof in learned.proofs:
        finding = proof.finding
        real = UNLISTED if finding.unlisted else _standing(knowledge, finding)
        made = finding.charger
        charger = Charger(id="", vendor=made.vendor, model=made.model, firmware=made.firmware)
        found = suspected(knowledge, before, charger, _observed(finding))
        names = [*(each.id for each in found.causes), UNLISTED]
        if real in names and len(names) > 1:
            yield found, names.index(real), proof.weight


def _standing(knowledge: Knowledge, finding: Finding) -> CauseId | None:
    cause = standing(knowledge, CauseId(finding.cause))
    return cause.id if cause else None


def _observed(finding: Finding) -> Observed:
    """What was seen then: the answers, and the fault where a code told of it."""
    answers = {each: said for each, said in finding.evidence.items() if said != UNKNOWN}
    faults = {finding.fault: REPORTED} if finding.codes else {}
    return Observed(answers=answers, absent=frozenset(), faults=faults, conclusions=(), words=frozenset())


def _likelihood(temper: float, judges: list[Judge]) -> float:
    """Log likelihood of the confirmed causes, beside what is expected before anything was confirmed."""
    told = sum(weight * math.log(_named(found, temper, real)) for found, real, weight in judges)
    return told - ((temper - TEMPER) / SPREAD) ** 2 / 2


def _named(found: Suspicion, temper: float, real: int) -> float:
    """The chance that a technician names this cause, right or mistaken."""
    return (1 - MISTAKEN) * chances(found, temper)[real] + MISTAKEN * max(LEAST, chances(found, STEPS[0])[real])
