"""Tongue: what the knowledge says, in the language of the screens. What chargers and makers wrote stays as it is.

Only what is shown is spoken so: the watch keeps its knowledge as it was written, for its words weigh in a diagnosis.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from chargelore.engine.diagnosing.diagnosis import (
    Apart,
    Diagnosis,
    Hypothesis,
    NextStep,
    Planned,
    Reason,
    Split,
    Turn,
    Visit,
)
from chargelore.engine.diagnosing.moved import BY_FAULT, FINDINGS, LESS, MORE
from chargelore.kb.hit import Hit
from chargelore.kb.languages import ENGLISH, said
from chargelore.kb.model import Cause, CauseId, EvidenceId, Fault, Knowledge, Step
from chargelore.tui.speech import again, later, t

Labelled = TypeVar("Labelled", Fault, Cause, Step)
CLOCKS = (
    later("charger's clock {off} ahead"), later("charger's clock {off} behind"), later("charger's clock never set"),
    later("charger's clock drifts"), later("charger's clock unsteady"), later("back-end's clock {off} ahead"),
    later("back-end's clock {off} behind"), later("back-end's clock never set"), later("back-end's clock drifts"),
    later("back-end's clock unsteady"),
)  # fmt: skip
REPORTS = "the charger reports: "
BY_FINDINGS = {
    MORE: later("findings name it more often than its authors thought"),
    BY_FAULT: later("findings name its fault more often than its authors thought"),
    LESS: later("findings name other causes more often"),
}


def in_language(knowledge: Knowledge, language: str) -> Knowledge:
    """The same knowledge with labels and questions in a language; in English where it has none."""
    if language == ENGLISH:
        return knowledge
    asked = {name: replace(each, question=said(each, language)) for name, each in knowledge.evidence.items()}
    return replace(
        knowledge,
        faults={name: _called(each, language) for name, each in knowledge.faults.items()},
        causes={name: _called(each, language) for name, each in knowledge.causes.items()},
        steps={name: _called(each, language) for name, each in knowledge.steps.items()},
        evidence=asked,
    )


def retold(diagnosis: Diagnosis, knowledge: Knowledge) -> Diagnosis:
    """The same diagnosis in the words of this knowledge."""
    return replace(
        diagnosis,
        hypotheses=tuple(_suspect(each, knowledge) for each in diagnosis.hypotheses),
        steps=tuple(_step(each, knowledge) for each in diagnosis.steps),
        apart=_apart(diagnosis.apart, knowledge) if diagnosis.apart else None,
        turns=tuple(_turn(each, knowledge) for each in diagnosis.turns),
    )


def clock_told(said: str) -> str:
    """How a clock stands, as `clockwords` tells it in few words."""
    return again(said, *CLOCKS)


def revisited(visit: Visit, known: Knowledge, spoken: Knowledge) -> Visit:
    """The same visit in the words of this knowledge; `known` is the one that it was planned with."""
    first = {each.label: spoken.steps[name].label for name, each in known.steps.items() if name in spoken.steps}

    def told(one: Planned) -> Planned:
        return replace(
            one,
            step=replace(_step(one.step, spoken), precondition=first.get(one.step.precondition, one.step.precondition)),
        )

    return replace(
        visit,
        stops=tuple(replace(each, steps=tuple(map(told, each.steps))) for each in visit.stops),
        parts=replace(
            visit.parts,
            uncovered=tuple(
                each._replace(label=_cause(each.cause, each.label, spoken)) for each in visit.parts.uncovered
            ),
        ),
        left_out=tuple(each._replace(label=first.get(each.label, each.label)) for each in visit.left_out),
    )


def found_again(hits: Iterable[Hit], spoken: Knowledge) -> tuple[Hit, ...]:
    """The same results, with the faults that they mean in the words of this knowledge."""
    named = ((each, spoken.faults.get(each.fault) if each.fault else None) for each in hits)
    return tuple(
        replace(each, label=fault.label) if fault and each.label not in ("", fault.label) else each
        for each, fault in named
    )


def _called(entry: Labelled, language: str) -> Labelled:
    return replace(entry, label=said(entry, language))


def _suspect(one: Hypothesis, knowledge: Knowledge) -> Hypothesis:
    fault, cause = knowledge.faults.get(one.fault), knowledge.causes.get(one.cause)
    return replace(
        one,
        label=fault.label if fault else one.label,
        cause_label=cause.label if cause else one.cause_label,
        because=tuple(_reason(each, knowledge) for each in one.because),
        against=tuple(_reason(each, knowledge) for each in one.against),
    )


def _step(one: NextStep, knowledge: Knowledge) -> NextStep:
    known = knowledge.steps.get(one.step)
    return replace(one, label=known.label) if known else one


def _apart(one: Apart, knowledge: Knowledge) -> Apart:
    labels = tuple(_cause(each, label, knowledge) for each, label in zip(one.causes, one.labels, strict=True))
    return replace(one, labels=labels, by=_split(one.by, knowledge) if one.by else None)


def _split(one: Split, knowledge: Knowledge) -> Split:
    outcomes = tuple(each._replace(label=_cause(each.cause, each.label, knowledge)) for each in one.outcomes)
    return replace(one, question=_question(one.evidence, one.question, knowledge), outcomes=outcomes)


def _turn(one: Turn, knowledge: Knowledge) -> Turn:
    label = _cause(one.cause, one.label, knowledge) if one.cause else one.label
    return replace(one, question=_question(one.evidence, one.question, knowledge), label=label)


def _cause(cause: CauseId, written: str, knowledge: Knowledge) -> str:
    known = knowledge.causes.get(cause)
    return known.label if known else written


def _question(evidence: EvidenceId, written: str, knowledge: Knowledge) -> str:
    known = knowledge.evidence.get(evidence)
    return known.question if known else written


def _reason(one: Reason, knowledge: Knowledge) -> Reason:
    kind, _, name = one.evidence.partition(":")
    if kind == "fault" and name in knowledge.faults and one.text.startswith(REPORTS):
        return replace(one, text=t("the charger reports: {fault}", fault=knowledge.faults[name].label))  # type: ignore[index]  # a fault's id
    if kind == FINDINGS:
        return replace(one, text=t(BY_FINDINGS[one.text]))
    asked = knowledge.evidence.get(EvidenceId(one.evidence))
    return replace(one, text=asked.question) if asked else one
