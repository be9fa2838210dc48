"""Weights of evidence: how far each observation moves the odds of each cause, with leak, absence and groups.

The arithmetic is naive Bayes with leak (Heckerman & Breese), tempered because repeated telemetry is not independent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chargelore.engine.observed import Observed
from chargelore.engine.wordfit import word_weight
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import AUTHOR_WORTH, CHANCE, Cause, CauseId, Evidence, EvidenceId, FaultId, Knowledge, Shows

FAULT_LEAK = 0.02
JOINT_LEAK = 0.005  # symptoms that a case rule joins rarely come together by chance
WORDS: EvidenceId = EvidenceId("words")
NO_TALLY = Tally()


@dataclass(frozen=True, slots=True)
class Weight:
    """One observation counted for one cause: natural-log odds, and the cases behind it."""

    evidence: str
    group: str
    value: float
    cases: int = 0
    held: int = 0


@lru_cache(maxsize=4)
def causes_by_evidence(knowledge: Knowledge) -> Mapping[EvidenceId, tuple[Cause, ...]]:
    """Which causes a piece of evidence can speak for; what a cause never shows brings it under no suspicion."""
    found: dict[EvidenceId, list[Cause]] = {}
    for cause in _standing(knowledge):
        for evidence in dict.fromkeys(link.evidence for link in cause.shows if link.grade != "never"):
            found.setdefault(evidence, []).append(cause)
    return {evidence: tuple(causes) for evidence, causes in found.items()}


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


def chance(learned: Learned, cause: Cause, link: Shows) -> float:
    """P(answer | cause): the author's grade, worth six cases, plus what findings counted."""
    tally = learned.shown.get((cause.id, link.evidence, link.answer), NO_TALLY)
    yes, total = AUTHOR_WORTH * CHANCE[link.grade] + tally.yes, AUTHOR_WORTH + tally.yes + tally.no
    return min(0.98, max(0.01, yes / total))


def leak(evidence: Evidence, answer: str) -> float:
    """P(answer) when no linked cause is at work: graded for yes and no, even among several answers."""
    if evidence.answers != ("yes", "no"):
        return 1 / len(evidence.answers)
    base = CHANCE[evidence.leak]
    return base if answer == "yes" else 1 - base


def answer_chance(learned: Learned, cause: Cause, evidence: Evidence, answer: str) -> float | None:
    """P(answer | cause) for any answer of the evidence, or None when the cause says nothing of it."""
    links = {link.answer: link for link in cause.shows if link.evidence == evidence.id}
    if not links:
        return None
    if answer in links:
        return chance(learned, cause, links[answer])
    left = 1 - sum(chance(learned, cause, link) for link in links.values())
    return max(0.01, left / max(1, len(evidence.answers) - len(links)))


def _evidence(knowledge: Knowledge, learned: Learned, cause: Cause, seen: Observed) -> Iterator[Weight]:
    for evidence_id in dict.fromkeys(link.evidence for link in cause.shows):
        evidence = knowledge.evidence.get(evidence_id)
        answer = seen.answers.get(evidence_id) or ("no" if evidence_id in seen.absent else None)
        if evidence is None or answer is None or answer not in evidence.answers:
            continue
        likely = answer_chance(learned, cause, evidence, answer)
        assert likely is not None  # noqa: S101  # the loop runs over the cause's own links
        tally = learned.shown.get((cause.id, evidence_id, answer), NO_TALLY)
        value = math.log(likely / leak(evidence, answer))
        yield Weight(evidence_id, evidence.group or evidence_id, value, tally.cases, tally.held)


def _fault(cause: Cause, seen: Observed) -> Iterator[Weight]:
    trust = seen.faults.get(cause.fault)
    if trust:
        yield Weight(f"fault:{cause.fault}", f"fault:{cause.fault}", math.log(max(trust, FAULT_LEAK) / FAULT_LEAK))


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
