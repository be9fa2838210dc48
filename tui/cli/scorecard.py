"""`chargelore rules scorecard`: rules judged by what technicians found."""

from __future__ import annotations

from pathlib import Path

import click

from chargelore.engine.backtest import Score
from chargelore.engine.rule import SHIPPED, load_rules
from chargelore.engine.scorecard import Advice
from chargelore.engine.scorecard import scorecard as judged
from chargelore.kb.fold import in_order, live, told
from chargelore.kb.load import shipped
from chargelore.tui.cli.listing import db_option, listed, opened
from chargelore.tui.cli.output import format_option

COLUMNS = ("rule", "version", "advice", "right", "wrong", "useless", "precision")


@click.command(epilog="Example: chargelore rules scorecard")
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED)
@click.option("--all", "is_all", is_flag=True, help="Also rules of which too little is known to say anything.")
@db_option
@format_option
def scorecard(folder: Path, is_all: bool, db: str | None, form: str | None) -> int:
    """Say which rules below FOLDER to keep, tune or retire, by the findings in the store; exit 1 when one is to go.

    A rule is right when it had fired and its symptom is one that the cause shows. Findings whose fix did not hold are
    left out, and nothing is said of a rule before five findings judge it.
    """
    with opened(db) as store:
        alive, _ = live(in_order(store.events()), store.owners)
    findings = [each.counted.finding for each in told(alive) if each.counted.held is not False]
    rated = judged(load_rules(folder), findings, shipped())
    rows = [_row(score, advice) for score, advice in rated if is_all or advice != "too few"]
    listed(rows, COLUMNS, form, name="rules", nothing="too few findings to judge any rule; --all shows what there is")
    return int(any(advice == "retire" for _, advice in rated))


def _row(score: Score, advice: Advice) -> dict[str, object]:
    precision = "" if score.precision is None else f"{score.precision:.2f}"
    told = (score.rule, score.version, advice, score.right, score.wrong, score.useless, precision)
    return dict(zip(COLUMNS, told, strict=True))
