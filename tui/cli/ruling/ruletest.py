"""`chargelore rules test`: every example of every rule, told where it does not do as it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from chargelore.engine.grammar.rule import SHIPPED, Rules, load_rules
from chargelore.engine.infer import best
from chargelore.engine.proving.exercise import ALL_STATES, Outcome, exercise
from chargelore.engine.units import spelt
from chargelore.tui.cli.inferring import told_anew
from chargelore.tui.cli.junit import write_junit
from chargelore.tui.cli.output import as_json, chosen, format_option, say, write_csv
from chargelore.tui.text import count

COLUMNS = ("rule", "place", "example", "expected", "fired", "at", "passed")


@click.command(epilog="Example: chargelore rules test my-rules/ --junit junit.xml")
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED)
@click.option("--verbose", "-v", "is_all", is_flag=True, help="Print every example, not only those that fail.")
@click.option("--junit", type=click.Path(path_type=Path), help="Also write the verdicts as JUnit XML.")
@format_option
def test(folder: Path, is_all: bool, junit: Path | None, form: str | None) -> int:
    """Run every example of every rule below FOLDER; exit 1 when one does not do as it says."""
    outcomes = _exercised(load_rules(folder))
    failed = [each for each in outcomes if not each.passed]
    if junit:
        write_junit(junit, "examples", ((each.rule, each.example, _failures(each)) for each in outcomes))
    PRINTERS[chosen(form)](outcomes if is_all else failed)
    if chosen(form) == "table":
        rules = count(len({each.rule for each in outcomes}), "rule")
        say(f"{count(len(outcomes), 'example')} of {rules}, {len(failed)} failed")
    return int(bool(failed))


def _exercised(rules: Rules) -> list[Outcome]:
    inference = best(rules.case_rules, ALL_STATES)
    try:
        return list(exercise(rules, inference))
    finally:
        told_anew(inference.standing)
        inference.close()


def _failures(outcome: Outcome) -> tuple[str, ...]:
    return () if outcome.passed else (f"{outcome.place}: {outcome}",)


def _row(each: Outcome) -> dict[str, object]:
    told = (each.rule, each.place, each.example, each.expected, each.fired, [*map(spelt, each.at)], each.passed)
    return dict(zip(COLUMNS, told, strict=True))


def _print_json(told: Sequence[Outcome]) -> None:
    failed = [_row(each) for each in told if not each.passed]
    say(as_json({"shown": [_row(each) for each in told], "failed": failed}))


def _print_table(told: Sequence[Outcome]) -> None:
    for each in told:
        say(f"{'ok    ' if each.passed else 'FAILED'} {each.place}: {each.rule}: `{each.example}` {each}")


PRINTERS: Mapping[str, Callable[[Sequence[Outcome]], None]] = {
    "json": _print_json,
    "csv": lambda told: write_csv([{**_row(each), "at": " ".join(map(spelt, each.at))} for each in told], COLUMNS),
    "table": _print_table,
}
