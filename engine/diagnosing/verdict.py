"""Verdict: what a diagnosis comes to, in one word that claims no more than was seen. Pure."""

from __future__ import annotations

from chargelore.engine.diagnosing.apart import EVEN
from chargelore.engine.diagnosing.diagnosis import Apart, Verdict
from chargelore.engine.diagnosing.posterior import Posterior
from chargelore.kb.model import Knowledge


def verdict(knowledge: Knowledge, found: Posterior, group: Apart | None, *, has_step: bool) -> Verdict:
    """`ambiguous` while a `group` shares the first place, `no-fault` only where none of them is a fault.

    A first place that is less likely than all others together, and shared with none, is nothing that we know; nor is
    a case that points to nothing: somebody opened it, and that nothing is wrong has to be found, too.
    """
    if not found.suspects:
        return "unknown"
    first = found.suspects[0]
    if found.unknown > first.probability or (group is None and first.probability < EVEN):
        return "unknown" if has_step else "escalate"
    names = group.causes if group else (first.cause.id,)
    if not any(knowledge.faults[knowledge.causes[each].fault].is_fault for each in names):
        return "no-fault"
    return "ambiguous" if group else "diagnosed"
