"""Tongue: what the knowledge says, in the language of the screens. What chargers and makers wrote stays as it is.

Only what is shown is spoken so: the watch keeps its knowledge as it was written, for its words weigh in a diagnosis.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from chargelore.engine.diagnosing.diagnosis import Diagnosis, Hypothesis, NextStep, Reason
from chargelore.kb.languages import ENGLISH, said
from chargelore.kb.model import Cause, EvidenceId, Fault, Knowledge, Step
from chargelore.tui.speech import t

Labelled = TypeVar("Labelled", Fault, Cause, Step)
REPORTS = "the charger reports: "


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


def _reason(one: Reason, knowledge: Knowledge) -> Reason:
    kind, _, name = one.evidence.partition(":")
    if kind == "fault" and name in knowledge.faults and one.text.startswith(REPORTS):
        return replace(one, text=t("the charger reports: {fault}", fault=knowledge.faults[name].label))  # type: ignore[index]  # a fault's id
    asked = knowledge.evidence.get(EvidenceId(one.evidence))
    return replace(one, text=asked.question) if asked else one
