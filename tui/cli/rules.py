"""`chargelore rules`: run the examples of rules and say what a reviewer would say of them."""

from __future__ import annotations

from pathlib import Path

import click

from chargelore.engine.exercise import ALL_STATES, Outcome, exercise
from chargelore.engine.infer import best
from chargelore.engine.lint import lint
from chargelore.engine.rule import SHIPPED, load_rules
from chargelore.kb.load import shipped as knowledge
from chargelore.tui.cli.output import as_json, chosen, format_option, say, table, write_csv

COLUMNS = ("rule", "example", "expected", "fired", "passed")


@click.group(epilog="Example: chargelore rules test")
def rules() -> None:
    """Test, and review, the detection rules."""


@rules.command(epilog="Example: chargelore rules test my-rules/")
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED)
@format_option
def test(folder: Path, form: str | None) -> int:
    """Run every example of every rule below FOLDER; exit 1 when one does not do as it says."""
    loaded = load_rules(folder)
    inference = best(loaded.case_rules, ALL_STATES)
    outcomes = list(exercise(loaded, inference))
    inference.close()
    failed = [each for each in outcomes if not each.passed]
    _print_outcomes(outcomes, failed, chosen(form))
    return int(bool(failed))


def _print_outcomes(outcomes: list[Outcome], failed: list[Outcome], form: str) -> None:
    rows = [
        {name: getattr(each, name) for name in ("rule", "place", "example", "expected", "fired", "passed")}
        for each in outcomes
    ]
    if form == "csv":
        write_csv(rows, COLUMNS)
    elif form == "json":
        say(as_json({"examples": len(outcomes), "failed": [row for row in rows if not row["passed"]]}))
    else:
        for each in failed:
            said = "fired, but must not" if each.fired else "did not fire, but must"
            say(f"{each.place}: {each.rule}: `{each.example}` {said}")
        say(f"{len(outcomes)} examples of {len({each.rule for each in outcomes})} rules, {len(failed)} failed")


@rules.command(name="lint", epilog="Example: chargelore rules lint my-rules/")
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED)
@format_option
def lint_rules(folder: Path, form: str | None) -> int:
    """Say what a reviewer would say of the rules below FOLDER; exit 1 on findings."""
    issues = list(lint(load_rules(folder), knowledge()))
    rows = [
        {"code": each.code, "rule": each.rule, "place": each.place, "what": each.what, "fix": each.fix}
        for each in issues
    ]
    if chosen(form) == "json":
        say(as_json({"issues": rows}))
    elif chosen(form) == "csv":
        write_csv(rows, ("code", "rule", "place", "what", "fix"))
    else:
        say(
            table([tuple(row.values()) for row in rows], ("code", "rule", "place", "what", "fix"))
            if rows
            else "no findings"
        )
    return int(bool(issues))
