"""Signature: what a case must have in common with another to be the same trouble. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.observed import Observed
from chargelore.kb.answer import Signature
from chargelore.kb.model import CauseId, EvidenceId, Knowledge

MOST = 40  # pieces of evidence, codes or faults
LONGEST = 80  # letters of what a charger calls itself


def signature_of(knowledge: Knowledge, case: Case, seen: Observed, suspects: Iterable[CauseId]) -> Signature:
    """The maker and model, what was reported, and the answered evidence that bears on a suspect.

    What bears on none of them is by the way: an identical trouble elsewhere may come without it. Where nothing is
    suspected all of it counts.
    """
    bearing = {link.evidence for each in suspects if each in knowledge.causes for link in knowledge.causes[each].shows}
    given = seen.answers.items()
    counted = [each for each in given if each[0] in bearing or each[0] in case.answers] or given
    return Signature(
        vendor=_name(case.charger.vendor),
        model=_name(case.charger.model),
        faults=tuple(sorted(seen.faults))[:MOST],
        codes=tuple(sorted(seen.codes))[:MOST],
        evidence=tuple(sorted(_known(knowledge, counted)))[:MOST],
    )


def _known(knowledge: Knowledge, given: Iterable[tuple[EvidenceId, str]]) -> Iterator[tuple[EvidenceId, str]]:
    """An answer to a question that is not asked any more tells nothing apart."""
    return ((name, answer) for name, answer in given if name in knowledge.evidence)


def _name(text: str) -> str:
    """What a charger calls itself, as plain text: a star in it stands for nothing else."""
    return text.replace("*", "").strip()[:LONGEST]
