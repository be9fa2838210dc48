"""`chargelore report ball`: the open cases by who has them: since when, what was said first, what nobody has shown."""

from __future__ import annotations

from collections.abc import Iterator

import click

from chargelore.engine.handing.proposing import advice
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.store import Store
from chargelore.tui import casetold
from chargelore.tui.booking import Open, by_holder, open_cases
from chargelore.tui.cli.listing import db_option, tell_damaged
from chargelore.tui.cli.output import as_json, chosen, markdown_option, markdown_row, say, write_csv
from chargelore.tui.cli.troubles.hand import COLUMNS, row
from chargelore.tui.parties import called, party_of
from chargelore.tui.text import count, day, lasting

NOTHING = "Nobody has a case: `chargelore hand CASE --log FILE` puts one on the book, a recorded finding does too."


@click.command("ball", epilog="Example: chargelore report ball --holder manufacturer")
@click.option("--holder", metavar="PARTY", help="Only what this party has.")
@db_option
@markdown_option
def report_ball(*, holder: str | None, db: str | None, form: str | None) -> int:
    """List the open cases by who has them: since when, what was said first, which layer nobody has shown."""
    party = party_of(holder) if holder else ""
    with Store.open(db) as store:
        tell_damaged(store)
        found = open_cases(store, utc_now())
    mine = [each for each in found.balls if party in ("", each.holder)]
    PRINTERS[chosen(form)](found._replace(balls=mine))
    return 0


def _print_json(found: Open) -> None:
    told = [casetold.as_json(each.life, each, found.now) for each in found.balls]
    say(as_json({"at": found.now.isoformat(timespec="seconds"), "cases": told, "over": found.over}))


def _print_csv(found: Open) -> None:
    write_csv((row(casetold.as_json(each.life, each, found.now)) for each in found.balls), COLUMNS)


def _print_table(found: Open) -> None:
    for party, some in by_holder(found.balls).items():
        say(casetold.head(party, len(some), some[0].waited))
        for each in some:
            say("\n".join(casetold.lines(each.life, each, found.now)))
        say()
    told = f"{count(found.over, 'case')} over." if found.balls or found.over else NOTHING
    say("\n".join(casetold.folded(told, "", hang="")))


def _print_markdown(found: Open) -> None:
    say("\n".join(_markdown(found)))


def _markdown(found: Open) -> Iterator[str]:
    yield f"# Who holds the ball, {day(found.now)} UTC"
    for party, some in by_holder(found.balls).items():
        yield f"\n## {casetold.head(party, len(some), some[0].waited)}\n"
        yield "| case | since | waiting | first words | nobody has shown | should have it |"
        yield "|---|---|---|---|---|---|"
        for each in some:
            first = each.life.words[0].text if each.life.words else ""
            best, since, unshown = advice(each.life).party, day(each.since), ", ".join(each.unshown)
            should = called(best) if best else ""
            yield markdown_row((each.life.name, since, lasting(each.waited), first, unshown, should))
    yield f"\n{count(found.over, 'case')} over."


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table, "markdown": _print_markdown}
