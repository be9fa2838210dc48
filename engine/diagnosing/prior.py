"""Prior: how likely each cause is on this very charger before anything was looked at. Pure.

First how common its fault is, then how common the cause is behind that fault. Both begin with the authors and take in
what findings counted: everywhere, then with this maker, this model, this firmware; each narrower count outweighs the
wider one as it grows.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.known import quirk_factor, quirks_of
from chargelore.engine.diagnosing.roll import Place, roll
from chargelore.engine.scope import Fit, fit
from chargelore.kb.counts import UNLISTED, levels
from chargelore.kb.learned import Learned
from chargelore.kb.model import CHANCE, EVERYWHERE, Cause, CauseId, FaultId, Knowledge, Quirk

UNKNOWN_PRIOR = 0.08  # of all troubles, until findings say otherwise
LEAST_WORTH = 10.0  # cases
SCOPE_FACTOR: Mapping[Fit, float] = {"inside": 3.0, "general": 1.0, "unsure": 0.4, "outside": 0.0}

Name = TypeVar("Name", FaultId, CauseId)
Counts = Mapping[FaultId, Mapping[CauseId, float]]
NOWHERE: Counts = {}


@dataclass(frozen=True, slots=True)
class Priors:
    """Chances of the causes, and by fault the chance that a cause nobody wrote down lies behind it; one in all.

    `logs` are the natural logarithms of `causes` by their places; what stands `outside` is not in scope.
    """

    causes: Mapping[CauseId, float]
    logs: Sequence[float]
    outside: frozenset[Place]
    unknown: Mapping[FaultId, float]
    unknown_in_all: float
    faults: Mapping[FaultId, float]


def priors(knowledge: Knowledge, learned: Learned, charger: Charger) -> Priors:
    """Before anything was looked at, on a charger of this maker, model and firmware."""
    return _priors(knowledge, learned, charger.vendor, charger.model, charger.firmware)


@lru_cache(maxsize=256)
def _priors(knowledge: Knowledge, learned: Learned, vendor: str, model: str, firmware: str) -> Priors:
    found = _counts_at(learned)
    here = [found.get(level, NOWHERE) for level in levels(vendor, model, firmware)]
    behind = _behind(knowledge, Charger(id="", vendor=vendor, model=model, firmware=firmware))
    faults = _faults(behind, here)
    causes: dict[CauseId, float] = {}
    unknown: dict[FaultId, float] = {}
    for fault, shares in behind.items():
        within = _blended(_with_unlisted(shares), [counts.get(fault, {}) for counts in here])
        unknown[fault] = faults[fault] * within.pop(UNLISTED)
        causes.update((cause, faults[fault] * share) for cause, share in within.items())
    order = roll(knowledge).causes
    logs = array("d", (math.log(causes.get(each.id, 1.0)) for each in order))
    outside = frozenset(place for place, each in enumerate(order) if each.id not in causes)
    return Priors(causes, logs, outside, unknown, sum(unknown.values()) or UNKNOWN_PRIOR, faults)


@lru_cache(maxsize=8)
def _counts_at(learned: Learned) -> Mapping[str, Counts]:
    """Findings by level, fault and cause."""
    found: defaultdict[str, defaultdict[FaultId, dict[CauseId, float]]] = defaultdict(lambda: defaultdict(dict))
    for (fault, cause), tally in learned.causes.items():
        found[""][fault][cause] = tally.yes
    for (fault, cause, level), tally in learned.scoped.items():
        found[level][fault][cause] = tally.yes
    return found


def _behind(knowledge: Knowledge, charger: Charger) -> dict[FaultId, dict[CauseId, float]]:
    """By fault, how common the authors think each of its causes is; what is out of scope is left out."""
    found: defaultdict[FaultId, dict[CauseId, float]] = defaultdict(dict)
    quirks = quirks_of(knowledge, charger)
    for cause in knowledge.causes.values():
        if cause.status != "deprecated" and (local := _local(cause, charger, quirks.get(cause.id, ()))) > 0:
            found[cause.fault][cause.id] = CHANCE[cause.prior] * local
    return found


def _local(cause: Cause, charger: Charger, quirks: tuple[Quirk, ...]) -> float:
    """How much likelier this very charger makes the cause; its scope and a quirk may tell the same, so one counts."""
    scoped = 1.0 if cause.scope == EVERYWHERE else SCOPE_FACTOR[fit(cause.scope, charger)]
    return max(scoped, quirk_factor(quirks)) if scoped >= 1 else scoped


def _with_unlisted(shares: Mapping[CauseId, float]) -> dict[CauseId, float]:
    whole = sum(shares.values())
    return {cause: (1 - UNKNOWN_PRIOR) * share / whole for cause, share in shares.items()} | {UNLISTED: UNKNOWN_PRIOR}


def _faults(behind: Mapping[FaultId, Mapping[CauseId, float]], here: Sequence[Counts]) -> dict[FaultId, float]:
    """How common each fault is: to begin with, as common as its causes are many and frequent."""
    whole = sum(sum(shares.values()) for shares in behind.values())
    authors = {fault: sum(shares.values()) / whole for fault, shares in behind.items()}
    return _blended(authors, [{fault: sum(counts.get(fault, {}).values()) for fault in authors} for counts in here])


def _blended(authors: Mapping[Name, float], here: Sequence[Mapping[Name, float]]) -> dict[Name, float]:
    """Shares that add up to one: the authors' are worth max(10, 1.5 k) cases, those of a wider level max(10, 3 k)."""
    shares, worth = dict(authors), max(LEAST_WORTH, 1.5 * len(authors))
    for counts in here:
        whole = worth + sum(counts.get(each, 0.0) for each in shares)
        shares = {each: (worth * share + counts.get(each, 0.0)) / whole for each, share in shares.items()}
        worth = max(LEAST_WORTH, 3.0 * len(shares))
    return shares
