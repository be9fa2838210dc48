"""Lint of time: drafts that nobody finished, trials that nobody judged, and rules that changed without saying so.

What day it is, how the rules stood before and what was said of them blind comes from outside: lint reads no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from chargelore.engine.grammar.rule import AnyRule, Rules
from chargelore.engine.lint.issue import Beside, DatedCheck, Edit, Issue, issue
from chargelore.engine.proving.judge import FEWEST

DRAFT = timedelta(days=90)  # a draft that is older was given up without a word
TRIAL = timedelta(days=180)  # so long a trial without a verdict finds none


def old_draft(rules: Rules, beside: Beside) -> Iterator[Issue]:
    """R50: a draft is finished within three months, or dropped."""
    for rule in rules.every:
        if rule.status == "draft" and _is_over(rule, beside.today, DRAFT):
            fix = "put it on trial with `status: shadow`, or remove it"
            yield issue("R50", rule, f"is a draft since {rule.since}", fix, "warning")


def old_trial(rules: Rules, beside: Beside) -> Iterator[Issue]:
    """R51: a trial of half a year that brought no verdict never will."""
    for rule in rules.every:
        verdicts = beside.verdicts.get(f"{rule.id}@{rule.version}", 0)
        if rule.status == "shadow" and _is_over(rule, beside.today, TRIAL) and verdicts < FEWEST:
            what = f"is on trial since {rule.since} and has {verdicts} of {FEWEST} verdicts"
            yield issue("R51", rule, what, "widen it, or give it up with `status: deprecated`", "warning")


def _is_over(rule: AnyRule, today: date | None, span: timedelta) -> bool:
    return rule.since is not None and today is not None and today - rule.since > span


def no_since(rules: Rules, beside: Beside) -> Iterator[Issue]:
    """R52: a draft or a trial says since when, so that it can grow too old."""
    for rule in rules.every:
        if rule.status in ("draft", "shadow") and rule.since is None:
            told = issue("R52", rule, f"does not say since when it is {_stage(rule)}", "write `since:`", "warning")
            edit = Edit(("since",), beside.today, adds=True) if beside.today else None
            yield replace(told, edit=edit)


def _stage(rule: AnyRule) -> str:
    return "on trial" if rule.status == "shadow" else "a draft"


def since_tomorrow(rules: Rules, beside: Beside) -> Iterator[Issue]:
    """R53: nothing has its status since a day that is still to come."""
    for rule in rules.every:
        if rule.since is not None and beside.today is not None and rule.since > beside.today:
            yield issue("R53", rule, f"has its status since {rule.since}, which is to come", "correct it", "warning")


def silent_change(rules: Rules, beside: Beside) -> Iterator[Issue]:
    """R54: a rule that decides otherwise has another version (with --against)."""
    known = _known(beside)
    for rule in rules.every:
        old = known.get(rule.id)
        if old is not None and _hash(rule) != _hash(old) and _number(rule) <= _number(old):
            what = f"decides otherwise than {old.version} and is version {_number(rule)}"
            yield issue("R54", rule, what, f"write `version: {_number(old) + 1}`")


def idle_bump(rules: Rules, beside: Beside) -> Iterator[Issue]:
    """R55: a version goes up when the rule decides otherwise, and never down (with --against)."""
    known = _known(beside)
    for rule in rules.every:
        old = known.get(rule.id)
        if old is not None and _hash(rule) == _hash(old) and _number(rule) != _number(old):
            what = f"decides as {old.version} did and is version {_number(rule)}"
            yield issue("R55", rule, what, f"write `version: {_number(old)}`", "warning")


def gone(rules: Rules, beside: Beside) -> Iterator[Issue]:
    """R56: a stable rule leaves by way of `deprecated`, so that findings still tell what it was (with --against)."""
    left = {rule.id for rule in rules.every}
    for rule in beside.before.every:
        if rule.status == "stable" and rule.id not in left:
            fix = "keep it with `status: deprecated`, `reason` and `replaced_by`"
            yield issue("R56", rule, "was stable and is not there any more", fix, "warning")


def _known(beside: Beside) -> dict[str, AnyRule]:
    return {rule.id: rule for rule in beside.before.every}


def _number(rule: AnyRule) -> int:
    return int(rule.version.partition(".")[0])


def _hash(rule: AnyRule) -> str:
    return rule.version.partition(".")[2]


CHECKS: tuple[DatedCheck, ...] = (
    old_draft, old_trial, no_since, since_tomorrow, silent_change, idle_bump, gone,
)  # fmt: skip
