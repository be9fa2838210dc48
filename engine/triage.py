"""Triage: one log or case file from first byte to diagnosed cases, as plain values ready to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chargelore.engine.case import Case, spoken
from chargelore.engine.diagnosis import Diagnosis, Hypothesis, NextStep, Reason
from chargelore.engine.watch import Watch

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Found:
    """One case with its diagnosis."""

    case: Case
    diagnosis: Diagnosis


def found(watch: Watch) -> tuple[Found, ...]:
    """All open cases, diagnosed, in order of opening."""
    return tuple(Found(case, watch.diagnosis(case.id)) for case in watch.cases.values())


def as_json(one: Found) -> Json:
    """A case as the command line prints it; stable from the first release."""
    case, diagnosis = one.case, one.diagnosis
    return {
        "case": case.id,
        "charger": {
            "id": case.charger.id,
            "vendor": case.charger.vendor,
            "model": case.charger.model,
            "firmware": case.charger.firmware,
        },
        "connector": case.connector,
        "opened_at": case.opened_at.isoformat() if case.opened_at else None,
        "codes": [_code(each) for each in _codes(case)],
        "symptoms": sorted({firing.symptom for firing in case.firings}),
        "rules": list(spoken(case)),
        "layers": {"seen": list(diagnosis.layers_seen), "missing": list(diagnosis.layers_missing)},
        "hypotheses": [_hypothesis(each) for each in diagnosis.hypotheses],
        "unknown": round(diagnosis.unknown, 4),
        "next": [_step(each) for each in diagnosis.steps],
        "verdict": diagnosis.verdict,
    }


def _codes(case: Case) -> Iterable[tuple[str, str, str, str | None, str | None, int]]:
    return ((each.vendor, each.code, each.text, each.fault, each.relation, each.times) for each in case.codes)


def _code(code: tuple[str, str, str, str | None, str | None, int]) -> Json:
    return dict(zip(("vendor", "code", "text", "fault", "relation", "times"), code, strict=True))


def _hypothesis(each: Hypothesis) -> Json:
    return {
        "fault": each.fault,
        "label": each.label,
        "domain": each.domain,
        "responsible": each.responsible,
        "cause": each.cause,
        "cause_label": each.cause_label,
        "probability": each.probability,
        "because": [_reason(reason) for reason in each.because],
        "against": [_reason(reason) for reason in each.against],
        "unseen": list(each.unseen),
    }


def _reason(reason: Reason) -> Json:
    return {
        "evidence": reason.evidence,
        "text": reason.text,
        "points": reason.points,
        "strength": reason.strength,
        "backed_by": reason.backed_by,
    }


def _step(step: NextStep) -> Json:
    return {
        "step": step.step,
        "label": step.label,
        "minutes": step.minutes,
        "where": step.where,
        "splits": list(step.splits),
        "hazard": step.hazard,
        "precondition": step.precondition,
    }
