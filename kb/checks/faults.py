"""Checks of the taxonomy: what a reviewer would say of the canonical faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.graph import authored, related
from chargelore.kb.model import Cause, Fault, Knowledge, Step

VAGUE = frozenset({"unspecified-fault"})  # a report without a cause; its causes are those of the faults it may be


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


def only_one_cause(knowledge: Knowledge) -> Iterator[Issue]:
    """K31: with one cause alone there is nothing to tell apart."""
    counts = Counter(cause.fault for cause in knowledge.causes.values() if cause.status != "deprecated")
    for fault in knowledge.faults.values():
        if fault.is_fault and counts[fault.id] == 1:
            yield Issue(code="K31", subject=fault.id, what="has one cause only", fix="write the next likely one")


def unreachable_fault(knowledge: Knowledge) -> Iterator[Issue]:
    """K32: no code, no signal, no answer and no word can lead to this fault."""
    coded = {means.fault for code in knowledge.codes for means in code.means}
    reached = coded | {cause.fault for cause in knowledge.causes.values() if _can_be_seen(cause)}
    for fault in knowledge.faults.values():
        if fault.is_fault and fault.id not in reached | VAGUE:
            fix = "map a code, or link evidence that is there at least sometimes"
            yield Issue(code="K32", subject=fault.id, what="can be reached by nothing", fix=fix)


def _can_be_seen(cause: Cause) -> bool:
    return bool(cause.words) or any(link.grade not in ("never", "rarely") for link in cause.shows)


def name_of_two_faults(knowledge: Knowledge) -> Iterator[Issue]:
    """K33: a name leads to one fault."""
    owner: dict[str, Fault] = {}
    for fault in knowledge.faults.values():
        for name in {each.casefold() for each in _names(fault)}:
            other = owner.setdefault(name, fault)
            if other is not fault:
                what = f"is called `{name}`, and so is {other.id}"
                yield Issue(code="K33", subject=fault.id, what=what, fix="leave the name to one of them")


def _names(fault: Fault) -> Iterator[str]:
    yield from (fault.label, *fault.aliases, *fault.labels.values())
    yield from (said for spoken in fault.symptoms.values() for said in spoken)


def safety_that_nobody_looks_at(knowledge: Knowledge) -> Iterator[Issue]:
    """K34: what may be dangerous is looked at by somebody who stands there, or handed to somebody who does."""
    for fault in knowledge.faults.values():
        steps = [step for cause in _causes(knowledge, fault) for step in _steps(knowledge, cause)]
        if fault.safety and steps and all(step.where in ("remote", "desk") and step.kind != "refer" for step in steps):
            fix = "add a step at the charger, or of kind `refer`"
            yield Issue(code="K34", subject=fault.id, what="is dangerous and only dealt with from afar", fix=fix)


def _causes(knowledge: Knowledge, fault: Fault) -> list[Cause]:
    return [cause for cause in knowledge.causes.values() if cause.fault == fault.id]


def _steps(knowledge: Knowledge, cause: Cause) -> list[Step]:
    """The steps that cure a cause or tell whether it is there."""
    shown = {link.evidence for link in cause.shows}
    return [
        step
        for step in knowledge.steps.values()
        if shown & set(step.answers) or any(cure.cause == cause.id for cure in step.fixes)
    ]


FAULT_CHECKS: tuple[Check, ...] = (
    fault_without_cause, unnamed_party, mrec_without_relation, only_one_cause, unreachable_fault, name_of_two_faults,
    safety_that_nobody_looks_at,
)  # fmt: skip
