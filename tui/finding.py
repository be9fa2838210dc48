"""A finding as the form holds it: what can be picked, what is filled in beforehand, and what is still wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chargelore.engine.case import Case, spoken
from chargelore.engine.diagnosing.diagnosis import Diagnosis, Hypothesis
from chargelore.engine.diagnosing.observed import observed
from chargelore.engine.handing.proposing import opened_at
from chargelore.kb.finding import NOT_LISTED, UNKNOWN, Finding, Machine, StepTaken
from chargelore.kb.model import CHANCE, CauseId, EvidenceId, FaultId, Knowledge, Step, StepId
from chargelore.tui.speech import t

OTHER, NOTHING = "other", "nothing"
MOST_CAUSES = MOST_FIXES = 5
LONGEST_VISIT = 100_000  # minutes; ten weeks


@dataclass(frozen=True, slots=True)
class Option:
    """Something to pick: an id of the knowledge base or one of the words above, and how it reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it stands: `cause` and `fixed_by` are option values, `minutes` is as typed.

    `own_words` name a cause or a fix that is not in the lists.
    """

    cause: str
    fixed_by: str
    own_words: str = ""
    needed_maker: bool = False
    minutes: str = ""
    note: str = ""


def causes(diagnosis: Diagnosis) -> tuple[Option, ...]:
    """The five top suspects, `not listed` and `don't know`."""
    top = tuple(Option(each.cause, each.cause_label) for each in diagnosis.hypotheses[:MOST_CAUSES])
    return (*top, Option(NOT_LISTED, t("something not listed")), Option(UNKNOWN, t("don't know")))


def fixes(case: Case, diagnosis: Diagnosis, knowledge: Knowledge) -> tuple[Option, ...]:
    """The steps that cure the top suspects, best first, then `something else` and `nothing`."""
    suspected = [each.cause for each in diagnosis.hypotheses[:MOST_CAUSES]]
    cures = sorted(_cures(knowledge, suspected), key=lambda step: _cure_order(step, suspected, case))
    top = tuple(Option(step.id, step.label) for step in cures[:MOST_FIXES])
    return (*top, Option(OTHER, t("something else")), Option(NOTHING, t("nothing yet")))


def _cures(knowledge: Knowledge, suspected: list[CauseId]) -> Iterable[Step]:
    return (step for step in knowledge.steps.values() if any(each.cause in suspected for each in step.fixes))


def _cure_order(step: Step, suspected: list[CauseId], case: Case) -> tuple[bool, int, float, str]:
    """What did not help goes last; then by suspect, then by how often it cures."""
    fits = (each for each in step.fixes if each.cause in suspected)
    place, cures = min((suspected.index(each.cause), -CHANCE[each.grade]) for each in fits)
    return step.id in case.tried, place, cures, step.id


def prefilled(case: Case, diagnosis: Diagnosis, knowledge: Knowledge) -> Filled:
    """The form before anybody typed: the top suspect, its best cure, and the minutes of what was done."""
    done = [knowledge.steps[step].minutes for step in case.tried if step in knowledge.steps]
    first_fix = fixes(case, diagnosis, knowledge)[0].value
    if (cure := knowledge.steps.get(StepId(first_fix))) is not None:
        done.append(cure.minutes)
    return Filled(cause=causes(diagnosis)[0].value, fixed_by=first_fix, minutes=str(sum(done) or 15))


def complaint(filled: Filled) -> str:
    """What is still wrong with the form, in a sentence; empty when it can be saved."""
    if not filled.minutes.strip().isdecimal() or int(filled.minutes) > LONGEST_VISIT:
        return t("Minutes must be a whole number, such as 45.")
    if filled.cause == NOT_LISTED and not filled.own_words.strip():
        return t("Say in a few words what the cause was.")
    return ""


def finding(case: Case, diagnosis: Diagnosis, filled: Filled, knowledge: Knowledge) -> Finding:
    """The finding that a complete form stands for. Answers, detected symptoms and what nobody looked at stay apart."""
    suspect = next((each for each in diagnosis.hypotheses if each.cause == filled.cause), None)
    charger = case.charger
    return Finding(
        case=case.id,
        fault=_fault(case, diagnosis, suspect),
        cause=f"{NOT_LISTED}: {filled.own_words.strip()}" if filled.cause == NOT_LISTED else filled.cause,
        charger=Machine(id=charger.id, vendor=charger.vendor, model=charger.model, firmware=charger.firmware),
        codes=tuple(dict.fromkeys(each.code for each in case.codes)),
        evidence=_evidence(case, diagnosis, suspect, knowledge),
        steps=_steps(case, filled, knowledge),
        fixed_by=_fixed_by(filled),
        needed_oem=filled.needed_maker,
        minutes=int(filled.minutes),
        note=filled.note.strip(),
        rules=spoken(case),
        connector=case.connector or 0,
        opened_at=opened_at(case),
        reported=tuple(sorted({each.fault for each in case.codes if each.fault is not None})),
    )


def _fault(case: Case, diagnosis: Diagnosis, suspect: Hypothesis | None) -> FaultId:
    """The fault of the cause that was picked, else the one that was reported, else the one most suspected."""
    if suspect is not None:
        return suspect.fault
    reported = next((each.fault for each in case.codes if each.fault is not None), None)
    return reported or (diagnosis.hypotheses[0].fault if diagnosis.hypotheses else FaultId(""))


def _evidence(
    case: Case, diagnosis: Diagnosis, suspect: Hypothesis | None, knowledge: Knowledge
) -> dict[EvidenceId, str]:
    """What was looked for in vain is a `no`: how often a sign comes is learned from both."""
    open_ones = dict.fromkeys(suspect.unseen if suspect else (), UNKNOWN)
    missed = observed(knowledge, case, {each.symptom for each in diagnosis.unasked}).absent
    detected = {each.symptom: "yes" for each in case.firings if each.symptom in knowledge.evidence}
    return open_ones | dict.fromkeys(sorted(missed), "no") | detected | dict(case.answers)


def _steps(case: Case, filled: Filled, knowledge: Knowledge) -> tuple[StepTaken, ...]:
    done = [(step, False) for step in case.tried if step != filled.fixed_by]
    done += [(StepId(filled.fixed_by), True)] if filled.fixed_by in knowledge.steps else []
    known = knowledge.steps
    return tuple(StepTaken(id=step, worked=good, minutes=known[step].minutes) for step, good in done if step in known)


def _fixed_by(filled: Filled) -> str:
    if filled.fixed_by == NOTHING:
        return ""
    return filled.own_words.strip() or OTHER if filled.fixed_by == OTHER else filled.fixed_by
