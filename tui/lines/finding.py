"""A finding as lines: what goes with it, and what it did once it was recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.proving.judge import Revealed
from chargelore.kb.learned import Learned
from chargelore.kb.model import Knowledge
from chargelore.tui.finding import NOTHING, Filled
from chargelore.tui.lines.case import charger_name
from chargelore.tui.lines.paint import NAME, QUIET, block, line
from chargelore.tui.speech import counted, later, t
from chargelore.tui.text import brief, plain, words


def evidence_line(case: Case) -> Text:
    """Which answers go along with the finding: yes, no and others apart."""
    given = Counter(words(answer) for answer in case.answers.values())
    told = ", ".join(f"{number} × {brief(answer, 20)}" for answer, number in given.most_common(4)) or t("none")
    symptoms = len({each.symptom for each in case.firings})
    goes_along = t(
        "Goes along: {symptoms}, {codes}; your answers: {told}.",
        symptoms=counted(symptoms, "symptom"), codes=counted(len(case.codes), "code"), told=told,
    )  # fmt: skip
    return block([line((charger_name(case), NAME)), line((goes_along, QUIET))])


VERDICTS = {
    "right": later("right"),
    "wrong": later("wrong"),
    "useless": later("no help"),
    "open": later("nobody can tell"),
}


def revealed(told: Iterable[Revealed], knowledge: Knowledge) -> str:
    """What rules on trial had said, one a line, and whether they were right; empty where none had spoken."""
    return "\n".join(
        t(
            "{rule} would have said “{what}”: {verdict}.",
            rule=each.trial.rule,
            what=_said(each, knowledge),
            verdict=t(VERDICTS[each.verdict]),
        )
        for each in told
    )


def _said(told: Revealed, knowledge: Knowledge) -> str:
    trial = told.trial
    if trial.cause is not None:
        cause = knowledge.causes.get(trial.cause)
        return f"{plain(cause.label) if cause else words(trial.cause)} ({t(trial.grade)})"
    evidence = knowledge.evidence.get(trial.symptom) if trial.symptom else None
    return plain(evidence.question) if evidence else words(trial.symptom or "")


def recorded(filled: Filled, diagnosis: Diagnosis, learned: Learned) -> str:
    """What was learned, in a sentence."""
    labels: dict[str, str] = {each.cause: plain(each.cause_label) for each in diagnosis.hypotheses}
    cause = labels.get(filled.cause) or plain(filled.own_words).strip() or t("cause not known")
    end = t("The case stays open.") if filled.fixed_by == NOTHING else t("The case is closed.")
    rests = t("Diagnoses now rest on {cases}.", cases=counted(learned.cases, "recorded case"))
    return f"{cause}. {end} {rests} {t('z undoes it, X exports what is known.')}"
