"""Judge: whether what a rule said was right, once somebody has said what it was. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from chargelore.engine.grammar.rule import AnyRule, SignalRule
from chargelore.engine.trial import Trial
from chargelore.kb.model import CHANCE, Cause, CauseId, EvidenceId, Grade, Knowledge

Said = Literal["right", "wrong", "useless"]
FEWEST = 5  # below so many verdicts a share says nothing and is not shown
SPEAKS_FOR: frozenset[Grade] = frozenset({"sometimes", "often", "always"})


@dataclass(frozen=True, slots=True)
class Revealed:
    """What a rule on trial had said, and whether it was right; `open` where nobody can tell."""

    trial: Trial
    verdict: Said | Literal["open"]

    @property
    def name(self) -> str:
        """`id@version` of the rule."""
        return f"{self.trial.rule}@{self.trial.version}"


def revealed(trials: Iterable[Trial], cause: CauseId | None, knowledge: Knowledge) -> tuple[Revealed, ...]:
    """Every answer with its verdict; `cause` is None where it is none of this knowledge base."""
    known = knowledge.causes.get(cause) if cause is not None else None
    return tuple(Revealed(each, judged_trial(each, known, knowledge) if known else "open") for each in trials)


def judged(rule: AnyRule, cause: Cause, knowledge: Knowledge) -> Said:
    """Right when a rule that spoke speaks for the cause, wrong when it speaks for others, useless when for none."""
    if isinstance(rule, SignalRule):
        return of_symptom(rule.symptom, cause, knowledge)
    return _said(rule.conclude.symptom, rule.conclude.cause, rule.conclude.grade, (cause, knowledge))


def judged_trial(trial: Trial, cause: Cause, knowledge: Knowledge) -> Said:
    """The same of a rule on trial."""
    return _said(trial.symptom, trial.cause, trial.grade, (cause, knowledge))


def _said(symptom: EvidenceId | None, named: CauseId | None, grade: Grade, against: tuple[Cause, Knowledge]) -> Said:
    if symptom is not None:
        return of_symptom(symptom, *against)
    is_this = named == against[0].id
    if grade in SPEAKS_FOR:
        return "right" if is_this else "wrong"
    return "wrong" if is_this else "useless"


def of_symptom(symptom: EvidenceId, cause: Cause, knowledge: Knowledge) -> Said:
    """Right when the cause shows the symptom, wrong when it never does or only its rivals do, else useless."""
    grade = grade_of(symptom, cause)
    if grade in SPEAKS_FOR:
        return "right"
    rivals = (each for each in knowledge.causes.values() if each.fault == cause.fault and each.id != cause.id)
    misleads = grade is not None or any(grade_of(symptom, rival) in SPEAKS_FOR for rival in rivals)
    return "wrong" if misleads else "useless"


def grade_of(symptom: EvidenceId, cause: Cause) -> Grade | None:
    """How often the cause shows the symptom, as its author says; None where nothing is said."""
    grades = [link.grade for link in cause.shows if link.evidence == symptom and link.answer == "yes"]
    return max(grades, key=CHANCE.__getitem__, default=None)
