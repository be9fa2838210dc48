"""Checks of steps: what a reviewer would say of what technicians are told to do."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.errand import ACTING, errand
from chargelore.kb.errors import UseError
from chargelore.kb.graph import authored, relating
from chargelore.kb.model import CauseId, EvidenceId, Guard, Knowledge, Step
from chargelore.kb.order import reached

_MAINS = re.compile(r"\b(mains|live|terminals)\b", re.IGNORECASE)
_DEAD = re.compile(r"\b(isolated?|prov(e|ed|en) dead|lock(ed)? off)\b", re.IGNORECASE)
_FOUND_OUT = re.compile(
    r"\b(tested|measured|inspected|examined|confirm(ed)?|(found|looked at|checked|known)\b|thermal picture taken)",
    re.IGNORECASE,
)
_EXCHANGE = re.compile(r"(exchange|replace|renew|swap)\b", re.IGNORECASE)


def step_without_effect(knowledge: Knowledge) -> Iterator[Issue]:
    """K06: a step that neither answers nor fixes."""
    for step in knowledge.steps.values():
        if not step.answers and not step.fixes and step.kind not in ("refer", "secure"):
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


def cause_without_step(knowledge: Knowledge) -> Iterator[Issue]:
    """K16: a cause that nobody can do anything about."""
    view = authored(knowledge)
    for cause in knowledge.causes.values():
        if cause.status != "deprecated" and not relating(view, f"cause/{cause.id}", "fixes"):
            yield Issue(
                code="K16", subject=cause.id, what="is fixed by no step", fix="add a repair, or a step of kind `refer`"
            )


def above_any_competence(knowledge: Knowledge) -> Iterator[Issue]:
    """K35: whatever only the maker can do is handed over, not left standing."""
    for cause, cures in _cures(knowledge).items():
        if all(step.needs == "oem" and step.kind != "refer" for step in cures):
            fix = "add a step of kind `refer`, or one that a technician may do"
            yield Issue(code="K35", subject=cause, what="is cured by nobody on site and referred to nobody", fix=fix)


def irreversible_and_untested(knowledge: Knowledge) -> Iterator[Issue]:
    """K36: before something that cannot be undone there is a way to make sure."""
    answered = {each for step in knowledge.steps.values() for each in step.answers}
    for cause, cures in _cures(knowledge).items():
        shown = {link.evidence for link in knowledge.causes[cause].shows}
        if all(not step.reversible for step in cures) and not shown & (answered | _signals(knowledge)):
            fix = "add a test that shows this cause"
            yield Issue(code="K36", subject=cause, what="is cured for good and cannot be tested before", fix=fix)


def part_without_name(knowledge: Knowledge) -> Iterator[Issue]:
    """K37: whoever drives out takes the part along."""
    for step in knowledge.steps.values():
        if (
            step.kind == "repair"
            and step.where in ("at-charger", "cabinet")
            and _EXCHANGE.match(step.label)
            and not step.parts
        ):
            yield Issue(code="K37", subject=step.id, what="exchanges a part that it does not name", fix="add `parts`")


def twin_steps(knowledge: Knowledge) -> Iterator[Issue]:
    """K38: two steps under one name are one step."""
    names = Counter(step.label.casefold() for step in knowledge.steps.values() if step.status != "deprecated")
    for step in knowledge.steps.values():
        if names[step.label.casefold()] > 1:
            fix = "merge them, or tell them apart in the label"
            yield Issue(code="K38", subject=step.id, what=f"is one of several steps called `{step.label}`", fix=fix)


def part_listed_twice(knowledge: Knowledge) -> Iterator[Issue]:
    """K39: a step lists a part once and an answer once."""
    for step in knowledge.steps.values():
        for names in (step.parts, step.answers):
            if len(set(names)) < len(names):
                yield Issue(code="K39", subject=step.id, what="lists something twice", fix="keep one")


def part_of_two_names(knowledge: Knowledge) -> Iterator[Issue]:
    """K116: a part has one name; whoever packs by names would carry `seal` and `seals`."""
    named = {part for step in knowledge.steps.values() for part in step.parts}
    for step in knowledge.steps.values():
        for part in (each for each in step.parts if each.endswith("s") and each[:-1] in named):
            yield Issue(code="K116", subject=step.id, what=f"calls {part[:-1]} {part}", fix="use one name for a part")


def mains_without_electrician(knowledge: Knowledge) -> Iterator[Issue]:
    """K94: beside mains in an open cabinet works an electrician."""
    for step in knowledge.steps.values():
        if step.where == "cabinet" and step.needs in ("anyone", "technician") and _MAINS.search(step.hazard):
            what = f"lets {step.needs} work beside mains"
            yield Issue(code="K94", subject=step.id, what=what, fix="needs: electrician, or say where no mains is")


def hazard_that_is_none(knowledge: Knowledge) -> Iterator[Issue]:
    """K95: a hazard that says there is none teaches people to skip the field."""
    for step in knowledge.steps.values():
        if step.hazard.casefold().startswith(("none", "no ")):
            yield Issue(code="K95", subject=step.id, what="names a hazard that is none", fix="leave `hazard` out")


def message_that_nobody_sends(knowledge: Knowledge) -> Iterator[Issue]:
    """K97: a step that is a message names one that the bench sends: one that reads, or one of the four that act."""
    for step in knowledge.steps.values():
        if not step.message:
            continue
        try:
            found = errand(step.message)
        except UseError as error:
            yield Issue(code="K97", subject=step.id, what=error.what, fix=error.mend)
            continue
        if str(found) != step.message or found.is_hard_reset:
            fix = "write Reset Soft" if found.is_hard_reset else f"write {found}"
            yield Issue(code="K97", subject=step.id, what=f"says `{step.message}`", fix=fix)


def message_that_fits_not(knowledge: Knowledge) -> Iterator[Issue]:
    """K98: a message is no work in an open cabinet, and what acts on the charger is no question and no referral."""
    for step in knowledge.steps.values():
        acts = step.message.partition(" ")[0] in ACTING
        if step.message and (step.where == "cabinet" or (acts and step.kind in ("question", "refer"))):
            what = f"is a {step.kind} ({step.where}) that sends {step.message}"
            yield Issue(code="K98", subject=step.id, what=what, fix="remove `message`, or mend kind or place")


def securing_that_does_more(knowledge: Knowledge) -> Iterator[Issue]:
    """K110: making safe is never a repair or a question besides, and only what makes safe comes first or guards."""
    for step in knowledge.steps.values():
        fix = "part it into two steps, or give it another kind"
        if step.kind == "secure" and (step.answers or step.fixes):
            yield Issue(code="K110", subject=step.id, what="makes safe and does something else too", fix=fix)
        if step.guards and step.kind != "secure":
            yield Issue(code="K110", subject=step.id, what=f"guards, but is a {step.kind}", fix="kind: secure")
        if step.dead and step.kind != "secure":
            yield Issue(
                code="K110", subject=step.id, what=f"leaves no voltage, but is a {step.kind}", fix="kind: secure"
            )
        for each in step.first:
            if each in knowledge.steps and knowledge.steps[each].kind != "secure":
                yield Issue(code="K110", subject=step.id, what=f"waits for {each}, which makes nothing safe", fix=fix)


def securing_for_nothing(knowledge: Knowledge) -> Iterator[Issue]:
    """K111: what makes safe comes before something."""
    awaited = {each for step in knowledge.steps.values() for each in step.first}
    for step in knowledge.steps.values():
        if step.kind == "secure" and not step.guards and step.id not in awaited:
            yield Issue(
                code="K111", subject=step.id, what="comes before nothing", fix="add `guards`, or name it in `first`"
            )


def guard_that_nobody_keeps(knowledge: Knowledge) -> Iterator[Issue]:
    """K112: for every kind of danger there is a step that makes safe."""
    steps = knowledge.steps.values()
    kept = {guard for step in steps for guard in step.guards}
    wanted: dict[Guard, bool] = {
        "danger": any(each.danger for each in knowledge.evidence.values()),
        "safety": any(each.safety for each in knowledge.faults.values()),
        "hazard": any(each.hazard for each in steps),
        "cabinet": any(each.where == "cabinet" for each in steps),
    }
    for guard, is_wanted in wanted.items():
        if is_wanted and guard not in kept:
            fix = f"add a step of kind `secure` with guards: [{guard}]"
            yield Issue(code="K112", subject=guard, what="is a danger that no step makes safe", fix=fix)


def danger_that_is_no_answer(knowledge: Knowledge) -> Iterator[Issue]:
    """K113: what tells of danger is one of the answers."""
    for evidence in knowledge.evidence.values():
        for each in evidence.danger:
            if each not in evidence.answers:
                fix = f"use one of {', '.join(evidence.answers)}"
                yield Issue(
                    code="K113", subject=evidence.id, what=f"sees danger in `{each}`, which is no answer", fix=fix
                )


def given_that_nobody_finds_out(knowledge: Knowledge) -> Iterator[Issue]:
    """K114: what must be found out before a step has an answer, and another step that finds it out."""
    asked = {(each, step.id) for step in knowledge.steps.values() if step.asks for each in step.answers}
    for step in knowledge.steps.values():
        for each in step.given:
            answers = ("", *knowledge.evidence[each.evidence].answers)
            if each.answer not in answers:
                fix = f"use one of {', '.join(answers[1:])}"
                yield Issue(
                    code="K114", subject=step.id, what=f"waits for `{each.answer}`, which is no answer", fix=fix
                )
            if not any(one == each.evidence and other != step.id for one, other in asked):
                fix = "add a test or question that answers it"
                yield Issue(
                    code="K114", subject=step.id, what=f"waits for {each.evidence}, which no step finds", fix=fix
                )


def precondition_that_no_step_makes(knowledge: Knowledge) -> Iterator[Issue]:
    """K117: what is to be dead before a step waits for one that leaves no voltage; words alone are planned around."""
    waiting = {name: each.first for name, each in knowledge.steps.items() if each.first}
    dead = {each.id for each in knowledge.steps.values() if each.dead}
    for step in knowledge.steps.values():
        is_done_by_place = step.where == "cabinet" and not step.first
        if step.kind == "secure" or is_done_by_place or not _DEAD.search(step.precondition):
            continue
        if dead.isdisjoint(reached(waiting, step.id)):
            fix = "name in `first` the step that isolates and proves dead"
            yield Issue(code="K117", subject=step.id, what="says that it is done dead, and waits for no step", fix=fix)


def precondition_that_no_step_finds(knowledge: Knowledge) -> Iterator[Issue]:
    """K118: what is to be found out before a step is its `given`: it is found out first, or the step is left out."""
    for step in knowledge.steps.values():
        if step.kind != "secure" and not step.given and (said := _FOUND_OUT.search(step.precondition)):
            fix = "name in `given` what must have been found, or say nothing that has to be found"
            yield Issue(code="K118", subject=step.id, what=f"has `{said.group()}` before it only as words", fix=fix)


def _signals(knowledge: Knowledge) -> set[EvidenceId]:
    return {each.id for each in knowledge.evidence.values() if each.channel == "signal"}


def _cures(knowledge: Knowledge) -> dict[CauseId, list[Step]]:
    """The steps that help against each cause."""
    cures: defaultdict[CauseId, list[Step]] = defaultdict(list)
    for step in knowledge.steps.values():
        for cure in step.fixes:
            if cure.grade != "never" and cure.cause in knowledge.causes:
                cures[cure.cause].append(step)
    return cures


STEP_CHECKS: tuple[Check, ...] = (
    step_without_effect, step_without_minutes, hazard_without_precondition, hazard_for_anyone, safety_reset,
    cause_without_step, above_any_competence, irreversible_and_untested, part_without_name, twin_steps,
    part_listed_twice, part_of_two_names,
    mains_without_electrician, hazard_that_is_none, message_that_nobody_sends, message_that_fits_not,
    securing_that_does_more, securing_for_nothing, guard_that_nobody_keeps, danger_that_is_no_answer,
    given_that_nobody_finds_out, precondition_that_no_step_makes,
    precondition_that_no_step_finds,
)  # fmt: skip
