"""Giving up: a rule that runs no more stays in its file, with the day, the reason and what took its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from chargelore.engine.grammar.rule import AnyRule, Rules
from chargelore.engine.grammar.rulesplice import Put, spliced
from chargelore.kb.errors import UseError
from chargelore.tui.cli.ruling.rulesaving import save, text_of
from chargelore.tui.explaining.keeping import Kept
from chargelore.tui.rulebook import file_of

NOTHING = "none"


def may_replace(rule: AnyRule, heir: str, rules: Rules) -> None:
    """UseError for what cannot take a rule's place: itself, and what is not there or does not run any more."""
    known = {each.id: each for each in rules.every}
    if heir == NOTHING:
        return
    if heir == rule.id or heir not in known or known[heir].status == "deprecated":
        what = f"{heir[:60]} cannot take the place of {rule.id}"
        raise UseError(what, mend=f"name a rule that runs, or write {NOTHING}")


def given_up(rule: AnyRule, reason: str, heir: str, today: date) -> Kept:
    """Write it into the rule's file. RuleError where that cannot be done in place, UseError where nobody may write."""
    file: Path = file_of(rule)
    before = text_of(file)
    after = spliced(before, [*_changes(reason, heir, today)], file)
    save(file, after)
    return Kept(file, before, after)


def _changes(reason: str, heir: str, today: date) -> Iterator[Put]:
    yield Put(("status",), "deprecated", "id")
    yield Put(("since",), today.isoformat(), "status")
    yield Put(("reason",), reason, "since")
    yield Put(("replaced_by",), heir, "reason")
