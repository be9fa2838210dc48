"""`chargelore rules scorecard`: rules judged by what technicians found."""

from __future__ import annotations

from pathlib import Path

import click

from chargelore.engine.grammar.rule import SHIPPED, load_rules
from chargelore.engine.proving.backtest import Score
from chargelore.engine.proving.scorecard import Rated
from chargelore.engine.proving.scorecard import scorecard as judged
from chargelore.kb.fold import in_order, live, told
from chargelore.kb.load import shipped
from chargelore.tui.cli.listing import db_option, listed, opened
from chargelore.tui.cli.output import format_option

JUDGED = ("n", "right", "wrong", "useless", "precision")
COLUMNS = ("rule", "version", "status", "advice", *JUDGED, *(f"blind {name}" for name in JUDGED), "earlier")


@click.command(epilog="Example: chargelore rules scorecard")
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED)
@click.option("--all", "is_all", is_flag=True, help="Also rules of which too little is known to say anything.")
@db_option
@format_option
def scorecard(folder: Path, is_all: bool, db: str | None, form: str | None) -> int:
    """Say which rules below FOLDER to keep, tune, retire or promote, by the findings in the store; exit 1 on `retire`.

    A rule is right when it had spoken and its symptom is one that the cause shows. A rule on trial (shadow) is judged
    blind, by what it had said unheard. Findings whose fix did not hold are left out, as are those on an earlier version
    of a rule (`earlier` counts them), and nothing is said of a rule before five findings judge it.
    """
    with opened(db) as store:
        alive, _ = live(in_order(store.events()), store.owners)
    findings = [each.counted.finding for each in told(alive) if each.counted.held is not False]
    rated = judged(load_rules(folder), findings, shipped())
    rows = [_row(each) for each in rated if is_all or each.advice != "too few"]
    listed(rows, COLUMNS, form, name="rules", nothing="too few findings to judge any rule; --all shows what there is")
    return int(any(each.advice == "retire" for each in rated))


def _row(each: Rated) -> dict[str, object]:
    known = (each.score.rule, each.score.version, each.rule.status, each.advice)
    return dict(zip(COLUMNS, (*known, *_judged(each.score), *_judged(each.blind), each.earlier), strict=True))


def _judged(score: Score) -> tuple[object, ...]:
    precision = "" if score.precision is None else f"{score.precision:.2f}"
    return score.right + score.wrong, score.right, score.wrong, score.useless, precision
