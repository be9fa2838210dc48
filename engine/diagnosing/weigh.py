"""Weights of evidence: how far each observation moves the odds of each cause, with leak, absence and groups.

The arithmetic is naive Bayes with leak (Heckerman & Breese), tempered because repeated telemetry is not independent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.table import Table, Weight
from chargelore.engine.firing import Conclusion
from chargelore.kb.model import CHANCE, CauseId, EvidenceId, FaultId, Knowledge

FAULT_LEAK = 0.002  # three in ten also report another fault than the one that ails them, any of some 150
JOINT_LEAK = 0.005  # symptoms that a case rule joins rarely come together by chance
WORDS: EvidenceId = EvidenceId("words")
ANSWER = "answer:"  # before the event of a maker's answer


NOBODY: Mapping[CauseId, Weight] = {}
Weighed = dict[CauseId, list[Weight]]


def weighed(
    table: Table,
    seen: Observed,
    names: Iterable[CauseId],
    words: Mapping[CauseId, float],
    ends: Mapping[CauseId, Sequence[Conclusion]],
) -> Weighed:
    """Every observation that speaks for or against these causes, but for the charger's own report.

    `words` are what the words of a report are worth for each cause, `ends` what case rules joined for it.
    """
    found = _answered(table, seen, names)
    for name in words.keys() & found.keys():
        found[name].append(Weight(WORDS, WORDS, words[name]))
    for name in ends.keys() & found.keys():
        found[name] = reduce(_joined, ends[name], found[name])
    return found


def report(knowledge: Knowledge, fault: FaultId, trust: float) -> Weight:
    """A code by which the charger itself names the fault, as a weight; `trust` is 0 to 0.9."""
    leak = leak_of(knowledge, fault)
    return Weight(f"fault:{fault}", f"fault:{fault}", math.log(max(trust, leak) / leak))


def leak_of(knowledge: Knowledge, fault: FaultId) -> float:
    """How often a charger reports the fault while another one ails it; a case may know one that is gone."""
    known = knowledge.faults.get(fault)
    return FAULT_LEAK if known is None or known.leak is None else CHANCE[known.leak]


def unlisted_weight(table: Table, seen: Observed) -> float:
    """How far all observations speak for a cause nobody wrote down."""
    groups: dict[str, float] = {}
    said = {**dict.fromkeys(seen.absent, "no"), **seen.answers} if seen.absent else seen.answers
    for group, value in filter(None, map(table.unlisted.get, said.items())):
        if abs(value) > abs(groups.get(group, 0.0)):
            groups[group] = value
    return math.fsum(groups.values())


def _answered(table: Table, seen: Observed, names: Iterable[CauseId]) -> Weighed:
    """What all answers, and all that was looked for in vain, say of these causes; of a group only the strongest.

    The answers look for their causes and not the causes for theirs: a case knows few answers, a cause many.
    """
    found: Weighed = {name: [] for name in names}
    for answer in sorted(seen.answers.items()):  # in one order, so that sums are the same to the last digit
        for name, weight in table.said.get(answer, NOBODY).items():
            told = found.get(name)
            if told is not None:
                told.append(weight)
    if seen.absent:
        for name, some in found.items():
            some += [weight for weight in table.missed[name] if weight.evidence in seen.absent]
    for name in table.grouped.intersection(found):
        found[name] = _strongest(found[name])
    return found


def _strongest(told: Iterable[Weight]) -> list[Weight]:
    groups: dict[str, Weight] = {}
    for weight in sorted(told):
        known = groups.setdefault(weight.group, weight)
        if abs(weight.value) > abs(known.value):
            groups[weight.group] = weight
    return list(groups.values())


def _joined(single: list[Weight], end: Conclusion) -> list[Weight]:
    """A case rule's joint statement replaces its single symptoms where it says more than they do together."""
    parts = [weight for weight in single if weight.evidence in end.facts]
    joint = math.log(CHANCE[end.grade] / JOINT_LEAK)
    if joint <= math.fsum(weight.value for weight in parts):
        return single
    rest = (weight for weight in single if weight not in parts)
    return [*rest, Weight(f"rule:{end.rule}", f"rule:{end.rule}", joint)]
