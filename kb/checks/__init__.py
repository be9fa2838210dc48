"""Check: what a reviewer would say of the knowledge; small functions that yield issues with a code and a fix."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.kb.checks.claims import CLAIM_CHECKS
from chargelore.kb.checks.codes import CODE_CHECKS
from chargelore.kb.checks.evidence import EVIDENCE_CHECKS
from chargelore.kb.checks.families import families_astray
from chargelore.kb.checks.faults import FAULT_CHECKS
from chargelore.kb.checks.issue import Check, Issue
from chargelore.kb.checks.languages import LANGUAGE_CHECKS
from chargelore.kb.checks.messages import MESSAGE_CHECKS
from chargelore.kb.checks.registers import REGISTER_CHECKS
from chargelore.kb.checks.steps import STEP_CHECKS
from chargelore.kb.model import Knowledge

CHECKS: tuple[Check, ...] = (
    *EVIDENCE_CHECKS,
    *STEP_CHECKS,
    *FAULT_CHECKS,
    *CLAIM_CHECKS,
    *CODE_CHECKS,
    *MESSAGE_CHECKS,
    *LANGUAGE_CHECKS,
    *REGISTER_CHECKS,
)


def check(knowledge: Knowledge) -> Iterator[Issue]:
    """Every complaint, check by check."""
    for each in CHECKS:
        yield from each(knowledge)


def explained() -> list[tuple[str, str]]:
    """Each check by its code and what it tells, in the order of the codes."""
    said = [(each.__doc__ or "").split(": ", 1) for each in (*CHECKS, families_astray)]
    return sorted((code, tells) for code, tells in said)
