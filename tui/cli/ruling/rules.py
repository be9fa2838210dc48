"""`chargelore rules`: run the examples of rules, say what a reviewer would say of them, and why one fires."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from chargelore.engine.grammar.rule import SHIPPED, Rules, load_rules
from chargelore.engine.proving.exercise import exercise
from chargelore.engine.proving.explain import Explanation, explain, lines, why_not
from chargelore.engine.proving.mutate import mutants, survives
from chargelore.engine.read import read
from chargelore.engine.spoken import spoken
from chargelore.kb.codes import Codes
from chargelore.kb.errors import RuleError
from chargelore.kb.load import shipped as knowledge
from chargelore.tui.cli.listing import db_option, listed
from chargelore.tui.cli.output import as_json, chosen, format_option, say
from chargelore.tui.cli.placing import placed, places_option, unasked
from chargelore.tui.cli.ruling.backtest import backtest, diff
from chargelore.tui.cli.ruling.named import signal_rule
from chargelore.tui.cli.ruling.newrule import new
from chargelore.tui.cli.ruling.rulelint import lint_rules
from chargelore.tui.cli.ruling.ruletest import test
from chargelore.tui.cli.ruling.scorecard import scorecard
from chargelore.tui.cli.ruling.tunerule import tune

STAGES = {
    "draft": "a draft, which does not run",
    "shadow": "on trial: no diagnosis shows what it says before a cause was named",
    "deprecated": "deprecated, it does not run",
}
SLIP_COLUMNS = ("rule", "what", "where", "place")


@click.group(epilog="Example: chargelore rules test")
def rules() -> None:
    """Test, review and explain the detection rules."""


@rules.command(epilog="Example: chargelore rules mutate my-rules/")
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED)
@format_option
def mutate(folder: Path, form: str | None) -> int:
    """Say which slips in the rules below FOLDER their examples would let pass; exit 1 when there are any."""
    sound = _sound(load_rules(folder))
    every = [mutant for rule in sound.signal_rules for mutant in mutants(rule)]
    alive = [mutant for mutant in every if survives(mutant)]
    rows = [{"rule": each.rule.id, "what": each.what, "where": each.where, "place": each.rule.place} for each in alive]
    listed(rows, SLIP_COLUMNS, form, name="slips", nothing="every slip is noticed")
    click.echo(f"chargelore: {len(every)} slips tried, {len(every) - len(alive)} noticed", err=True)
    return int(bool(alive))


def _sound(loaded: Rules) -> Rules:
    """The rules, when their examples pass: an example that fails anyway notices nothing. RuleError otherwise."""
    for outcome in exercise(loaded):
        if not outcome.passed:
            what = f"the example `{outcome.example}` fails as it stands"
            raise RuleError(what, where=outcome.place, mend="mend it first, with `rules test`")
    return loaded


@rules.command(epilog="Example: chargelore rules schema > rule.schema.json")
@click.argument("file", metavar="[rule|places]", type=click.Choice(["rule", "places"]), default="rule")
def schema(file: str) -> int:
    """Print the JSON Schema of a rule's or a places file, for editors that complete and check."""
    from chargelore.engine import ruleschema  # noqa: PLC0415  # no other command needs it

    made = ruleschema.places_schema() if file == "places" else ruleschema.schema()
    click.echo(json.dumps(made, indent=2))
    return 0


@rules.command(name="explain", epilog="Example: chargelore rules explain ground-fault-at-plug-in charger.log")
@click.argument("name", metavar="RULE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rules", "folder", type=click.Path(path_type=Path), default=SHIPPED, help="Another folder of rules.")
@db_option
@places_option
@format_option
def explain_rule(name: str, file: Path, folder: Path, form: str | None, **given: Any) -> int:
    """Say why a signal rule fires on a log or case file: each value with ✓, ✗ or ? for one that is not there."""
    told = _told(name, file, folder, **given)
    _print_told(told, list(lines(told)), form)
    return 0


@rules.command(name="why-not", epilog="Example: chargelore rules why-not ground-fault-at-plug-in charger.log")
@click.argument("name", metavar="RULE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rules", "folder", type=click.Path(path_type=Path), default=SHIPPED, help="Another folder of rules.")
@db_option
@places_option
@format_option
def why_rule_does_not(name: str, file: Path, folder: Path, form: str | None, **given: Any) -> int:
    """Say what a signal rule lacks on a log or case file, and what this model never sends; exit 1 when it lacks any."""
    told = _told(name, file, folder, **given)
    _print_told(told, list(why_not(told)), form)
    return int(not told.fired)


def _told(name: str, file: Path, folder: Path, *, db: str | None, places: Path | None) -> Explanation:
    from chargelore.tui.live import sheet_here  # noqa: PLC0415  # the database loads only where a log is asked about

    rule, reading = signal_rule(name, folder), read(sys.stdin.buffer if str(file) == "-" else file)
    spots, heard = placed(places), spoken(reading, Codes(knowledge()), reading.introduced)
    return explain(rule, heard, reading.introduced, sheet_here(db), spots)


def _print_told(told: Explanation, said: list[str], form: str | None) -> None:
    rule = told.rule
    if chosen(form) == "table":
        stage = "" if rule.status == "stable" else f", {STAGES[rule.status]}"
        say("\n".join((f"{said[0]} (version {rule.version}{stage})", *said[1:])))
    else:
        known = {"rule": rule.id, "version": rule.version, "status": rule.status}
        row = {**known, "truth": told.truth.word, "fired": told.fired, "because": said[1:]}
        row["unasked"] = {each.pattern.name: str(each.silence) for each in told.asked if each.silence}
        say(as_json({**row, "unplaced": unasked(told.unplaced)}))


rules.add_command(test)
rules.add_command(lint_rules)
rules.add_command(backtest)
rules.add_command(diff)
rules.add_command(new)
rules.add_command(tune)
rules.add_command(scorecard)
