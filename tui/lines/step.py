"""The next step as lines: what to do, where, for how long, under which precondition, and what to answer."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis, NextStep
from chargelore.kb.model import Evidence, EvidenceId, Knowledge
from chargelore.tui.lines.paint import BADGE, DANGER, GOOD, NAME, QUIET, STRONG, WARN, line, wrapping
from chargelore.tui.parties import PARTIES
from chargelore.tui.speech import t
from chargelore.tui.text import WHERE, brief, fitting, words

NEEDS: Mapping[str, str] = {
    "anyone": "anyone", "technician": "technician", "electrician": "electrician", "hv": "high-voltage expert",
    "oem": "the maker",
}  # fmt: skip


def open_question(step: NextStep, case: Case, knowledge: Knowledge, skipped: frozenset[EvidenceId]) -> Evidence | None:
    """The first question of a step that has no answer yet and was not passed over."""
    asked = (knowledge.evidence.get(each) for each in step.answers if each not in case.answers and each not in skipped)
    return next(filter(None, asked), None)


def step_lines(step: NextStep, knowledge: Knowledge, width: int) -> list[Text]:
    """What to do, where and for how long, and under which precondition; safety before anything else."""
    known = knowledge.steps.get(step.step)
    needs = t("for {whom}", whom=t(NEEDS.get(known.needs, words(known.needs)))) if known else ""
    facts = fitting((f"{step.minutes} min", t(WHERE.get(step.where, words(step.where))), needs), width)
    label = line((brief(step.label, 400), STRONG))
    lines = [line((t("SAFETY  "), DANGER), label) if step.kind == "secure" else label, line((facts, QUIET))]
    if step.hazard:
        lines.append(line((t("DANGER  "), DANGER), (brief(step.hazard, 400), DANGER)))
    if step.precondition:
        lines.append(line((t("first   "), WARN), brief(step.precondition, 400)))
    return [wrapping(each) for each in lines]


def here_lines(step: NextStep, key: str = "M") -> list[Text]:
    """That a step can be done from here, and with which key."""
    if not step.message:
        return []
    return [
        line(
            (t("here    "), GOOD),
            (f" {key} ", BADGE),
            t(" sends {message} to the charger", message=brief(step.message, 60)),
        )
    ]


def aim_lines(step: NextStep, knowledge: Knowledge) -> list[Text]:
    """What a step cures, or which suspects its answer tells apart."""
    causes = step.fixes or step.splits
    names = [knowledge.causes[each].label if each in knowledge.causes else words(each) for each in causes[:3]]
    if not names:
        return []
    return [wrapping(line((t("cures   ") if step.fixes else t("splits  "), QUIET), brief(" / ".join(names), 300)))]


def question_lines(evidence: Evidence, width: int) -> list[Text]:
    """The open question of a step with its answers on number keys."""
    keys = [(f" {number} ", t(words(answer))) for number, answer in enumerate(evidence.answers[:5], 1)]
    choices = [line((key, BADGE), f" {answer}  ") for key, answer in (*keys, (" 0 ", t("did not look")))]
    question = wrapping(line((brief(evidence.question, 400), NAME)))
    return [question, *_packed(choices, width)]


def _packed(choices: list[Text], width: int) -> list[Text]:
    """As many choices on a line as fit, none torn apart."""
    lines = [line()]
    for choice in choices:
        if lines[-1].cell_len and lines[-1].cell_len + choice.cell_len > width:
            lines.append(line())
        lines[-1] = line(lines[-1], choice)
    return lines


def no_step_lines(diagnosis: Diagnosis) -> list[Text]:
    """What to say when there is no step."""
    if diagnosis.verdict == "no-fault":
        return [Text(t("Nothing to repair. Press r to record what it was."))]
    who = PARTIES[diagnosis.hypotheses[0].responsible] if diagnosis.hypotheses else PARTIES["evse-oem"]
    handing = t("No step here is worth its minutes. Hand the case to the {who}.", who=t(who))
    return [Text(handing), Text(t("Press r to record what you find."))]
