"""Weights of evidence: how far each observation moves the odds of each cause, with leak, absence and groups.

The arithmetic is naive Bayes with leak (Heckerman & Breese), tempered because repeated telemetry is not independent.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache, reduce

from chargelore.engine.diagnosing.roll import Place
from chargelore.engine.diagnosing.table import Said, Table, Weight
from chargelore.engine.firing import Conclusion
from chargelore.kb.model import CHANCE, EvidenceId, FaultId, Knowledge

FAULT_LEAK = 0.002  # three in ten also report another fault than the one that ails them, any of some 150
JOINT_LEAK = 0.005  # symptoms that a case rule joins rarely come together by chance
WORDS: EvidenceId = EvidenceId("words")
ANSWER = "answer:"  # before the event of a maker's answer


Weighed = dict[Place, tuple[Weight, ...]]


def answered(table: Table, heard: Iterable[Said], absent: Collection[EvidenceId], places: Iterable[Place]) -> Weighed:
    """What was heard, and all that was looked for in vain, say of these causes; of a group only the strongest.

    The answers look for their causes and not the causes for theirs: a case knows few answers, a cause many.
    """
    found: Weighed = dict.fromkeys(places, ())
    for said in heard:
        for place, weight in zip(said.places, said.weights):  # noqa: B905  # one length, and this is the innermost loop
            if place in found:
                found[place] += (weight,)
    for place in found if absent else ():
        found[place] += tuple(weight for weight in table.missed[place] if weight.evidence in absent)
    for place in table.grouped.intersection(found):
        found[place] = _strongest(found[place])
    return found


def witnessed(found: Weighed, words: Mapping[Place, float], ends: Mapping[Place, Sequence[Conclusion]]) -> Weighed:
    """Those of them for which the words of a report speak, or what case rules joined, with what these are worth."""
    told = {place: (*found[place], Weight(WORDS, WORDS, words[place])) for place in words.keys() & found.keys()}
    joined = ends.keys() & found.keys()
    return told | {place: reduce(_joined, ends[place], told.get(place, found[place])) for place in joined}


@lru_cache(maxsize=256)
def report(knowledge: Knowledge, fault: FaultId, trust: float) -> Weight:
    """A code by which the charger itself names the fault, as a weight; `trust` is 0 to 0.9."""
    leak = leak_of(knowledge, fault)
    return Weight(f"fault:{fault}", f"fault:{fault}", math.log(max(trust, leak) / leak))


def leak_of(knowledge: Knowledge, fault: FaultId) -> float:
    """How often a charger reports the fault while another one ails it; a case may know one that is gone."""
    known = knowledge.faults.get(fault)
    return FAULT_LEAK if known is None or known.leak is None else CHANCE[known.leak]


def unlisted_weight(heard: Iterable[Said]) -> float:
    """How far all observations speak for a cause nobody wrote down."""
    groups: dict[str, float] = {}
    for said in heard:
        if abs(said.unlisted) > abs(groups.get(said.group, 0.0)):
            groups[said.group] = said.unlisted
    return math.fsum(groups.values())


def _strongest(told: Iterable[Weight]) -> tuple[Weight, ...]:
    groups: dict[str, Weight] = {}
    for weight in sorted(told):
        known = groups.setdefault(weight.group, weight)
        if abs(weight.value) > abs(known.value):
            groups[weight.group] = weight
    return tuple(groups.values())


def _joined(single: tuple[Weight, ...], end: Conclusion) -> tuple[Weight, ...]:
    """A case rule's joint statement replaces its single symptoms where it says more than they do together."""
    parts = [weight for weight in single if weight.evidence in end.facts]
    joint = math.log(CHANCE[end.grade] / JOINT_LEAK)
    if joint <= math.fsum(weight.value for weight in parts):
        return single
    rest = (weight for weight in single if weight not in parts)
    return (*rest, Weight(f"rule:{end.rule}", f"rule:{end.rule}", joint))
