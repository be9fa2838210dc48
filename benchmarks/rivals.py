"""Rivals: other ways to rank causes for the same cases, and the truth as the ceiling.

Each gives chances by cause, with NOT_KNOWN for "not in this knowledge base" where the way has a word for it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from world_cases import Seen, looked_at
from worlds import FAULTS, OPAQUE, WRONG_CODE, World

from chargelore.kb.learned import Learned
from chargelore.kb.model import AUTHOR_WORTH, CHANCE, Cause, CauseId, EvidenceId, FaultId

NOT_KNOWN = CauseId("not-known")
NEIGHBOURS = 15
Chances = Mapping[CauseId, float]
Ranker = Callable[[Seen], Chances]


class Past(NamedTuple):
    """A confirmed case as the nearest-neighbour ranker keeps it."""

    cause: CauseId
    fault: FaultId | None
    signs: Mapping[EvidenceId, str]


def summed_scores(world: World) -> Ranker:
    """What a decision table does: the grades of all signs that are there, summed."""
    causes = world.knowledge.causes.values()

    def rank(one: Seen) -> Chances:
        there = _there(world, one)
        scores = {cause.id: _sum(cause, there) for cause in _suspected(causes, one)}
        return _shares(scores)

    return rank


def _sum(cause: Cause, there: frozenset[EvidenceId]) -> float:
    return CHANCE[cause.prior] + sum(CHANCE[link.grade] for link in cause.shows if link.evidence in there)


def nearest(world: World, past: Iterable[Past]) -> Ranker:
    """k nearest confirmed cases by the share of signs on which they agree, voting by likeness."""
    known = list(past)

    def rank(one: Seen) -> Chances:
        signs = dict(looked_at(world, one))
        there = {sign for sign, said in signs.items() if said == "yes"}
        alike = sorted(((_likeness(one, there, signs, each), each.cause) for each in known), key=lambda each: -each[0])
        votes: defaultdict[CauseId, float] = defaultdict(float)
        for weight, cause in alike[:NEIGHBOURS]:
            votes[cause] += weight**2
        return _shares(votes)

    return rank


def _likeness(one: Seen, there: set[EvidenceId], signs: Mapping[EvidenceId, str], past: Past) -> float:
    """Jaccard of the signs that are there, among those that both have looked for; the same fault counts as much."""
    theirs = {sign for sign, said in past.signs.items() if said == "yes" and sign in signs}
    ours = {sign for sign in there if sign in past.signs}
    both = len(theirs | ours)
    same_fault = past.fault is not None and past.fault == one.trouble.reported
    return 0.01 + (len(theirs & ours) / both if both else 0.0) + (1.0 if same_fault else 0.0)


def present_only(world: World, learned: Learned) -> Ranker:
    """Naive Bayes on the same grades and counts that leaves out what was looked for in vain."""
    causes = world.knowledge.causes.values()

    def rank(one: Seen) -> Chances:
        there = _there(world, one)
        suspected = list(_suspected(causes, one))
        worth = max(10.0, 1.5 * len(suspected))
        whole = sum(CHANCE[each.prior] for each in suspected)
        scores = {}
        for cause in suspected:
            tally = learned.causes.get((cause.fault, cause.id))
            prior = worth * CHANCE[cause.prior] / whole + (tally.yes if tally else 0.0)
            scores[cause.id] = math.log(prior) + sum(_for(world, learned, cause, sign) for sign in there)
        return _softmax(scores)

    return rank


def _for(world: World, learned: Learned, cause: Cause, sign: EvidenceId) -> float:
    link = next((each for each in cause.shows if each.evidence == sign), None)
    if link is None:
        return 0.0
    tally = learned.shown.get((cause.id, sign, "yes"))
    yes, no = (tally.yes, tally.no) if tally else (0.0, 0.0)
    likely = (AUTHOR_WORTH * CHANCE[link.grade] + yes) / (AUTHOR_WORTH + yes + no)
    return math.log(likely / CHANCE[world.knowledge.evidence[sign].leak])


def truth(world: World) -> Ranker:
    """The true chances of every cause, sign and code, also of causes nobody wrote down; signs as if independent."""
    known = world.truth
    base = {sign: (math.log(chance), math.log(1 - chance)) for sign, chance in known.base.items()}

    def rank(one: Seen) -> Chances:
        signs = dict(looked_at(world, one))
        scores = {}
        for cause, prior in known.prior[one.trouble.vendor].items():
            score = math.log(prior) + math.log(_code_chance(known.fault[cause], one.trouble.reported))
            for sign, chance in known.marginal[cause].items():
                if sign in signs:
                    is_no = signs[sign] == "no"
                    score += math.log(1 - chance if is_no else chance) - base[sign][is_no]
            scores[cause] = score
        chances = _softmax(scores)
        written = {cause: chance for cause, chance in chances.items() if cause not in known.unwritten}
        return written | {NOT_KNOWN: 1 - sum(written.values())}

    return rank


def _code_chance(fault: FaultId, reported: FaultId | None) -> float:
    if reported is None:
        return OPAQUE
    stray = WRONG_CODE / FAULTS
    return (1 - OPAQUE) * (1 - WRONG_CODE + stray if reported == fault else stray)


def _there(world: World, one: Seen) -> frozenset[EvidenceId]:
    return frozenset(sign for sign, said in looked_at(world, one) if said == "yes")


def _suspected(causes: Iterable[Cause], one: Seen) -> Iterable[Cause]:
    """The causes behind the reported fault; all of them where the charger does not say."""
    kin = [cause for cause in causes if cause.fault == one.trouble.reported]
    return kin or causes


def _shares(scores: Mapping[CauseId, float]) -> Chances:
    whole = sum(scores.values()) or 1.0
    return {cause: score / whole for cause, score in scores.items()}


def _softmax(scores: Mapping[CauseId, float]) -> Chances:
    top = max(scores.values())
    raw = {cause: math.exp(score - top) for cause, score in scores.items()}
    return _shares(raw)
