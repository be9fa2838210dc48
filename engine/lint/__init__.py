"""Lint: what a reviewer would say of rules; small checks that yield issues with a code, a severity and a fix."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.engine.grammar.rule import Rules
from chargelore.engine.lint import ageing, lifecycle, links, patterns, scopes, several, timing
from chargelore.engine.lint.issue import SEVERITIES, Beside, Check, Issue, Severity
from chargelore.kb.model import Knowledge

__all__ = ["CHECKS", "Beside", "Issue", "Severity", "explained", "lint"]

CHECKS: tuple[Check, ...] = (
    *lifecycle.CHECKS, *links.CHECKS, *patterns.CHECKS, *timing.CHECKS, *scopes.CHECKS, *several.CHECKS,
)  # fmt: skip

NOTHING_BESIDE = Beside()


def lint(
    rules: Rules, knowledge: Knowledge, least: Severity = "warning", beside: Beside = NOTHING_BESIDE
) -> Iterator[Issue]:
    """Every complaint that is at least so severe, check by check; `beside` tells the day and how the rules stood."""
    heard = SEVERITIES[: SEVERITIES.index(least) + 1]
    for check in CHECKS:
        yield from (each for each in check(rules, knowledge) if each.severity in heard)
    for dated in ageing.CHECKS:
        yield from (each for each in dated(rules, beside) if each.severity in heard)


def explained() -> list[tuple[str, str]]:
    """Each check by its code and what it tells, in the order of the codes."""
    said = [(each.__doc__ or "").split(": ", 1) for each in (*CHECKS, *ageing.CHECKS)]
    return sorted((code, tells) for code, tells in said)
