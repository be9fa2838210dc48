"""Guards: steps that make safe stay in force until another makes as safe in their place. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from chargelore.kb.errors import UseError
from chargelore.kb.model import Knowledge, Step, StepId

Steps = Mapping[StepId, Step]


def standing(steps: Steps, name: StepId) -> StepId | None:
    """The step that makes safe under this name: itself, or what took its place and makes as safe.

    A guard that was rejected with nothing in its place stands all the same: better one step too many. None for what
    makes nothing safe.
    """
    first = steps.get(name)
    if first is None or first.kind != "secure":
        return None
    seen, one = {name}, first
    while one.status == "deprecated" and one.replaced_by and StepId(one.replaced_by) not in seen:
        successor = steps.get(StepId(one.replaced_by))
        if successor is None or not _makes_as_safe(successor, first):
            return name
        seen.add(successor.id)
        one = successor
    return name if one.status == "deprecated" else one.id


def _makes_as_safe(one: Step, other: Step) -> bool:
    return one.kind == "secure" and {*other.guards} <= {*one.guards} and (one.dead or not other.dead)


def refuse_unguarded(knowledge: Knowledge, subject: str, successor: str = "") -> None:
    """UseError where a step that makes safe would go and nothing as safe take its place."""
    kind, _, name = subject.partition("/")
    step = knowledge.steps.get(StepId(name)) if kind == "step" else None
    if step is None or step.kind != "secure" or not _is_needed(knowledge, step):
        return
    other = knowledge.steps.get(StepId(successor.removeprefix("step/")))
    if other is None or other.status == "deprecated" or not _makes_as_safe(other, step):
        what = f"{step.id} makes safe before {_what_for(step)}, and nothing would take its place"
        like = f" with guards: [{', '.join(step.guards)}]" if step.guards else ""
        dead = " and dead: true" if step.dead else ""
        raise UseError(what, mend=f"name a step of kind secure{like}{dead} with --replaced-by")


def _is_needed(knowledge: Knowledge, step: Step) -> bool:
    return bool(step.guards) or any(step.id in each.first for each in knowledge.steps.values())


def _what_for(step: Step) -> str:
    words = {"danger": "anything while people are in danger", "safety": "anything on a safety fault",
             "hazard": "a hazardous step", "cabinet": "work in the open cabinet"}  # fmt: skip
    return ", ".join(words[each] for each in step.guards) or "other steps"
