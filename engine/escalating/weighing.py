"""Weighing: of a packet, what is suspected and why, what was ruled out and how, what would have decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chargelore.engine.diagnosing.diagnose import reason
from chargelore.engine.diagnosing.diagnosis import Hypothesis
from chargelore.engine.diagnosing.posterior import Suspect
from chargelore.engine.escalating.deciding import Telling
from chargelore.engine.escalating.desk import Desk
from chargelore.engine.escalating.packet import Deciding, RuledOut, Suspected, Weighed
from chargelore.kb.model import EvidenceId

RULED_OUT = 0.02  # a chance below which a cause that was suspected is out, if something speaks against it
AGAINST = 3.0  # points from which that is clear
MOST_OUT, MOST_HOW, MOST_DECIDING = 20, 3, 10


def weighed(desk: Desk, tellings: Iterable[Telling]) -> Weighed:
    """What the case comes down to, as far as it may be named."""
    found = desk.diagnosis.hypotheses
    named = [each for each in found if desk.names(each.cause)]
    return Weighed(
        suspects=tuple(_suspected(desk, each) for each in named),
        ruled_out=tuple(_ruled_out(desk))[:MOST_OUT],
        deciding=tuple(_deciding(each) for each in tellings)[:MOST_DECIDING],
        withheld=len(found) - len(named),
    )


def _suspected(desk: Desk, each: Hypothesis) -> Suspected:
    return Suspected(
        cause=each.cause,
        label=each.cause_label,
        fault=each.label,
        responsible=each.responsible,
        probability=each.probability,
        because=tuple(filter(desk.says, each.because)),
        against=tuple(filter(desk.says, each.against)),
    )


def _ruled_out(desk: Desk) -> Iterator[RuledOut]:
    """What something spoke for, and more against; those that had most for them first."""
    shown = {each.cause for each in desk.diagnosis.hypotheses if each.probability >= RULED_OUT}
    low = [each for each in desk.suspects() if each.cause.id not in shown]
    for each in sorted(low, key=lambda one: (-_for(one), one.cause.id)):
        if how := tuple(_how(desk, each))[:MOST_HOW]:
            yield RuledOut(cause=each.cause.id, label=each.cause.label, how=how)


def _for(suspect: Suspect) -> float:
    return sum(each.value for each in suspect.weights if each.value > 0)


def _how(desk: Desk, suspect: Suspect) -> Iterator[str]:
    """What was tried in vain, and what clearly speaks against it."""
    for name in desk.case.tried:
        step = desk.knowledge.steps.get(name)
        if step is not None and desk.shows(step) and any(each.cause == suspect.cause.id for each in step.fixes):
            yield f"tried in vain: {step.label}"
    told = [reason(desk.knowledge, desk.learned, each) for each in suspect.weights if each.value < 0]
    for one in sorted(told, key=lambda each: (each.points, each.evidence)):
        if -one.points >= AGAINST and desk.says(one):
            yield f"{one.strength}: {one.text} — {desk.seen.answers.get(EvidenceId(one.evidence), 'not seen')}"


def _deciding(each: Telling) -> Deciding:
    return Deciding(
        evidence=each.evidence.id,
        question=each.evidence.question,
        layer=each.evidence.layer,
        why=each.why,
        bits=round(each.bits, 2),
        splits=tuple(one.cause.label for one in each.suspects),
        for_maker=each.is_for_maker,
    )
