"""`chargelore kb`: what the knowledge holds, and what a reviewer would say of it."""

from __future__ import annotations

from pathlib import Path

import click

from chargelore.kb.checks import check as complaints
from chargelore.kb.checks import explained
from chargelore.kb.checks.families import families_astray
from chargelore.kb.load import SHIPPED, load, shipped
from chargelore.kb.model import Knowledge
from chargelore.kb.signalfamilies import signal_families
from chargelore.kb.stats import counted
from chargelore.tui.cli.knowing.export import diff, export
from chargelore.tui.cli.knowing.gaps import gaps
from chargelore.tui.cli.knowing.ids import ids
from chargelore.tui.cli.knowing.importing import take_in
from chargelore.tui.cli.knowing.kbexchange import merge, rebuild, send
from chargelore.tui.cli.knowing.kbhistory import at, blame, log
from chargelore.tui.cli.knowing.kbjudge import dispute, grant, revert, review, same, unmerge
from chargelore.tui.cli.knowing.kbproposals import proposed
from chargelore.tui.cli.knowing.regress import regress
from chargelore.tui.cli.listing import TELLS, listed, tells
from chargelore.tui.cli.output import as_json, chosen, format_option, say, table, write_csv

COLUMNS = ("code", "subject", "what", "fix")


@click.group(epilog="Example: chargelore kb stats")
def kb() -> None:
    """Look at the knowledge base."""


kb.add_command(gaps)
kb.add_command(export)
kb.add_command(diff)
kb.add_command(take_in)
kb.add_command(regress)
kb.add_command(ids)
for command in (log, blame, at, revert, merge, send, rebuild, review, same, unmerge, dispute, grant, proposed):
    kb.add_command(command)


@kb.command(epilog="Example: chargelore kb check my-knowledge/")
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED)
@click.option("--list", "themselves", is_flag=True, help="List the checks themselves, each by its code.")
@click.option("--over-shipped", "over", is_flag=True, help="FOLDER adds to the shipped knowledge, as drafts do.")
@format_option
def check(folder: Path, themselves: bool, over: bool, form: str | None) -> int:
    """Say what a reviewer would say of the knowledge in FOLDER; exit 1 on findings."""
    if themselves:
        listed(tells(explained()), TELLS, form, name="checks", nothing="no checks")
        return 0
    known = load(folder, shipped()) if over and folder != SHIPPED else _knowledge(folder)
    families = signal_families() if over or folder == SHIPPED else ()  # they belong to what is shipped
    issues = (*complaints(known), *families_astray(families, known))
    rows = [{name: getattr(issue, name) for name in COLUMNS} for issue in issues]
    listed(rows, COLUMNS, form, name="issues", nothing="no findings")
    return int(bool(rows))


@kb.command(epilog="Example: chargelore kb stats --format json")
@format_option
def stats(form: str | None) -> int:
    """Count what the knowledge holds."""
    counts = counted(shipped())
    if chosen(form) == "json":
        say(as_json(counts))
    elif chosen(form) == "csv":
        write_csv([{"what": name, "count": count} for name, count in counts.items()], ("what", "count"))
    else:
        say(table(list(counts.items()), ("what", "count")))
    return 0


def _knowledge(folder: Path) -> Knowledge:
    return shipped() if folder == SHIPPED else load(folder)
