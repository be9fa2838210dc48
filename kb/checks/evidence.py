"""Checks of causes and evidence: what a reviewer would say of what speaks for a cause and against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.model import CHANCE, Cause, Knowledge


def cause_without_evidence(knowledge: Knowledge) -> Iterator[Issue]:
    """K01: nothing can speak for this cause."""
    for cause in knowledge.causes.values():
        if not cause.shows and cause.status != "deprecated":
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


def nothing_against(knowledge: Knowledge) -> Iterator[Issue]:
    """K90: what nothing can speak against is never ruled out."""
    for cause in knowledge.causes.values():
        if cause.shows and cause.status != "deprecated" and not _can_be_refuted(cause, knowledge):
            fix = "link what it shows never or rarely, or an answer of a question"
            yield Issue(code="K90", subject=cause.id, what="has nothing that speaks against it", fix=fix)


def _can_be_refuted(cause: Cause, knowledge: Knowledge) -> bool:
    """By something that it does not show, by another answer to a question, or by what it always shows."""
    asked = (knowledge.evidence[link.evidence].channel != "signal" for link in cause.shows)
    return any(asked) or any(link.grade in ("never", "rarely", "always") for link in cause.shows)


def twin_causes(knowledge: Knowledge) -> Iterator[Issue]:
    """K91: two causes of one fault under one name are one cause."""
    names = Counter((each.fault, each.label.casefold()) for each in knowledge.causes.values() if not each.replaced_by)
    for (fault, label), times in names.items():
        if times > 1:
            fix = "merge them, or tell them apart in the label"
            yield Issue(code="K91", subject=fault, what=f"has {times} causes called `{label}`", fix=fix)


def group_of_one(knowledge: Knowledge) -> Iterator[Issue]:
    """K92: a group tells what repeats; one alone repeats nothing."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for evidence in knowledge.evidence.values():
        groups[evidence.group].append(evidence.id)
    for group, members in groups.items():
        if group and len(members) == 1:
            yield Issue(code="K92", subject=members[0], what=f"is alone in the group {group}", fix="remove the group")


def leak_that_drowns(knowledge: Knowledge) -> Iterator[Issue]:
    """K93: what is as frequent without any of its causes as with them is not worth the asking."""
    shown: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for cause in knowledge.causes.values():
        for link in cause.shows:
            shown[link.evidence].append((link.answer, CHANCE[link.grade]))
    for evidence in knowledge.evidence.values():
        links = shown[evidence.id]
        if (
            evidence.channel != "signal"
            and links
            and all(answer == "yes" and chance == CHANCE[evidence.leak] for answer, chance in links)
        ):
            fix = "lower `leak`, or correct a grade"
            yield Issue(code="K93", subject=evidence.id, what="is as frequent without its causes", fix=fix)


EVIDENCE_CHECKS: tuple[Check, ...] = (
    cause_without_evidence, evidence_without_cause, answer_not_offered, too_many_answers, question_that_nobody_asks,
    cause_weighed_twice, nothing_against, twin_causes, group_of_one, leak_that_drowns,
)  # fmt: skip
