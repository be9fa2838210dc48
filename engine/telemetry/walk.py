"""Walk: the steps that the plan takes on one case while nothing helps, and what they cost on average. Pure.

A walk depends on what is seen and answered, not on luck: how likely a step cures is weighed in afterwards. So one walk
stands for all the ways in which the same case can go, and two walks of the same case can be compared without noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.observed import Observed
from chargelore.engine.diagnosing.plan import next_steps
from chargelore.engine.diagnosing.posterior import Posterior, posterior
from chargelore.engine.diagnosing.scene import ESCALATION_MINUTES, cost
from chargelore.kb.learned import Learned
from chargelore.kb.model import EvidenceId, FaultId, Knowledge, Step, StepId

MOST_STEPS = 40
NEARLY_ALL = 0.02  # below this chance of still being in trouble the rest of a walk weighs nothing

Answers = Mapping[EvidenceId, str]
Cures = Callable[[StepId], float]  # the chance that a step ends the trouble


@dataclass(frozen=True, slots=True)
class Start:
    """What is there to see before anybody asks: signals with their answers, and the faults that are reported."""

    charger: Charger
    shown: Answers
    faults: Mapping[FaultId, float]


@dataclass(frozen=True, slots=True)
class Bill:
    """Expected minutes of a case, and the chance that it is handed over to the maker."""

    minutes: float
    handed_over: float


def first_odds(knowledge: Knowledge, learned: Learned, start: Start) -> Posterior:
    """What is suspected before the first step."""
    return posterior(knowledge, learned, Case(id="", charger=start.charger), _seen(start, {}))


def walk(knowledge: Knowledge, learned: Learned, start: Start, truth: Answers, cures: Cures) -> tuple[StepId, ...]:
    """The steps in their order, as the diagnosis plans them when every step so far ended nothing.

    It ends where the plan hands over, or where hardly a case is left in trouble. No step is taken twice.
    """
    case, steps, left = Case(id="", charger=start.charger), list[StepId](), 1.0
    while len(steps) < MOST_STEPS and left > NEARLY_ALL:
        found = posterior(knowledge, learned, case, _seen(start, case.answers))
        planned = (each.step for each in next_steps(knowledge, learned, case, found) if each.step not in steps)
        if (first := next(planned, None)) is None:
            break
        step = knowledge.steps[first]
        steps.append(step.id)
        left *= 1 - cures(step.id)
        case = _after(case, step, truth)
    return tuple(steps)


def bill(knowledge: Knowledge, steps: tuple[StepId, ...], cures: Cures) -> Bill:
    """What a walk costs on average, where the steps cure with these chances; what is left at its end is handed over."""
    minutes, left = 0.0, 1.0
    for name in steps:
        minutes += left * cost(knowledge.steps[name])
        left *= 1 - cures(name)
    return Bill(minutes + left * ESCALATION_MINUTES, left)


def _seen(start: Start, answers: Answers) -> Observed:
    """Signals that are there or are not; a person's answer outweighs them."""
    there = {each: said for each, said in start.shown.items() if said != "no"}
    return Observed(
        answers={**there, **answers},
        absent=frozenset(each for each, said in start.shown.items() if said == "no" and each not in answers),
        faults=start.faults,
        conclusions=(),
        words=frozenset(),
    )


def _after(case: Case, step: Step, truth: Answers) -> Case:
    answers = {each: truth[each] for each in step.answers if each in truth}
    tried = (*case.tried, step.id) if step.fixes or not answers else case.tried
    return Case(id="", charger=case.charger, answers={**case.answers, **answers}, tried=tried)
