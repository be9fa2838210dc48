"""`chargelore report metrics`: how long to a diagnosis, how many without the maker, who waited, what came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import click

from chargelore.engine.handing.life import lives
from chargelore.engine.handing.metrics import BACK_WITHIN, ENOUGH, Metrics, Share, Waited, metrics
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.errors import UseError
from chargelore.kb.store import Store
from chargelore.tui.casetold import Json, folded
from chargelore.tui.cli.listing import db_option, moment, tell_damaged
from chargelore.tui.cli.output import as_json, chosen, markdown_option, markdown_row, say, write_csv
from chargelore.tui.cli.signals import begin
from chargelore.tui.parties import called
from chargelore.tui.text import count, day, lasting

LONG = 120  # minutes; so many are hours or days to a person
FEW = f"too few, fewer than {ENOUGH} cases"


class Figure(NamedTuple):
    """One figure: `value` is None where the cases are too few, `some` where it is no share; `n` are those behind it.

    `open` are those still open, and counted to the end of the span.
    """

    figure: str
    party: str
    value: float | None
    unit: str
    some: int | None
    n: int
    open: int | None
    note: str

    @property
    def name(self) -> str:
        """What it is a figure of."""
        return f"{self.figure}, {called(self.party)}" if self.party else self.figure

    @property
    def told(self) -> str:
        """Its value in words; empty where the cases are too few."""
        if self.value is None:
            return ""
        is_long = self.unit == "min" and self.value >= LONG
        return lasting(timedelta(minutes=self.value)) if self.party or is_long else f"{self.value:g} {self.unit}"

    @property
    def behind(self) -> str:
        """The cases behind it."""
        return count(self.n, "case") if self.some is None else f"{self.some} of {count(self.n, 'case')}"


@click.command("metrics", epilog="Example: chargelore report metrics --since 2026-05-01 --until 2026-05-31")
@click.option("--since", metavar="TIME", help="Not before this day or time (UTC).")
@click.option("--until", metavar="TIME", help="Not after this day or time (UTC); up to now at most.")
@db_option
@markdown_option
def report_metrics(*, since: str | None, until: str | None, db: str | None, form: str | None) -> int:
    """Say what a span of time shows of the cases on the book, each figure with the number of cases behind it.

    Minutes count from the first signal or the first words to the finding that named the cause. Below five cases a
    figure is not told.
    """
    now = utc_now()
    first, last = begin(since), moment(until) if until else None
    if first and (first > (last or now) or first > now):
        raise UseError("--since is later than the end", mend="turn them round, or give an earlier --since")
    with Store.open(db) as store:
        tell_damaged(store)
        found = metrics(lives(store.casebook(), now), now, first, last)
    PRINTERS[chosen(form)](found)
    return 0


def figures(found: Metrics) -> Iterator[Figure]:
    """All figures."""
    minutes = found.minutes
    note = "" if minutes.median is not None else FEW
    for name, value in (("median", minutes.median), ("p90", minutes.p90)):
        told = None if value is None else round(value, 1)
        yield Figure(f"minutes to diagnosis, {name}", "", told, "min", None, minutes.n, None, note)
    yield _share("solved without the maker", found.without_maker, "")
    fresh = f"{found.unjudged} more too fresh to tell" if found.unjudged else ""
    yield _share(f"came back within {BACK_WITHIN.days} days", found.reopened, fresh)
    yield from (_waited(each) for each in found.waiting)


def _share(figure: str, share: Share, note: str) -> Figure:
    value = None if share.value is None else round(100 * share.value)
    note = "; ".join(filter(None, (FEW if value is None else "", note)))
    return Figure(figure, "", value, "%", share.some, share.n, None, note)


def _waited(one: Waited) -> Figure:
    is_told = one.share is not None
    spent = f"{lasting(one.open_time)} of it in " if is_told else ""
    still = f"{spent}{count(one.still, 'case')} still open, counted to the end" if one.still else ""
    note = "; ".join(filter(None, ("" if is_told else FEW, still)))
    return Figure("waiting", one.party, _minutes(one.time) if is_told else None, "min", None, one.n, one.still, note)


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def _print_json(found: Metrics) -> None:
    say(as_json(_as_json(found)))


def _as_json(found: Metrics) -> Json:
    minutes = found.minutes
    return {
        "since": _iso(found.since),
        "until": _iso(found.until),
        "cases": found.cases,
        "open": found.open,
        "minutes_to_diagnosis": {"n": minutes.n, "median": minutes.median, "p90": minutes.p90},
        "without_maker": _share_json(found.without_maker),
        "reopened": _share_json(found.reopened) | {"too_fresh": found.unjudged},
        "waiting": [_waited_json(each) for each in found.waiting],
        "too_few_below": ENOUGH,
        "marked": found.odd,
        "without_begin": found.undated,
    }


def _share_json(share: Share) -> Json:
    value = None if share.value is None else round(share.value, 4)
    return {"some": share.some, "n": share.n, "share": value}


def _waited_json(one: Waited) -> Json:
    told = one.share is not None
    return {
        "party": one.party,
        "n": one.n,
        "minutes": _minutes(one.time) if told else None,
        "open_minutes": _minutes(one.open_time) if told else None,
        "open": one.still,
        "share": round(one.share, 4) if one.share is not None else None,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _print_csv(found: Metrics) -> None:
    write_csv((each._asdict() for each in figures(found)), Figure._fields)


def _print_table(found: Metrics) -> None:
    say("\n".join(_lines(found)))


def _lines(found: Metrics) -> Iterator[str]:
    yield f"{_span(found)}: {count(found.cases, 'case')}, {found.open} open"
    for each in figures(found):
        aside = "; ".join(filter(None, (each.behind, each.note)))
        yield from folded(f"{each.name}: {each.told or 'not told'} ({aside})", "  ")
    yield from (f"  {each}" for each in _asides(found))


def _span(found: Metrics) -> str:
    return f"{day(found.since) if found.since else 'from the first case'} to {day(found.until)}"


def _asides(found: Metrics) -> Iterator[str]:
    if found.odd:
        yield f"{count(found.odd, 'case has', 'cases have')} a record that is marked; `chargelore hand CASE` says which"
    if found.undated:
        yield f"{count(found.undated, 'case')} without a begin: in no figure of time"


def _print_markdown(found: Metrics) -> None:
    say("\n".join(_markdown(found)))


def _markdown(found: Metrics) -> Iterator[str]:
    yield f"# Cases, {_span(found)} UTC\n"
    yield f"{count(found.cases, 'case')}, {found.open} open.\n"
    yield "| figure | value | cases | note |"
    yield "|---|---|---|---|"
    for each in figures(found):
        yield markdown_row((each.name, each.told, each.behind, each.note))
    yield from (f"\n{each}" for each in _asides(found))


PRINTERS = {"json": _print_json, "csv": _print_csv, "table": _print_table, "markdown": _print_markdown}
