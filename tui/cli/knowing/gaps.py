"""`chargelore kb gaps`: what people looked for in vain, the most wanted first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import click

from chargelore.kb.clock import stamp_of
from chargelore.kb.events import GAP, Event
from chargelore.kb.search import lookup
from chargelore.tui.cli.listing import db_option, opened
from chargelore.tui.cli.output import as_json, chosen, format_option, say, table, write_csv
from chargelore.tui.text import brief

WIDTH = 40  # columns that a table gives to the words
SCOPE = ("vendor", "model", "firmware", "channel")
COLUMNS = ("times", "words", *SCOPE, "last", "known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Words that found nothing, where they were seen, how often and when last; `known` when they find something now."""

    words: str
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    channel: str = ""
    times: int = 1
    last: str = ""
    known: bool = False


@click.command(epilog="Example: chargelore kb gaps --format csv")
@db_option
@click.option("--all", "is_all", is_flag=True, help="Also what has become known since.")
@format_option
def gaps(db: str | None, is_all: bool, form: str | None) -> int:
    """List what people looked up in vain, the most wanted first; what is known by now is left out."""
    with opened(db) as store:
        found = [each for each in wanted(store.standing(GAP)) if is_all or not each.known]
    rows = [{name: getattr(each, name) for name in COLUMNS} for each in found]
    if chosen(form) == "json":
        say(as_json({"gaps": rows}))
    elif chosen(form) == "csv":
        write_csv([row | {"known": str(row["known"]).lower()} for row in rows], COLUMNS)
    else:
        short = [row | {"words": brief(row["words"], WIDTH)} for row in rows]
        say(table([tuple(row.values()) for row in short], COLUMNS) if rows else "no gaps")
    return 0


def wanted(events: Iterable[Event]) -> tuple[Gap, ...]:
    """The gaps, each once; the same words of another maker or model are another gap."""
    piles: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        words = " ".join(str(event.body.get("words", event.subject)).split())
        piles.setdefault((words.casefold(), *_scope(event)), []).append(event)
    return tuple(sorted(_gaps(piles.values()), key=lambda each: (-each.times, each.words, each.vendor, each.model)))


def _gaps(piles: Iterable[list[Event]]) -> Iterator[Gap]:
    for pile in piles:
        newest = max(pile, key=lambda event: event.hlc)
        words = " ".join(str(newest.body.get("words", newest.subject)).split())
        vendor, model, firmware, channel = _scope(newest)
        gap = Gap(words=words, vendor=vendor, model=model, firmware=firmware, channel=channel, times=len(pile))
        known = lookup(words, vendor=vendor, model=model, firmware=firmware, channel=channel, limit=1)
        yield replace(gap, last=f"{stamp_of(newest.hlc).at:%Y-%m-%d}", known=bool(known))


def _scope(event: Event) -> tuple[str, ...]:
    scope = event.body.get("scope")
    return tuple(str(scope.get(name, "")) if isinstance(scope, dict) else "" for name in SCOPE)
