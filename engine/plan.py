"""Plan: the cheapest next steps: repairs by chance over minutes, questions by the minutes that they save.

One-step value of information with the repair sequence p/c as the cost to go (Jensen et al., SACSO); a step is offered
only while its chance of a cure is worth its minutes against handing the case to the maker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chargelore.engine.case import Case
from chargelore.engine.diagnosis import NextStep
from chargelore.engine.posterior import Posterior, Suspect
from chargelore.engine.weigh import answer_chance, leak
from chargelore.kb.learned import Learned, Tally
from chargelore.kb.model import (
    AUTHOR_WORTH,
    CHANCE,
    Cause,
    CauseId,
    Evidence,
    EvidenceId,
    FaultId,
    Grade,
    Knowledge,
    Step,
    StepId,
)

ESCALATION_MINUTES = 600.0  # what handing over to the maker costs, in technician minutes
MOST_SUSPECTS = 12
MOST_STEPS = 3
WALK: Mapping[str, float] = {"remote": 0.0, "desk": 0.0, "at-charger": 5.0, "cabinet": 10.0}

Chances = Mapping[CauseId, float]


@dataclass(frozen=True, slots=True)
class Option:
    """A step under consideration, what ranks it among its like, and the causes it separates or cures."""

    step: Step
    gain: float
    causes: tuple[CauseId, ...]


def next_steps(knowledge: Knowledge, learned: Learned, case: Case, odds: Posterior) -> tuple[NextStep, ...]:
    """At most three steps, best first; empty when no step is worth its minutes."""
    suspects = odds.suspects[:MOST_SUSPECTS]
    chances = {each.cause.id: each.probability for each in suspects}
    open_steps = [step for step in _steps_for(knowledge, suspects) if step.id not in case.tried]
    asked = sorted(
        _questions(knowledge, learned, case, suspects, open_steps), key=lambda each: (-each.gain, each.step.id)
    )
    mended = sorted(_repairs(learned, open_steps, chances), key=lambda each: (-each.gain, each.step.id))
    ranked = [*asked[:1], *mended[:2], *asked[1:2]]
    ranked.sort(key=lambda each: _must_wait(knowledge, each, suspects))  # stable: what may come first keeps its place
    return tuple(_shown(each) for each in ranked[:MOST_STEPS])


def _steps_for(knowledge: Knowledge, suspects: Sequence[Suspect]) -> list[Step]:
    wanted = {step for each in suspects for step in _steps_of(knowledge).get(each.cause.id, ())}
    return [knowledge.steps[step] for step in sorted(wanted)]


@lru_cache(maxsize=4)
def _steps_of(knowledge: Knowledge) -> Mapping[CauseId, frozenset[StepId]]:
    """The steps that cure a cause, or that answer what it shows."""
    asks: dict[EvidenceId, set[StepId]] = {}
    found: dict[CauseId, set[StepId]] = {cause: set() for cause in knowledge.causes}
    for step in knowledge.steps.values():
        if step.status == "deprecated":
            continue
        for evidence in step.answers:
            asks.setdefault(evidence, set()).add(step.id)
        for cure in step.fixes:
            found.setdefault(cure.cause, set()).add(step.id)
    for cause in knowledge.causes.values():
        found[cause.id].update(step for link in cause.shows for step in asks.get(link.evidence, ()))
    return {cause: frozenset(steps) for cause, steps in found.items()}


def _must_wait(knowledge: Knowledge, option: Option, suspects: Sequence[Suspect]) -> bool:
    """What never comes first: an irreversible step, or a reset on a safety fault."""
    faults: set[FaultId] = {each.cause.fault for each in suspects[:3]}
    is_safety = any(knowledge.faults[fault].safety for fault in faults)
    return not option.step.reversible or (is_safety and option.step.kind == "reset")


def _cost(step: Step) -> float:
    return max(1.0, step.minutes + WALK[step.where])


def cure_chance(learned: Learned, step: Step, cause: CauseId) -> float:
    """P(the step cures the cause): the author's grade, worth six cases, plus findings."""
    grade = next((each.grade for each in step.fixes if each.cause == cause), None)
    return 0.0 if grade is None else _learned_chance(grade, learned.fixed.get((step.id, cause)))


