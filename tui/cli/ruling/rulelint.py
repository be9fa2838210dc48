"""`chargelore rules lint`: what a reviewer would say of rules, and the safe fixes done at once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import click

from chargelore.engine.grammar.rule import SHIPPED, Rules, load_rules
from chargelore.engine.lint import Beside, explained, lint
from chargelore.engine.lint.issue import SEVERITIES, Edit, Severity
from chargelore.engine.lint.mend import mended
from chargelore.kb.errors import UseError
from chargelore.kb.fold import in_order, live, told
from chargelore.kb.load import shipped as knowledge
from chargelore.tui.cli.listing import TELLS, db_option, listed, opened, tells
from chargelore.tui.cli.output import format_option
from chargelore.tui.cli.ruling.earlier import earlier
from chargelore.tui.cli.ruling.rulesaving import save, text_of

COLUMNS = ("code", "severity", "rule", "place", "what", "fix")


@click.command(name="lint", epilog="Example: chargelore rules lint my-rules/ --least hint")
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED)
@click.option("--least", type=click.Choice(SEVERITIES), default="warning", help="The mildest complaint to print.")
@click.option("--fix", "fix_them", is_flag=True, help="Mend what can be mended without changing what a rule says.")
@click.option("--against", metavar="FOLDER|REV", help="The rules as they stood: a folder, or a revision of git.")
@click.option("--today", metavar="DAY", default="", help="Another day than today, for drafts that grow old.")
@click.option("--list", "is_list", is_flag=True, help="List the checks themselves, each by its code.")
@db_option
@format_option
def lint_rules(folder: Path, least: Severity, *, fix_them: bool, is_list: bool, form: str | None, **more: str) -> int:
    """Say what a reviewer would say of the rules below FOLDER; exit 1 on findings."""
    if is_list:
        listed(tells(explained()), TELLS, form, name="checks", nothing="no checks")
        return 0
    beside = _beside(load_rules(folder), folder, **more)
    if fix_them:
        click.echo(f"chargelore: {_fixed(folder, beside)} mended", err=True)
    issues = list(lint(load_rules(folder), knowledge(), least, beside))
    rows = [{name: getattr(each, name) for name in COLUMNS} for each in issues]
    listed(rows, COLUMNS, form, name="issues", nothing="no findings")
    return int(bool(issues))


def _beside(rules: Rules, folder: Path, against: str | None, today: str, db: str | None) -> Beside:
    """The day, the rules as they stood, and the verdicts on rules on trial; the store is asked for those alone."""
    on_trial = any(rule.status == "shadow" for rule in rules.every)
    return Beside(
        today=_day(today),
        before=earlier(against, folder) if against else Rules(),
        verdicts=_verdicts(db) if on_trial else {},
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError as error:
        raise UseError(f"{text!r} is no day", mend="write 2026-05-04") from error


def _verdicts(db: str | None) -> Counter[str]:
    """How many blind verdicts say something of a rule, by `id@version`."""
    with opened(db) as store:
        alive, _ = live(in_order(store.events()), store.owners)
    blind = (each.counted.finding.blind for each in told(alive))
    return Counter(name for one in blind for name, verdict in one.items() if verdict in ("right", "wrong"))


def _fixed(folder: Path, beside: Beside) -> int:
    """How many complaints were mended in their files; each file is written whole or not at all."""
    edits: dict[Path, list[Edit]] = {}
    for each in lint(load_rules(folder), knowledge(), "hint", beside):
        if each.edit is not None:
            edits.setdefault(Path(each.place.rsplit(":", 1)[0]), []).append(each.edit)
    for file, wanted in edits.items():
        save(file, mended(text_of(file), wanted, file))
    return sum(map(len, edits.values()))
