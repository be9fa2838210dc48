"""Openers: what opens a case: a telling symptom, a code of trouble, or a person who says what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from chargelore.engine import witness
from chargelore.engine.case import SeenCode
from chargelore.engine.casework import DENIED
from chargelore.engine.firing import Firing
from chargelore.engine.post import is_trouble
from chargelore.engine.signal import Signal
from chargelore.engine.sitemeter import SHARED
from chargelore.kb.model import EvidenceId, Knowledge


def openers(
    knowledge: Knowledge, signal: Signal | None, firings: Iterable[Firing], codes: Iterable[SeenCode]
) -> frozenset[int | None]:
    """The connectors that are in trouble by what a signal says and what it made rules recognise; None: the charger."""
    found = {each.connector or None for each in firings if is_telling(knowledge, each)}
    if signal is not None and (any(is_trouble(code) for code in codes) or tells_of_trouble(knowledge, signal)):
        found.add(signal.connector or None)
    return frozenset(found)


def tells_of_trouble(knowledge: Knowledge, signal: Signal) -> bool:
    """Whether a person came to say what there is; not what there is not."""
    if witness.NAME not in signal.marks or DENIED in signal.marks or signal.fields.get("answer") == "no":
        return False
    evidence = knowledge.evidence.get(EvidenceId(str(signal.fields.get("evidence") or "")))
    return evidence is None or evidence.channel != "measured" or signal.fields.get("answer") != evidence.answers[0]


def is_telling(knowledge: Knowledge, firing: Firing) -> bool:
    """Whether a symptom opens a case; not what often shows up on a sound charger, nor what only its site's meter says.

    Both count once something else has opened one.
    """
    if all(SHARED in signal.marks for signal in firing.signals) and firing.signals:
        return False
    evidence = knowledge.evidence.get(firing.symptom)
    return evidence is None or evidence.layer == "field" or evidence.leak in ("never", "rarely")
