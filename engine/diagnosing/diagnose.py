"""Diagnose: one case against the knowledge: ranked causes with reasons, a verdict and the next best steps. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import get_args

from msgspec import structs

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.apart import apart, around_case
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Hypothesis, MakerSaid, Reason, Strength, Unasked
from chargelore.engine.diagnosing.known import carried_over, quirk_factor, standing
from chargelore.engine.diagnosing.moved import FINDINGS, in_words, moved
from chargelore.engine.diagnosing.observed import Observed, observed
from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.diagnosing.plan import next_steps
from chargelore.engine.diagnosing.posterior import Posterior, Suspect, outlook, posterior
from chargelore.engine.diagnosing.recall import Recalled, doubts, recalled, signs_of
from chargelore.engine.diagnosing.table import Answer, Weight
from chargelore.engine.diagnosing.turning import turns
from chargelore.engine.diagnosing.verdict import verdict
from chargelore.engine.diagnosing.weigh import ANSWER, WORDS
from chargelore.kb.answer import Answer as Answered
from chargelore.kb.learned import NO_DOUBT, Learned
from chargelore.kb.model import Cause, EvidenceId, FaultId, Knowledge, Layer, Quirk, Scope, StepId

MOST_HYPOTHESES = 10
SHOWN_FROM = 0.005  # a cause below 1 in 200 is noise on a screen
CLEAR, STRONG = 3.0, 7.0  # points of 10·log10


def diagnose(
    knowledge: Knowledge,
    learned: Learned,
    case: Case,
    unasked: tuple[Unasked, ...] = (),
    person: Person = ANYBODY,
) -> Diagnosis:
    """What is likely wrong, why, what speaks against it, what was not seen, and what this person does next.

    What is `unasked` counts neither way: the charger's model cannot tell.
    """
    seen = observed(knowledge, case, {each.symptom for each in unasked})
    learned = carried_over(knowledge, learned)
    odds = posterior(knowledge, learned, case, seen)
    shown = [each for each in odds.suspects[:MOST_HYPOTHESES] if each.probability >= SHOWN_FROM]
    further = outlook(knowledge, learned, case, seen, odds)
    around = around_case(knowledge, case, seen, unasked)
    group = apart(knowledge, learned, odds, seen, around)
    parts = group.by.step if group and group.by else None
    steps = next_steps(knowledge, learned, case, further, person, near=odds, parts=parts)
    return Diagnosis(
        verdict=verdict(knowledge, odds, group, has_step=any(each.kind != "secure" for each in steps)),
        hypotheses=tuple(
            _with_findings(_hypothesis(knowledge, learned, each, seen, unasked), knowledge, learned, case)
            for each in shown
        ),
        unknown=odds.unknown,
        untold=odds.untold,
        steps=steps,
        layers_seen=tuple(layer for layer in get_args(Layer) if layer in case.layers),
        layers_missing=tuple(layer for layer in get_args(Layer) if layer not in case.layers),
        unasked=unasked,
        maker_said=makers_said(knowledge, recalled(knowledge, learned.answers, case.charger, signs_of(seen))),
        apart=group,
        turns=turns(
            knowledge, learned, odds, {*around.known, *around.never}, partial(_answered, knowledge, learned, case, seen)
        ),
    )


def _answered(knowledge: Knowledge, learned: Learned, case: Case, seen: Observed, answer: Answer) -> Posterior:
    """The suspects of a case as they would be with one more answer."""
    name, said = answer
    then = structs.replace(seen, answers={**seen.answers, name: said}, absent=seen.absent - {name})
    return posterior(knowledge, learned, case, then)


def makers_said(knowledge: Knowledge, found: Iterable[Recalled]) -> tuple[MakerSaid, ...]:
    """Answers of makers in the words of a diagnosis."""
    return tuple(_said(knowledge, each) for each in found)


def _said(knowledge: Knowledge, each: Recalled) -> MakerSaid:
    cause, answer = standing(knowledge, each.answer.cause), each.answer
    step = knowledge.steps.get(StepId(answer.resolution))
    return MakerSaid(
        event=answer.event,
        cause=cause.id if cause else answer.cause,
        cause_label=cause.label if cause else "",
        resolution=step.label if step else answer.resolution,
        source=answer.source,
        said_by=answer.said_by,
        said_at=answer.said_at,
        likeness=each.likeness,
    )


def _hypothesis(
    knowledge: Knowledge, learned: Learned, suspect: Suspect, seen: Observed, unasked: tuple[Unasked, ...]
) -> Hypothesis:  # the whole of it
    cause, fault = suspect.cause, knowledge.faults[suspect.cause.fault]
    ordered = sorted(suspect.weights, key=lambda each: (-abs(each.value), each.evidence))
    unseen = _unseen(cause, seen)
    return Hypothesis(
        fault=fault.id,
        label=fault.label,
        domain=cause.domain or fault.domain,
        responsible=cause.responsible or fault.responsible[0],
        cause=cause.id,
        cause_label=cause.label,
        probability=round(suspect.probability, 4),
        because=(
            *(reason(knowledge, learned, each) for each in ordered if each.value > 0),
            *(_known(knowledge, each) for each in suspect.quirks),
        ),
        against=tuple(reason(knowledge, learned, each) for each in ordered if each.value < 0),
        unseen=unseen,
        unasked=tuple(each for each in unasked if each.symptom in unseen),
    )


def _with_findings(one: Hypothesis, knowledge: Knowledge, learned: Learned, case: Case) -> Hypothesis:
    """The same with what findings say of how common the cause is, where they say anything."""
    cause = knowledge.causes[one.cause]
    by = moved(knowledge, learned, case.charger, cause)
    if not by:
        return one
    text, backed_by = in_words(learned, cause, by)
    points = 10 * by / math.log(10)
    told = Reason(evidence=FINDINGS, text=text, points=round(points, 1), strength=strength(points), backed_by=backed_by)
    if by > 0:
        return replace(one, because=_in_order(*one.because, told))
    return replace(one, against=_in_order(*one.against, told))


def _in_order(*reasons: Reason) -> tuple[Reason, ...]:
    """What says most comes first."""
    return tuple(sorted(reasons, key=lambda each: -abs(each.points)))


def _unseen(cause: Cause, seen: Observed) -> tuple[EvidenceId, ...]:
    links = dict.fromkeys(link.evidence for link in cause.shows)
    return tuple(each for each in links if each not in seen.answers and each not in seen.absent)


def reason(knowledge: Knowledge, learned: Learned, weight: Weight) -> Reason:
    """A weight in words: what it rests on, how far it goes, and who stands behind it."""
    points = 10 * weight.value / math.log(10)
    return Reason(
        evidence=weight.evidence,
        text=reason_text(knowledge, weight.evidence),
        points=round(points, 1),
        strength=strength(points),
        backed_by=_backing(learned, weight),
    )


def _backing(learned: Learned, weight: Weight) -> str:
    """Who stands behind a weight: a maker with a source, so many cases, or only who wrote the knowledge."""
    if weight.evidence.startswith(ANSWER):
        answer = next((each for each in learned.answers if each.event == weight.evidence.removeprefix(ANSWER)), None)
        return _standing_behind(learned, answer) if answer else "its maker"
    return f"{weight.cases} case{'s'[: weight.cases > 1]}, {weight.held} held" if weight.cases else "author only"


def _standing_behind(learned: Learned, answer: Answered) -> str:
    """Who gave an answer, where it is written and when; then what makes it doubtful."""
    others = learned.doubts.get(answer.event, NO_DOUBT).others
    found = f"{others} later finding{'s'[: others > 1]} of another cause" if others else ""
    who = ", ".join(filter(None, (answer.said_by, answer.source, answer.said_at)))
    return "; ".join(filter(None, (who, *doubts(learned, answer), found)))


def _known(knowledge: Knowledge, quirk: Quirk) -> Reason:
    """A quirk as a reason: what it is known of, who says so, and whether somebody has reviewed it."""
    points = 10 * math.log10(quirk_factor((quirk,)))
    source = knowledge.sources.get(quirk.source)
    return Reason(
        evidence=f"quirk:{quirk.id}",
        text=f"known of this {_narrowest(quirk.scope)}: {quirk.label}",
        points=round(points, 1),
        strength=strength(points),
        backed_by=f"{source.title if source else quirk.source}, {quirk.status}",
    )


def _narrowest(scope: Scope) -> str:
    return "firmware" if scope.firmware else "model" if scope.model else "maker"


def strength(points: float) -> Strength:
    """The word for so many points."""
    return "strong" if abs(points) >= STRONG else "clear" if abs(points) >= CLEAR else "weak"


def reason_text(knowledge: Knowledge, evidence: str) -> str:
    """A piece of evidence in words: its question, the fault a code stands for, or the case rule that joined it."""
    kind, _, name = evidence.partition(":")
    if evidence == WORDS:
        return "the words of the report fit"
    if kind == "fault":
        return f"the charger reports: {knowledge.faults[FaultId(name)].label}"
    if kind == "answer":
        return "the maker's answer to a case with these signs"
    if kind == "rule":
        return f"seen together: {name.replace('-', ' ')}"
    return knowledge.evidence[EvidenceId(evidence)].question
