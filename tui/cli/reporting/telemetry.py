"""`chargelore report telemetry`: which signals to ask a maker for, and what each would save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from chargelore.engine.case import Charger
from chargelore.engine.telemetry.predicted import DRAWS, REPLAYS, Effort
from chargelore.engine.telemetry.replay import Played
from chargelore.kb.codekey import bare
from chargelore.kb.errors import UseError
from chargelore.kb.store import Store
from chargelore.tui.asklist import markdown, sheet, table
from chargelore.tui.asklist.body import COLUMNS, body, rows
from chargelore.tui.asklist.making import gathered, sheets, told
from chargelore.tui.asklist.words import AskList
from chargelore.tui.cli.listing import db_option
from chargelore.tui.cli.output import as_json, chosen, csv_text, readable
from chargelore.tui.cli.progress import counted
from chargelore.tui.text import plain

FORMATS = ("table", "json", "csv", "markdown", "html")


@click.command(epilog="Example: chargelore report telemetry --vendor Acme --format html --out acme.html")
@click.option("--vendor", metavar="NAME", default="", help="Only models of this maker.")
@click.option("--model", metavar="NAME", default="", help="Only models of this name.")
@click.option("--since", metavar="DATE", default="", help="Only findings recorded since, as 2026-05-04.")
@click.option(
    "--replays", type=click.IntRange(20, 100_000), default=REPLAYS, show_default=True,
    help="Troubles played for each model; four times as many halve the noise.",
)  # fmt: skip
@click.option("--seed", metavar="TEXT", default="telemetry", help="Other luck; the same seed prints the same list.")
@click.option("--out", type=click.Path(path_type=Path), help="Write there instead of printing.")
@db_option
@click.option("--format", "form", type=click.Choice(FORMATS), help="A table on a terminal, JSON when piped.")
def telemetry(replays: int, seed: str, out: Path | None, db: str | None, form: str | None, **which: str) -> int:
    """List the signals that a maker could send, with the minutes and escalations that each would save.

    The plan is replayed on troubles as findings let them be believed, with each family of signals and without.
    """
    since = _since(which["since"])
    with Store.open(db) as store:
        read = gathered(store, since)
    made = sheets(read, Effort(replays, DRAWS, seed), bare(which["vendor"]), bare(which["model"]))
    _put(TEXTS[form or chosen(None)](told(made, partial(_watched, replays))), out)
    return 0


def _since(text: str) -> datetime | None:
    """The beginning of a day, or a time; UTC where no zone is given."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise UseError(f"{text!r} is no date", mend="write 2026-05-04 or 2026-05-04T12:30") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _watched(replays: int, charger: Charger, cases: Iterator[Played]) -> Iterator[Played]:
    return counted(plain(f"{charger.vendor} {charger.model}"), replays, cases)


def _put(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UseError(f"cannot write {out}: {error.strerror}", mend="name a file in a folder that is there") from error
    click.echo(f"chargelore: wrote {out}", err=True)


def _lined(lines: Iterable[str]) -> str:
    return readable("\n".join(lines).rstrip("\n") + "\n")


TEXTS: Mapping[str, Callable[[AskList], str]] = {
    "table": lambda told: _lined(table.lines(told)),
    "json": lambda told: as_json(body(told)) + "\n",
    "csv": lambda told: csv_text(rows(told), COLUMNS),
    "markdown": lambda told: _lined(markdown.lines(told)),
    "html": lambda told: readable(sheet.page(told)),
}