def _learned_chance(grade: Grade, tally: Tally | None) -> float:
    tally = tally or Tally()
    return (AUTHOR_WORTH * CHANCE[grade] + tally.yes) / (AUTHOR_WORTH + tally.yes + tally.no)


def _cures(learned: Learned, step: Step, chances: Chances) -> float:
    return sum(
        chances[each.cause] * cure_chance(learned, step, each.cause) for each in step.fixes if each.cause in chances
    )


def _repairs(learned: Learned, steps: Sequence[Step], chances: Chances) -> Iterator[Option]:
    """Repairs worth their minutes; their gain is chance over minutes, the order in which to try them."""
    for step in steps:
        cured = _cures(learned, step, chances)
        if cured * ESCALATION_MINUTES > _cost(step):
            yield Option(step, cured / _cost(step), tuple(each.cause for each in step.fixes if each.cause in chances))


def _questions(
    knowledge: Knowledge, learned: Learned, case: Case, suspects: Sequence[Suspect], steps: Sequence[Step]
) -> Iterator[Option]:
    """Questions and tests that save more minutes than they take; their gain is those minutes."""
    cures = _best_cures(learned, steps, suspects)
    now = _cost_to_go(cures, {each.cause.id: each.probability for each in suspects})
    for step in steps:
        for evidence_id in step.answers:
            evidence = knowledge.evidence.get(evidence_id)
            if evidence is None or evidence_id in case.answers or step.fixes:
                continue
            later, split = _after_asking(learned, evidence, suspects, cures)
            gain = now - later - _cost(step)
            if gain > 0 and split:
                yield Option(step, gain, split)


Cures = Mapping[CauseId, tuple[float, float]]  # cause -> (minutes, chance) of its best step


def _best_cures(learned: Learned, steps: Sequence[Step], suspects: Sequence[Suspect]) -> Cures:
    best: dict[CauseId, tuple[float, float]] = {}
    for each in suspects:
        offers = [(_cost(step), cure_chance(learned, step, each.cause.id)) for step in steps]
        worth = [offer for offer in offers if offer[1] > 0]
        if worth:
            best[each.cause.id] = min(worth, key=lambda offer: offer[0] / offer[1])
    return best


def _cost_to_go(cures: Cures, chances: Chances) -> float:
    """Expected minutes when repairs are tried by chance over minutes, then the case is handed over."""
    order = sorted(
        ((cause, *cures[cause]) for cause in chances if cause in cures),
        key=lambda each: (-chances[each[0]] * each[2] / each[1], each[0]),
    )
    left, spent = 1.0, 0.0
    for cause, minutes, works in order:
        if chances[cause] * works * ESCALATION_MINUTES <= minutes * left:
            break
        spent += left * minutes
        left = max(0.0, left - chances[cause] * works)
    return spent + left * ESCALATION_MINUTES


def _after_asking(
    learned: Learned, evidence: Evidence, suspects: Sequence[Suspect], cures: Cures
) -> tuple[float, tuple[CauseId, ...]]:
    """Expected minutes once the answer is known, and the causes that some answer would move."""
    likely = {each.cause.id: _answers(learned, each.cause, evidence) for each in suspects}
    expected = 0.0
    for answer in evidence.answers:
        joint = {each.cause.id: each.probability * likely[each.cause.id][answer] for each in suspects}
        unknown = max(0.0, 1 - sum(each.probability for each in suspects)) * leak(evidence, answer)
        whole = sum(joint.values()) + unknown
        if whole > 0:
            expected += whole * _cost_to_go(cures, {cause: value / whole for cause, value in joint.items()})
    return expected, tuple(
        each.cause.id for each in suspects if any(link.evidence == evidence.id for link in each.cause.shows)
    )


def _answers(learned: Learned, cause: Cause, evidence: Evidence) -> dict[str, float]:
    return {
        answer: found
        if (found := answer_chance(learned, cause, evidence, answer)) is not None
        else leak(evidence, answer)
        for answer in evidence.answers
    }


def _shown(option: Option) -> NextStep:
    step = option.step
    return NextStep(
        step=step.id,
        label=step.label,
        minutes=step.minutes,
        where=step.where,
        splits=option.causes[:5],
        hazard=step.hazard,
        precondition=step.precondition,
        answers=step.answers,
        fixes=tuple(each.cause for each in step.fixes),
        message=step.message,
    )
