"""Apart: which suspects look alike in what a charger can report, and the one observation that tells them apart. Pure.

Two causes look alike where no answer that can be had from the charger speaks clearly for one and against the other: the
odds between them are then those of before, whatever it says. What would split them is the answer that says most for its
minutes: a question to a person, a measurement, a layer that nobody listens to, or a signal that the model never sends.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Apart, How, Outcome, Split, Unasked
from chargelore.engine.diagnosing.lineup import Lineup, alike, lineup, voice
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.posterior import TIED, Posterior, Suspect
from chargelore.engine.diagnosing.scene import WALK
from chargelore.engine.diagnosing.temper import temper
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, Channel, Evidence, EvidenceId, Knowledge, Layer, Step

NEAR = 0.5  # of the first's chance; a look-alike that is no further behind may as well be it
FAR, EVEN = 0.25, 0.5  # the same for any cause where the first is less likely than all others together
MOST = 4  # suspects in one group
WAYS: Mapping[Channel, How] = {"signal": "listen", "asked": "ask", "measured": "measure"}
PEOPLE: Layer = "field"  # what is heard there was seen by somebody
# Minutes where no step says it: to lend an ear to another layer, or until a charger comes that does send it.
COST: Mapping[How, float] = {"ask": 30.0, "measure": 30.0, "listen": 30.0, "never-sent": 10_000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a charger can `report`, what it can never (with why), and what is `known` already."""

    reported: Collection[EvidenceId]
    never: Mapping[EvidenceId, str] = field(default_factory=dict)
    known: Collection[EvidenceId] = frozenset()


def apart(knowledge: Knowledge, learned: Learned, found: Posterior, seen: Observed, around: Around) -> Apart | None:
    """The suspects among which the first place cannot be given away yet, likeliest first; None where it can."""
    if not found.suspects or found.unknown > found.suspects[0].probability:
        return None
    rivals = _rivals(knowledge, learned, found, around)
    if not rivals:
        return None
    group = (found.suspects[0], *rivals[: MOST - 1])
    chances = {each.cause.id: each.probability for each in group}
    line = lineup(knowledge, learned, chances, temper(knowledge, learned))
    first, *others = line.voices.values()
    is_same = bool(around.reported) and all(alike(first, other, around.reported) for other in others)
    return Apart(
        causes=tuple(chances),
        labels=tuple(each.cause.label for each in group),
        more=len(rivals) - len(group) + 1,
        is_same_here=is_same and _is_reported_alike(group, seen),
        by=split(knowledge, line, around),
    )


def around_case(knowledge: Knowledge, case: Case, seen: Observed, unasked: Sequence[Unasked]) -> Around:
    """What the charger of a case can report on the layers that were heard."""
    never = {each.symptom: each.why for each in unasked}
    signals = (each for each in knowledge.evidence.values() if each.channel == "signal")
    heard = {each.id for each in signals if each.layer in case.layers and each.layer != PEOPLE}
    return Around(reported=heard - never.keys(), never=never, known=frozenset({*seen.answers, *seen.absent}))


def split(knowledge: Knowledge, line: Lineup, around: Around) -> Split | None:
    """The observation that says most for its minutes on which of these causes it is; None where nothing does.

    Two of its answers put different causes first: what only makes the first one surer splits nothing.
    """
    open_ones = (
        each for each in line.questions if each not in around.known and not _is_settled(knowledge, each, around)
    )
    found = (_Way.to(knowledge, each, around) for each in open_ones if line.is_clear(each))
    ways = sorted(found, key=lambda way: (line.told(way.evidence) / way.cost, way.evidence.id), reverse=True)
    best = next(
        (way for way in ways if len({each.cause for each in _outcomes(knowledge, line, way.evidence)}) > 1), None
    )
    if best is None:
        return None
    return Split(
        how=best.how,
        evidence=best.evidence.id,
        question=best.evidence.question,
        layer=best.evidence.layer if best.step is None else None,
        step=best.step.id if best.step else None,
        label=best.step.label if best.step else "",
        minutes=best.step.minutes if best.step else None,
        where=best.step.where if best.step else "",
        why=around.never.get(best.evidence.id, ""),
        outcomes=tuple(_outcomes(knowledge, line, best.evidence)),
    )


