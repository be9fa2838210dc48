"""Lint of scopes: rules that apply to no charger, or that leave the folder they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from chargelore.engine.grammar.rule import Rules
from chargelore.engine.lint.issue import Check, Issue, every, issue, living
from chargelore.kb.model import Domain, Knowledge
from chargelore.kb.version import in_range, parts


def empty_range(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R47: a range of firmware that no version lies in."""
    for rule in living(rules):
        bounds = rule.applies_to.firmware
        if bounds and not any(in_range(bounds, each) for each in _tries(bounds)):
            yield issue("R47", rule, f"applies to firmware {bounds}, which there is none of", "turn the bounds round")


def _tries(bounds: str) -> Iterator[str]:
    """Versions on, just above and just below each bound."""
    for bound in bounds.split(","):
        version = parts(bound)
        if version:
            yield from (".".join(map(str, each)) for each in (version, (*version, 0, 1), _before(version)))


def _before(version: tuple[int, ...]) -> tuple[int, ...]:
    return (*version[:-1], version[-1] - 1, 999) if version[-1] else (0,)


def firmware_of_nobody(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R48: a version means nothing without its maker."""
    for rule in living(rules):
        scope = rule.applies_to
        if (scope.firmware or scope.model) and not scope.vendor:
            yield issue("R48", rule, "names a model or firmware of no maker", "add `vendor`", "warning")


def folder_of_no_domain(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R49: `signals/` and `cases/` are sorted by the domains of the taxonomy."""
    for rule in every(rules):
        where = Path(rule.place.rsplit(":", 1)[0]).parts
        folder = where[-2] if len(where) > 2 and where[-3] in ("signals", "cases") else ""
        if folder and folder not in get_args(Domain):
            fix = f"move it to one of {', '.join(get_args(Domain))}"
            yield issue("R49", rule, f"stands in {folder}, which is no domain", fix, "warning")


CHECKS: tuple[Check, ...] = (
    empty_range, firmware_of_nobody, folder_of_no_domain,
)  # fmt: skip
