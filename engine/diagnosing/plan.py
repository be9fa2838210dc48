"""Plan: the cheapest next steps: repairs by chance over minutes, questions by the minutes that they save.

One-step value of information with the repair sequence p/c as the cost to go (Jensen et al., SACSO); a step is offered
only while its chance of a cure is worth its minutes against handing the case to the maker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import NextStep
from chargelore.engine.diagnosing.odds import Odds, answers_of, cure_chance, odds
from chargelore.engine.diagnosing.posterior import Posterior, Suspect
from chargelore.engine.diagnosing.temper import temper
from chargelore.kb.learned import Learned
from chargelore.kb.model import (
    CauseId,
    Evidence,
    EvidenceId,
    FaultId,
    Knowledge,
    Step,
    StepId,
)

ESCALATION_MINUTES = 600.0  # what handing over to the maker costs, in technician minutes
MOST_SUSPECTS = 12
MOST_STEPS = 3
WALK: Mapping[str, float] = {"remote": 0.0, "desk": 0.0, "at-charger": 5.0, "cabinet": 10.0}

Chances = Mapping[CauseId, float]
Signature = Mapping[CauseId, Mapping[str, float]]  # how likely each suspect gives each answer; the others: as anybody


@dataclass(frozen=True, slots=True)
class Option:
    """A step under consideration, what ranks it among its like, and the causes it separates or cures."""

    step: Step
    gain: float
    causes: tuple[CauseId, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a plan is made from: the suspects and their chances, and what can be done about them."""

    suspects: Sequence[Suspect]
    chances: Chances
    repairs: tuple[_Repair, ...]
    rates: Odds
    temper: float
    signatures: Mapping[EvidenceId, Signature]


@dataclass(frozen=True, slots=True)
class _Repair:
    """What a step costs, in minutes, and how likely it cures each suspect."""

    step: Step
    cost: float
    cures: Mapping[CauseId, float]


def next_steps(knowledge: Knowledge, learned: Learned, case: Case, found: Posterior) -> tuple[NextStep, ...]:
    """At most three steps, best first; empty when no step is worth its minutes."""
    suspects = found.suspects[:MOST_SUSPECTS]
    open_steps = [step for step in _steps_for(knowledge, suspects) if step.id not in case.tried]
    scene = _scene(knowledge, learned, suspects, open_steps)
    asked = sorted(_questions(knowledge, case, scene, open_steps), key=lambda each: (-each.gain, each.step.id))
    mended = sorted(_repairs(scene), key=lambda each: (-each.gain, each.step.id))
    ranked = [*asked[:1], *mended[:2], *asked[1:2]]
    ranked.sort(key=lambda each: _must_wait(knowledge, each, suspects))  # stable: what may come first keeps its place
    return tuple(_shown(each) for each in ranked[:MOST_STEPS])


def _scene(knowledge: Knowledge, learned: Learned, suspects: Sequence[Suspect], steps: Sequence[Step]) -> _Scene:
    chances = {each.cause.id: each.probability for each in suspects}
    repairs = [
        _Repair(step, _cost(step), cures)
        for step in steps
        if (
            cures := {
                each.cause: cure_chance(learned, step, each.cause) for each in step.fixes if each.cause in chances
            }
        )
    ]
    signatures: dict[EvidenceId, dict[CauseId, Mapping[str, float]]] = {}
    for each in suspects:
        for evidence_id in dict.fromkeys(link.evidence for link in each.cause.shows):
            evidence = knowledge.evidence.get(evidence_id)
            if evidence is not None:
                signatures.setdefault(evidence_id, {})[each.cause.id] = answers_of(learned, each.cause, evidence)
    rates = odds(knowledge, learned)
    return _Scene(suspects, chances, tuple(repairs), rates, temper(knowledge, learned), signatures)


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


def _repairs(scene: _Scene) -> Iterator[Option]:
    """Repairs worth their minutes; their gain is chance over minutes, the order in which to try them."""
    for each in scene.repairs:
        cured = sum(scene.chances[cause] * works for cause, works in each.cures.items())
        if cured * ESCALATION_MINUTES > each.cost:
            yield Option(each.step, cured / each.cost, tuple(each.cures))


def _questions(knowledge: Knowledge, case: Case, scene: _Scene, steps: Sequence[Step]) -> Iterator[Option]:
    """Questions and tests that save more minutes than they take; their gain is those minutes."""
    now = _cost_to_go(scene.repairs, scene.chances)
    for step in steps:
        for evidence_id in step.answers if not step.fixes else ():
            split = scene.signatures.get(evidence_id)
            if split is None or evidence_id in case.answers:
                continue
            gain = now - _after_asking(scene, scene.chances, knowledge.evidence[evidence_id]) - _cost(step)
            if gain > 0:
                yield Option(step, gain, tuple(each for each in scene.chances if each in split))


def _cost_to_go(repairs: Sequence[_Repair], chances: Chances) -> float:
    """Expected minutes when repairs are tried by chance over minutes, then the case is handed over."""
    order = sorted(
        ((sum(chances[cause] * works for cause, works in each.cures.items()) / each.cost, each) for each in repairs),
        key=lambda worth: (-worth[0], worth[1].step.id),
    )
    left, spent, open_ones = 1.0, 0.0, dict(chances)
    for _, each in order:
        cured = sum(open_ones[cause] * works for cause, works in each.cures.items())
        if cured * ESCALATION_MINUTES <= each.cost * left:
            continue
        spent += left * each.cost
        left = max(0.0, left - cured)
        open_ones.update({cause: open_ones[cause] * (1 - works) for cause, works in each.cures.items()})
    return spent + left * ESCALATION_MINUTES


def _after_asking(scene: _Scene, chances: Chances, evidence: Evidence) -> float:
    """Expected minutes once the answer is known. The answer moves the odds as far as it will in the diagnosis."""
    signature, expected, unknown = scene.signatures[evidence.id], 0.0, max(0.0, 1 - sum(chances.values()))
    for answer in evidence.answers:
        leak, base = scene.rates.leaks[evidence.id, answer], scene.rates.bases[evidence.id, answer]
        likely = {cause: signature[cause][answer] if cause in signature else leak for cause in chances}
        whole = sum(chance * likely[cause] for cause, chance in chances.items()) + unknown * base
        moved = {cause: chance * likely[cause] ** scene.temper for cause, chance in chances.items()}
        total = sum(moved.values()) + unknown * base**scene.temper
        if total > 0:
            after = {cause: value / total for cause, value in moved.items()}
            expected += whole * _cost_to_go(scene.repairs, after)
    return expected


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
