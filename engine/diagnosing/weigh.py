"""Weights of evidence: how far each observation moves the odds of each cause, with leak, absence and groups.

The arithmetic is naive Bayes with leak (Heckerman & Breese), tempered because repeated telemetry is not independent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.odds import NO_TALLY, answers_of, odds
from chargelore.engine.diagnosing.wordfit import word_weight
from chargelore.kb.learned import Learned
from chargelore.kb.model import CHANCE, Cause, CauseId, EvidenceId, FaultId, Knowledge

FAULT_LEAK = 0.002  # three in ten also report another fault than the one that ails them, any of some 150
JOINT_LEAK = 0.005  # symptoms that a case rule joins rarely come together by chance
WORDS: EvidenceId = EvidenceId("words")


@dataclass(frozen=True, slots=True)
class Weight:
    """One observation counted for one cause: natural-log odds, and the cases behind it."""

    evidence: str
    group: str
    value: float
    cases: int = 0
    held: int = 0


@lru_cache(maxsize=4)
def causes_by_answer(knowledge: Knowledge) -> Mapping[tuple[EvidenceId, str], tuple[Cause, ...]]:
    """Which causes an answer speaks for; what a cause never shows brings it under no suspicion."""
    found: dict[tuple[EvidenceId, str], list[Cause]] = {}
    for cause in _standing(knowledge):
        for shown in dict.fromkeys((link.evidence, link.answer) for link in cause.shows if link.grade != "never"):
            found.setdefault(shown, []).append(cause)
    return {shown: tuple(causes) for shown, causes in found.items()}


@lru_cache(maxsize=4)
def causes_by_fault(knowledge: Knowledge) -> Mapping[FaultId, tuple[Cause, ...]]:
    """The causes that lie behind a fault."""
    found: dict[FaultId, list[Cause]] = {}
    for cause in _standing(knowledge):
        found.setdefault(cause.fault, []).append(cause)
    return {fault: tuple(causes) for fault, causes in found.items()}


def _standing(knowledge: Knowledge) -> Iterator[Cause]:
    """A deprecated cause is never suspected: its successor stands for it."""
    return (cause for cause in knowledge.causes.values() if cause.status != "deprecated")


def weights(knowledge: Knowledge, learned: Learned, cause: Cause, seen: Observed) -> tuple[Weight, ...]:
    """Every observation that speaks for or against the cause; in a group only the strongest is left."""
    found = (*_evidence(knowledge, learned, cause, seen), *_fault(cause, seen), *_words(knowledge, cause, seen))
    return _joined(_strongest(found), cause.id, seen)


def _evidence(knowledge: Knowledge, learned: Learned, cause: Cause, seen: Observed) -> Iterator[Weight]:
    leaks = odds(knowledge, learned).leaks
    for evidence_id in dict.fromkeys(link.evidence for link in cause.shows):
        evidence = knowledge.evidence.get(evidence_id)
        answer = seen.answers.get(evidence_id) or ("no" if evidence_id in seen.absent else None)
        if evidence is None or answer is None or answer not in evidence.answers:
            continue
        likely = answers_of(learned, cause, evidence)[answer]
        tally = learned.shown.get((cause.id, evidence_id, answer), NO_TALLY)
        value = math.log(likely / leaks[evidence_id, answer])
        yield Weight(evidence_id, evidence.group or evidence_id, value, tally.cases, tally.held)


def _fault(cause: Cause, seen: Observed) -> Iterator[Weight]:
    trust = seen.faults.get(cause.fault)
    if trust:
        yield Weight(f"fault:{cause.fault}", f"fault:{cause.fault}", math.log(max(trust, FAULT_LEAK) / FAULT_LEAK))


def is_report(weight: Weight) -> bool:
    """Whether it is a code by which the charger names the fault."""
    return weight.evidence.startswith("fault:")


def unknown_weight(knowledge: Knowledge, learned: Learned, seen: Observed) -> float:
    """How far all observations speak for a cause nobody wrote down: it gives each answer as often as all causes do."""
    rates = odds(knowledge, learned)
    groups: dict[str, float] = {}
    for evidence_id, answer in (*seen.answers.items(), *((each, "no") for each in seen.absent)):
        evidence = knowledge.evidence.get(evidence_id)
        if evidence is None or answer not in evidence.answers:
            continue
        value = math.log(rates.bases[evidence_id, answer] / rates.leaks[evidence_id, answer])
        group = evidence.group or evidence_id
        if abs(value) > abs(groups.get(group, 0.0)):
            groups[group] = value
    return sum(groups.values())


def _words(knowledge: Knowledge, cause: Cause, seen: Observed) -> Iterator[Weight]:
    value = word_weight(knowledge, cause.id, seen.words)
    if value > 0:
        yield Weight(WORDS, WORDS, value)


def _strongest(found: tuple[Weight, ...]) -> tuple[Weight, ...]:
    groups: dict[str, Weight] = {}
    for weight in found:
        known = groups.get(weight.group)
        if known is None or abs(weight.value) > abs(known.value):
            groups[weight.group] = weight
    return tuple(groups.values())


def _joined(single: tuple[Weight, ...], cause: CauseId, seen: Observed) -> tuple[Weight, ...]:
    """A case rule's joint statement replaces its single symptoms where it says more than they do together."""
    for end in seen.conclusions:
        if end.cause != cause:
            continue
        parts = [weight for weight in single if weight.evidence in end.facts]
        joint = math.log(CHANCE[end.grade] / JOINT_LEAK)
        if joint > sum(weight.value for weight in parts):
            rest = tuple(weight for weight in single if weight not in parts)
            single = (*rest, Weight(f"rule:{end.rule}", f"rule:{end.rule}", joint))
    return single