def _is_settled(knowledge: Knowledge, evidence: EvidenceId, around: Around) -> bool:
    """Whether a person was asked the same in other words."""
    group = knowledge.evidence[evidence].group
    told = (knowledge.evidence[each] for each in around.known if each in knowledge.evidence)
    by_people = (each for each in told if each.channel != "signal" or each.layer == PEOPLE)
    return bool(group) and any(each.group == group for each in by_people)


@dataclass(frozen=True, slots=True)
class _Way:
    """How one comes by an answer: the quickest step that asks or measures, another layer, or never on this model."""

    evidence: Evidence
    how: How
    step: Step | None = None

    @classmethod
    def to(cls, knowledge: Knowledge, name: EvidenceId, around: Around) -> _Way:
        evidence, steps = knowledge.evidence[name], _asking(knowledge).get(name, ())
        if steps:
            return cls(evidence, WAYS[evidence.channel], steps[0])
        if name in around.never:
            return cls(evidence, "never-sent")
        return cls(evidence, "ask" if evidence.layer == PEOPLE else WAYS[evidence.channel])

    @property
    def cost(self) -> float:
        """In minutes."""
        if self.step is not None:
            return 1.0 + _minutes(self.step)
        return COST[self.how]


def _rivals(knowledge: Knowledge, learned: Learned, found: Posterior, around: Around) -> list[Suspect]:
    """Those that may as well be it as the first suspect."""
    first, *others = found.suspects
    own = voice(knowledge, learned, first.cause.id)

    def is_rival(other: Suspect) -> bool:
        if other.probability > first.probability * TIED:
            return True
        if other.probability >= first.probability * FAR and _is_told_alike(first, other):
            return True
        is_near = other.probability >= first.probability * NEAR
        return is_near and alike(own, voice(knowledge, learned, other.cause.id), around.reported)

    rivals = [each for each in others if is_rival(each)]
    if not rivals and first.probability < EVEN:
        return [each for each in others if each.probability >= first.probability * FAR]
    return rivals


def _is_told_alike(one: Suspect, other: Suspect) -> bool:
    """Whether what was observed says no more for one than for the other: only how common they are parts them."""
    told = [math.fsum(weight.value for weight in each.weights) for each in (one, other)]
    return told[0] - told[1] < -math.log(TIED)


def _is_reported_alike(group: Sequence[Suspect], seen: Observed) -> bool:
    """Whether the codes of the charger name the faults of all of them, or of none."""
    return len({seen.faults.get(each.cause.fault, 0.0) for each in group}) == 1


def _outcomes(knowledge: Knowledge, line: Lineup, evidence: Evidence) -> Iterator[Outcome]:
    """What each answer makes the likeliest of these causes."""
    for answer, shares in line.after(evidence):
        cause: CauseId = max(shares, key=shares.__getitem__)
        yield Outcome(answer, cause, knowledge.causes[cause].label, round(shares[cause] / sum(shares.values()), 4))


@lru_cache(maxsize=4)
def _asking(knowledge: Knowledge) -> Mapping[EvidenceId, tuple[Step, ...]]:
    """The steps that answer an evidence, quickest first."""
    found: dict[EvidenceId, list[Step]] = {}
    for step in sorted(knowledge.steps.values(), key=lambda each: (_minutes(each), each.id)):
        for evidence in step.answers if step.status != "deprecated" else ():
            found.setdefault(evidence, []).append(step)
    return {each: tuple(steps) for each, steps in found.items()}


def _minutes(step: Step) -> float:
    return step.minutes + WALK[step.where]
