"""Plan: the cheapest next steps: repairs by chance over minutes, questions by the minutes that they save.

One-step value of information with the repair sequence p/c as the cost to go (Jensen et al., SACSO); a step is offered
only while its chance of a cure is worth its minutes against handing the case to the maker. What makes safe is never
weighed: it comes first.

Looking further was measured (bench_diagnosis, two worlds each of plain and severity): to compare asking now with
mending first and asking then, and two questions deep. With the true chances it saves 2 to 4 %; with chances that are
guessed it costs 0 to 3 %, as every further step trusts them once more. So one step it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import NextStep
from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.diagnosing.posterior import Posterior, Suspect
from chargelore.engine.diagnosing.safe import as_done, at_once, faults_of_safety, first_of
from chargelore.engine.diagnosing.scene import (
    ESCALATION_MINUTES,
    Scene,
    after_asking,
    cost,
    cost_to_go,
    scene,
)
from chargelore.kb.learned import Learned
from chargelore.kb.model import CauseId, EvidenceId, Knowledge, Step, StepId

MOST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Option:
    """A step under consideration, what ranks it among its like, and the causes it separates or cures."""

    step: Step
    gain: float
    causes: tuple[CauseId, ...]


def next_steps(  # noqa: PLR0913  # the last two may be left out
    knowledge: Knowledge,
    learned: Learned,
    case: Case,
    found: Posterior,
    person: Person = ANYBODY,
    *,
    near: Posterior | None = None,
    parts: StepId | None = None,
) -> tuple[NextStep, ...]:
    """At most three steps that this person can do, best first, each behind what makes it safe.

    Empty when no step is worth its minutes and nothing has to be made safe. `near` is what something speaks for, where
    the plan looks further: only that raises an alarm. `parts` is the step that tells the first suspects apart.
    """
    case = as_done(knowledge, case)
    closer = near.suspects if near else None
    return steps_in(knowledge, case, scene(knowledge, learned, case, found.suspects, person, near=closer), parts)


def steps_in(knowledge: Knowledge, case: Case, around: Scene, parts: StepId | None = None) -> tuple[NextStep, ...]:
    """The same in a scene that is set."""
    asked = sorted(questions(knowledge, case, around), key=lambda each: (-each.gain, each.step.id))
    mended = sorted(mending(around), key=lambda each: (-each.gain, each.step.id))
    ranked = [*asked[:1], *mended[:2], *asked[1:2]]
    ranked = [*_before_referring(around, ranked, parts), *ranked]
    ranked.sort(key=lambda each: _must_wait(knowledge, each, around.near))  # stable: others keep their place
    return tuple(shown(each, knowledge, case) for each in _secured(knowledge, case, around, ranked[:MOST_STEPS]))


def _before_referring(around: Scene, ranked: Sequence[Option], parts: StepId | None) -> Iterator[Option]:
    """What tells the first suspects apart, where the first step sends the case to somebody who would ask just that."""
    if ranked and ranked[0].step.kind == "refer":
        sent = ranked[0].step
        found = (each for each in around.steps if each.id == parts and cost(each) <= cost(sent))
        yield from (Option(each, 0.0, _told_apart(around, each)) for each in found)


def _told_apart(around: Scene, step: Step) -> tuple[CauseId, ...]:
    split = {cause for each in step.answers for cause in around.signatures.get(each, ())}
    return tuple(each for each in around.chances if each in split)


def _secured(knowledge: Knowledge, case: Case, around: Scene, ranked: Sequence[Option]) -> list[Option]:
    """The steps, with what makes safe in front: first what is urgent, then what each of them needs."""
    found = {each.id: Option(each, 0.0, ()) for each in at_once(knowledge, case, around.near)}
    for one in ranked:
        securing = first_of(knowledge, case, one.step) or ()
        found |= {each.id: Option(each, 0.0, ()) for each in securing if each.id not in found}
        found[one.step.id] = one
    return list(found.values())


def _must_wait(knowledge: Knowledge, option: Option, suspects: Sequence[Suspect]) -> bool:
    """What never comes first: an irreversible step, or a reset on a safety fault."""
    is_safety = faults_of_safety(knowledge, {each.cause.fault for each in suspects[:3]})
    return not option.step.reversible or (is_safety and option.step.kind == "reset")


def mending(around: Scene) -> Iterator[Option]:
    """Repairs worth their minutes; their gain is chance over minutes, the order in which to try them."""
    for each in around.repairs:
        cured = each.chance(around.chances)
        if cured * ESCALATION_MINUTES > each.cost:
            yield Option(each.step, cured / each.cost, tuple(each.cures))


def questions(knowledge: Knowledge, case: Case, around: Scene) -> Iterator[Option]:
    """Questions and tests that save more minutes than they take; their gain is those minutes."""
    now = cost_to_go(around.repairs, around.chances)
    for step, evidence in open_questions(case, around):
        after = after_asking(around, around.chances, evidence, knowledge.evidence[evidence].answers)
        gain = now - after - cost(step)
        if gain > 0:
            split = around.signatures[evidence]
            yield Option(step, gain, tuple(each for each in around.chances if each in split))


def open_questions(case: Case, around: Scene) -> Iterator[tuple[Step, EvidenceId]]:
    """Steps that only ask or measure, with what they answer that is still open and tells suspects apart."""
    for step in around.steps:
        for evidence in step.answers if not step.fixes else ():
            if evidence in around.signatures and evidence not in case.answers:
                yield step, evidence


def shown(option: Option, knowledge: Knowledge, case: Case) -> NextStep:
    """A step as screens and JSON show it."""
    step = option.step
    return NextStep(
        step=step.id,
        kind=step.kind,
        label=step.label,
        minutes=step.minutes,
        where=step.where,
        needs=step.needs,
        splits=option.causes[:5],
        hazard=step.hazard,
        precondition=step.precondition,
        first=tuple(each.id for each in first_of(knowledge, case, step) or ()),
        parts=step.parts,
        tools=step.tools,
        answers=step.answers,
        fixes=tuple(each.cause for each in step.fixes),
        message=step.message,
    )
