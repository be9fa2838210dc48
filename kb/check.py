"""Check: what a reviewer would say of the knowledge; small functions that yield issues with a code and a fix."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.kb.checkcodes import CODE_CHECKS
from chargelore.kb.graph import authored, related, relating
from chargelore.kb.issue import Check, Issue
from chargelore.kb.model import Cause, Evidence, Fault, Knowledge, Step

LONGEST_LABEL = 90
VAGUE = frozenset({"unspecified-fault"})  # a report without a cause; its causes are those of the faults it may be


def check(knowledge: Knowledge) -> Iterator[Issue]:
    """Every complaint, check by check."""
    for each in CHECKS:
        yield from each(knowledge)


def cause_without_evidence(knowledge: Knowledge) -> Iterator[Issue]:
    """K01: nothing can speak for this cause."""
    for cause in knowledge.causes.values():
        if not cause.shows:
            yield Issue(code="K01", subject=cause.id, what="shows no evidence", fix="add `shows:` with a grade")


def evidence_without_cause(knowledge: Knowledge) -> Iterator[Issue]:
    """K02: evidence that moves nothing."""
    used = {link.evidence for cause in knowledge.causes.values() for link in cause.shows}
    for evidence in knowledge.evidence.values():
        if evidence.id not in used:
            yield Issue(
                code="K02", subject=evidence.id, what="is shown by no cause", fix="link it from a cause, or remove it"
            )


def answer_not_offered(knowledge: Knowledge) -> Iterator[Issue]:
    """K03: a link names an answer that the question does not have."""
    for cause in knowledge.causes.values():
        for link in cause.shows:
            answers = knowledge.evidence[link.evidence].answers
            if link.answer not in answers:
                what = f"shows {link.evidence}={link.answer}, which is no answer"
                yield Issue(code="K03", subject=cause.id, what=what, fix=f"use one of {', '.join(answers)}")


def too_many_answers(knowledge: Knowledge) -> Iterator[Issue]:
    """K04: a question has two to five exclusive answers."""
    for evidence in knowledge.evidence.values():
        if not 2 <= len(set(evidence.answers)) <= 5:
            yield Issue(
                code="K04", subject=evidence.id, what=f"has {len(evidence.answers)} answers", fix="give two to five"
            )


def question_that_nobody_asks(knowledge: Knowledge) -> Iterator[Issue]:
    """K05: evidence to be asked or measured needs a step that answers it."""
    asked = {each for step in knowledge.steps.values() for each in step.answers}
    for evidence in knowledge.evidence.values():
        if evidence.channel != "signal" and evidence.id not in asked:
            yield Issue(
                code="K05", subject=evidence.id, what="is answered by no step", fix="add a step with `answers:`"
            )


def step_without_effect(knowledge: Knowledge) -> Iterator[Issue]:
    """K06: a step that neither answers nor fixes."""
    for step in knowledge.steps.values():
        if not step.answers and not step.fixes and step.kind != "refer":
            yield Issue(
                code="K06", subject=step.id, what="answers and fixes nothing", fix="link it, or make it a referral"
            )


def step_without_minutes(knowledge: Knowledge) -> Iterator[Issue]:
    """K07: minutes are what the planner weighs."""
    for step in knowledge.steps.values():
        if not 0 < step.minutes <= 600:
            yield Issue(
                code="K07", subject=step.id, what=f"takes {step.minutes} minutes", fix="estimate between 1 and 600"
            )


def hazard_without_precondition(knowledge: Knowledge) -> Iterator[Issue]:
    """K08: a hazardous step says how to make safe first."""
    for step in knowledge.steps.values():
        if step.hazard and not step.precondition:
            yield Issue(
                code="K08",
                subject=step.id,
                what="names a hazard but no precondition",
                fix="say how to isolate and prove dead",
            )


def hazard_for_anyone(knowledge: Knowledge) -> Iterator[Issue]:
    """K09: work in the open cabinet is not for everybody."""
    for step in knowledge.steps.values():
        if step.where == "cabinet" and step.needs == "anyone":
            yield Issue(
                code="K09", subject=step.id, what="opens the cabinet but needs no competence", fix="name the competence"
            )


def safety_reset(knowledge: Knowledge) -> Iterator[Issue]:
    """K10: a safety fault is never cured by a remote reset."""
    for step in knowledge.steps.values():
        if step.kind != "reset" or step.where != "remote":
            continue
        for cure in step.fixes:
            if knowledge.faults[knowledge.causes[cure.cause].fault].safety and cure.grade not in ("never", "rarely"):
                what = f"resets from afar what {cure.cause} caused"
                yield Issue(code="K10", subject=step.id, what=what, fix="remove the link: somebody must look first")


def missing_source(knowledge: Knowledge) -> Iterator[Issue]:
    """K11: every statement names a source that is known."""
    entries: tuple[Fault | Cause | Evidence | Step, ...] = (
        *knowledge.faults.values(),
        *knowledge.causes.values(),
        *knowledge.evidence.values(),
        *knowledge.steps.values(),
    )
    for entry in entries:
        if entry.source not in knowledge.sources:
            yield Issue(
                code="K11",
                subject=entry.id,
                what=f"names the source {entry.source}, which is not there",
                fix="add it to sources",
            )


def long_label(knowledge: Knowledge) -> Iterator[Issue]:
    """K15: a label must fit a narrow screen."""
    labelled: tuple[Fault | Cause | Step, ...]
    labelled = (*knowledge.faults.values(), *knowledge.causes.values(), *knowledge.steps.values())
    for entry in labelled:
        if len(entry.label) > LONGEST_LABEL:
            yield Issue(
                code="K15",
                subject=entry.id,
                what=f"has a label of {len(entry.label)} characters",
                fix="move the rest to the detail",
            )


def cause_without_step(knowledge: Knowledge) -> Iterator[Issue]:
    """K16: a cause that nobody can do anything about."""
    view = authored(knowledge)
    for cause in knowledge.causes.values():
        if not relating(view, f"cause/{cause.id}", "fixes"):
            yield Issue(
                code="K16", subject=cause.id, what="is fixed by no step", fix="add a repair, or a step of kind `refer`"
            )


def fault_without_cause(knowledge: Knowledge) -> Iterator[Issue]:
    """K17: a fault that nobody has written a cause for cannot be diagnosed."""
    view = authored(knowledge)
    for fault in knowledge.faults.values():
        if fault.is_fault and fault.id not in VAGUE and not related(view, f"fault/{fault.id}", "has_cause"):
            yield Issue(code="K17", subject=fault.id, what="has no cause", fix="write the most frequent one")


def unnamed_party(knowledge: Knowledge) -> Iterator[Issue]:
    """K18: a fault says who acts first."""
    for fault in knowledge.faults.values():
        if not fault.responsible or len(set(fault.responsible)) < len(fault.responsible):
            yield Issue(
                code="K18",
                subject=fault.id,
                what="names no party, or one twice",
                fix="name who acts first, then others",
            )


def mrec_without_relation(knowledge: Knowledge) -> Iterator[Issue]:
    """K19: an MREC and its relation come together, and one MREC is exactly one fault."""
    exact: dict[str, str] = {}
    for fault in knowledge.faults.values():
        if bool(fault.mrec) != (fault.mrec_relation is not None):
            yield Issue(code="K19", subject=fault.id, what="has half an MREC", fix="give code and relation, or neither")
        elif fault.mrec_relation == "exact" and exact.setdefault(fault.mrec, fault.id) != fault.id:
            what = f"is exactly {fault.mrec}, and so is {exact[fault.mrec]}"
            yield Issue(code="K19", subject=fault.id, what=what, fix="keep one exact, make the other close")


def cause_weighed_twice(knowledge: Knowledge) -> Iterator[Issue]:
    """K20: a cause says one thing of one answer, a step of one cause."""
    for cause in knowledge.causes.values():
        links = [f"{link.evidence}={link.answer}" for link in cause.shows]
        yield from _repeated("K20", cause.id, links)
    for step in knowledge.steps.values():
        yield from _repeated("K20", step.id, [cure.cause for cure in step.fixes])


def _repeated(code: str, subject: str, links: list[str]) -> Iterator[Issue]:
    for link in sorted({each for each in links if links.count(each) > 1}):
        yield Issue(code=code, subject=subject, what=f"links {link} more than once", fix="keep one grade")


CHECKS: tuple[Check, ...] = (
    cause_without_evidence, evidence_without_cause, answer_not_offered, too_many_answers, question_that_nobody_asks,
    step_without_effect, step_without_minutes, hazard_without_precondition, hazard_for_anyone, safety_reset,
    missing_source, long_label, cause_without_step, fault_without_cause, unnamed_party, mrec_without_relation,
    cause_weighed_twice, *CODE_CHECKS,
)  # fmt: skip
