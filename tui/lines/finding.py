"""A finding as lines: what goes with it, and what it did once it was recorded."""

from __future__ import annotations

from collections import Counter

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.diagnosis import Diagnosis
from chargelore.kb.learned import Learned
from chargelore.tui.finding import NOTHING, Filled
from chargelore.tui.lines.case import charger_name
from chargelore.tui.lines.paint import NAME, QUIET, block, line
from chargelore.tui.text import brief, count, plain, words


def evidence_line(case: Case) -> Text:
    """Which answers go along with the finding: yes, no and others apart."""
    given = Counter(words(answer) for answer in case.answers.values())
    told = ", ".join(f"{number} × {brief(answer, 20)}" for answer, number in given.most_common(4)) or "none"
    symptoms = len({each.symptom for each in case.firings})
    goes_along = f"Goes along: {count(symptoms, 'symptom')}, {count(len(case.codes), 'code')}; your answers: {told}."
    return block([line((charger_name(case), NAME)), line((goes_along, QUIET))])


def recorded(filled: Filled, diagnosis: Diagnosis, learned: Learned) -> str:
    """What was learned, in a sentence."""
    labels: dict[str, str] = {each.cause: plain(each.cause_label) for each in diagnosis.hypotheses}
    cause = labels.get(filled.cause) or plain(filled.own_words).strip() or "cause not known"
    end = "The case stays open." if filled.fixed_by == NOTHING else "The case is closed."
    return f"{cause}. {end} Diagnoses now rest on {count(learned.cases, 'recorded case')}."
