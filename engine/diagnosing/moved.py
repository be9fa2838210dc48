"""Moved: how far findings made a cause more or less common than its authors thought, before anything was seen. Pure."""

from __future__ import annotations

import math

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.prior import priors
from chargelore.kb.learned import NOTHING_LEARNED, Learned, Tally
from chargelore.kb.model import Cause, Knowledge

FINDINGS = "findings"  # as evidence of a reason
MORE = "findings name it more often than its authors thought"
BY_FAULT = "findings name its fault more often than its authors thought"
LESS = "findings name other causes more often"
LEAST = math.log(10) / 20  # half a point; less moves nothing that a person would see


def moved(knowledge: Knowledge, learned: Learned, charger: Charger, cause: Cause) -> float:
    """The log odds by which findings moved how common a cause is on such a charger; 0 where that is next to nothing."""
    if not learned.cases:
        return 0.0
    before = priors(knowledge, NOTHING_LEARNED, charger).causes.get(cause.id, 0.0)
    after = priors(knowledge, learned, charger).causes.get(cause.id, 0.0)
    by = _log_odds(after) - _log_odds(before) if 0 < before < 1 and 0 < after < 1 else 0.0
    return by if abs(by) >= LEAST else 0.0


def in_words(learned: Learned, cause: Cause, by: float) -> tuple[str, str]:
    """What findings say, and on how many of all that rests: on those of the cause, else on those of its fault."""
    own = learned.causes.get((cause.fault, cause.id), Tally())
    if by < 0 or own.cases:
        return MORE if by > 0 else LESS, f"{own.cases} of {learned.cases} cases, {own.held} held"
    alike = [each for (fault, _), each in learned.causes.items() if fault == cause.fault]
    cases, held = sum(each.cases for each in alike), sum(each.held for each in alike)
    return BY_FAULT, f"{cases} of {learned.cases} cases, {held} held"


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))
