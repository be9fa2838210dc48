"""Danger: which faults of a charger's open cases are a matter of safety, so that nobody resets it before looking."""

from __future__ import annotations

from collections.abc import Iterable

from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.kb.model import Knowledge

WORTH_A_LOOK = 0.1  # a suspicion from which on somebody has to look first


def danger(diagnoses: Iterable[Diagnosis], knowledge: Knowledge) -> str:
    """The likeliest safety fault that is suspected, by its label; empty where none is."""
    suspected = [
        (each.probability, each.label)
        for diagnosis in diagnoses
        for each in diagnosis.hypotheses
        if each.probability >= WORTH_A_LOOK and each.fault in knowledge.faults and knowledge.faults[each.fault].safety
    ]
    return max(suspected, default=(0.0, ""))[1]
