"""`chargelore rules backtest` and `rules diff`: rules judged by what recordings turned out to be."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from chargelore.engine.grammar.rule import Rules, load_rules
from chargelore.engine.matching.sitewide import unplaced
from chargelore.engine.places import load_places
from chargelore.engine.proving.backtest import Difference, Heard, Score, difference, scores
from chargelore.engine.proving.recordings import Recording, played, recordings
from chargelore.kb.errors import InputError
from chargelore.kb.load import shipped
from chargelore.kb.yamlfile import parse
from chargelore.tui.cli.junit import write_junit
from chargelore.tui.cli.output import as_json, chosen, format_option, say, table, write_csv
from chargelore.tui.cli.placing import places_option, unasked_sentences
from chargelore.tui.text import count

COUNTS, SHARES = ("right", "wrong", "useless", "missed", "noise"), ("precision", "recall", "noise per month")
COLUMNS = ("rule", "version", *COUNTS, *SHARES)
LIMITS = {"right": "at least", "wrong": "at most", "useless": "at most", "missed": "at most", "noise": "at most"}

jobs_option = click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="How many recordings are played at once."
)


@click.command(epilog="Example: chargelore rules backtest my-rules/ recordings/ --expect expected.yaml")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("recorded", type=click.Path(path_type=Path))
@click.option("--expect", type=click.Path(path_type=Path), help="Limits by rule: `rule: {right: 2, wrong: 0}`.")
@click.option("--junit", type=click.Path(path_type=Path), help="Also write the verdicts as JUnit XML.")
@places_option
@jobs_option
@format_option
def backtest(folder: Path, recorded: Path, jobs: int, form: str | None, **files: Path | None) -> int:
    """Judge the rules below FOLDER by the recordings in RECORDED, whose confirmed.csv says what each turned out to be.

    Shares below five judged recordings are not shown; rules on trial are judged as if they were stable. Exit 1 when a
    rule misses what is expected of it; without --expect, when one was wrong more often than right.
    """
    listed = recordings(recorded, shipped())
    expect, junit, places = files["expect"], files["junit"], files["places"]
    rules = load_rules(folder)
    told = scores(rules, _played(folder, listed, jobs, places, trial=True), shipped())
    for sentence in unasked_sentences(() if places else unplaced(rules.signal_rules)):
        click.echo(f"chargelore: {sentence}", err=True)
    wanted = _expected(expect, told) if expect else {each.rule: {"wrong": each.right} for each in told}
    failed = {each.rule: why for each in told if (why := list(_misses(each, wanted.get(each.rule, {}))))}
    if junit:
        write_junit(junit, "backtest", (("rules", each.rule, tuple(failed.get(each.rule, ()))) for each in told))
    _print_scores([each for each in told if each.judged or each.noise or each.useless], failed, form)
    return int(bool(failed))


@click.command(epilog="Example: chargelore rules diff rules-before/ rules-after/ recordings/")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.argument("recorded", type=click.Path(path_type=Path))
@click.option("--trial", is_flag=True, help="Believe the rules on trial in AFTER, as if they had been promoted.")
@places_option
@jobs_option
@format_option
def diff(before: Path, after: Path, recorded: Path, form: str | None, **how: Any) -> int:
    """Say which recordings in RECORDED get another first suspect with the rules AFTER; exit 1 when one gets worse."""
    listed = recordings(recorded, shipped())
    renewed = _renewed(load_rules(before), load_rules(after))
    trial, jobs, places = how["trial"], how["jobs"], how["places"]
    then = _played(before, listed, jobs, places)
    told = difference(then, _played(after, listed, jobs, places, trial=trial))
    PRINTERS[chosen(form)](told, renewed)
    return int(bool(told.worse))


Renewed = Mapping[str, list[str]]  # the rules that are other ones now, by what became of them


def _renewed(before: Rules, after: Rules) -> Renewed:
    then, now = ({rule.id: rule.version for rule in rules.every} for rules in (before, after))
    both = [name for name in now if name in then]
    return {
        "changed": [f"{name}@{then[name]} -> {now[name]}" for name in both if then[name] != now[name]],
        "added": [f"{name}@{now[name]}" for name in now if name not in then],
        "gone": [f"{name}@{then[name]}" for name in then if name not in now],
    }


def _played(
    folder: Path, listed: tuple[Recording, ...], jobs: int, places: Path | None, *, trial: bool = False
) -> list[Heard]:
    """With a bar and the time that is left where a person looks on."""
    if places:
        load_places(places)  # what is wrong with it is told once, before anything is played
    heard = played(folder, listed, min(jobs, len(listed)), trial=trial, places=places)
    hidden = not sys.stderr.isatty()
    with click.progressbar(heard, length=len(listed), label=str(folder), file=sys.stderr, hidden=hidden) as bar:
        return list(bar)


def _expected(file: Path, told: tuple[Score, ...]) -> Mapping[str, Mapping[str, int]]:
    """Limits by rule; whoever misspells one is told so."""
    document = parse(file, InputError)
    wanted = document.value
    known = {each.rule for each in told}
    if not isinstance(wanted, dict):
        raise InputError("holds no rules", where=document.place(), mend="write `rule: {right: 2, wrong: 0}`")
    for rule, limits in wanted.items():
        if rule not in known:
            raise InputError(f"there is no rule {rule}", where=document.place((rule,)), mend="correct the id")
        if not isinstance(limits, dict) or not all(key in LIMITS and isinstance(limits[key], int) for key in limits):
            mend = f"give whole numbers for {', '.join(LIMITS)}"
            raise InputError(f"expects something odd of {rule}", where=document.place((rule,)), mend=mend)
    return wanted


def _misses(score: Score, wanted: Mapping[str, int]) -> Iterator[str]:
    for name, limit in wanted.items():
        given = getattr(score, name)
        if given < limit if LIMITS[name] == "at least" else given > limit:
            yield f"{name} {given}, expected {LIMITS[name]} {limit}"


def _row(each: Score) -> dict[str, object]:
    counts = (getattr(each, name) for name in COUNTS)
    shares = (each.precision, each.recall, each.noise_per_month)
    shown = ("" if share is None else f"{share:.2f}" for share in shares)
    return dict(zip(COLUMNS, (each.rule, each.version, *counts, *shown), strict=True))


def _print_scores(told: list[Score], failed: Mapping[str, list[str]], form: str | None) -> None:
    rows = [_row(each) for each in told]
    if chosen(form) == "json":
        say(as_json({"rules": rows, "failed": failed}))
    elif chosen(form) == "csv":
        write_csv(rows, COLUMNS)
    else:
        say(table([tuple(row.values()) for row in rows], COLUMNS) if rows else "no rule spoke")
        for rule, why in failed.items():
            say(f"{rule}: {'; '.join(why)}")


def _print_json(told: Difference, renewed: Renewed) -> None:
    say(as_json({"same": told.same, "fixed": told.fixed, "worse": told.worse, "rules": renewed}))


def _print_csv(told: Difference, _: Renewed) -> None:
    rows = [{"recording": name, "became": what} for what in ("fixed", "worse") for name in getattr(told, what)]
    write_csv(rows, ("recording", "became"))


def _print_table(told: Difference, renewed: Renewed) -> None:
    say(str(told))
    if told.fixed:
        say(f"fixed: {', '.join(told.fixed)}")
    for what, names in renewed.items():
        if names:
            say(f"{count(len(names), 'rule')} {what}: {', '.join(names)}")


PRINTERS: Mapping[str, Callable[[Difference, Renewed], None]] = {
    "json": _print_json,
    "csv": _print_csv,
    "table": _print_table,
}
