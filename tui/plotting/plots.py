"""Plots: what each screen has to look at, as text at a size: drawn, or in words and figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.handing.ball import Ball
from chargelore.engine.handing.life import lives
from chargelore.engine.signal import Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.desk import Desk
from chargelore.tui.lines.case import charger_name
from chargelore.tui.lines.paint import NAME, NONE, QUIET, line
from chargelore.tui.parties import called
from chargelore.tui.plotting.drawing import LEAST_HEIGHT, bar_lines, line_plot, rate_plot, stamped, words_of
from chargelore.tui.plotting.series import MOST, Rate, Series, measured, rate
from chargelore.tui.speech import counted, lasted, t

Lines = list[Text]
Tell = Callable[[int, int, bool], Lines]  # at a width and height; drawn, or in words


def of_case(case: Case, signals: Sequence[Signal], width: int, height: int, is_drawn: bool) -> Lines:
    """Power and temperature of the connector of a case."""
    heard = signals[-MOST:] if len(signals) > MOST else signals
    found = measured(heard, case.connector)
    if not found:
        return _nothing(case, heard)
    some = found[: max(1, height // (LEAST_HEIGHT + 2))] if is_drawn else found
    return [each for one in some for each in _shown(one, width, height // len(some) - 1, is_drawn)]


def _nothing(case: Case, signals: Sequence[Signal]) -> Lines:
    meters = sum(each.kind in ("meter", "reading") for each in signals)
    told = t("Nothing to plot: of {n} signals of {charger} {meters} are values of a meter or register, none with a time"
             " and a power, current or temperature.", n=f"{len(signals):,}", charger=charger_name(case),
             meters=meters)  # fmt: skip
    why = t("Chargers send MeterValues while they charge, as often as MeterValueSampleInterval says.")
    return [Text(told), Text(), Text(why)]


def _shown(series: Series, width: int, height: int, is_drawn: bool) -> Lines:
    head = line((f"{t(series.name)}, {series.unit}", NAME), ("  " + words_of(series)[0], QUIET))
    if not is_drawn or height < LEAST_HEIGHT or len(series.points) == 1:
        return [head, *(Text(f"  {each}") for each in words_of(series)[1:]), Text()]
    return [head, *_painted(line_plot(series, width, height - 1))]


def rate_of(desk: Desk) -> Tell:
    """How often cases opened, those on the book of the store as it is now and those that are open when it is drawn."""
    booked = frozenset(_booked(desk, utc_now()))
    return lambda width, height, is_drawn: _of_rate(desk, booked, width, height, is_drawn)


def _booked(desk: Desk, now: datetime) -> Iterator[tuple[str, datetime]]:
    with suppress(ChargeloreError):  # without the book those that are open
        yield from ((each.key.case, each.began) for each in lives(desk.store.casebook(), now) if each.began is not None)


def _of_rate(desk: Desk, booked: frozenset[tuple[str, datetime]], width: int, height: int, is_drawn: bool) -> Lines:
    still = {(each.id, each.opened_at) for each in desk.cases.values() if each.opened_at is not None}
    times = tuple(at for _, at in booked | still)  # one that is both open and on the book counts once
    if not times:
        return [Text(t("Nothing to plot: no case has opened yet, and none stands on the book."))]
    found = rate(times, desk.newest or max(times))
    shown = sum(each for _, each in found.counts)
    told = t("{cases} in steps of {step}, UTC", cases=counted(shown, "case"), step=lasted(found.step))
    told += t("; {n} before that", n=len(times) - shown) if len(times) > shown else ""
    head = line((t("Cases opened"), NAME), (f"  {told}", QUIET))
    if is_drawn and height > LEAST_HEIGHT:
        return [head, *_painted(rate_plot(found, width, min(height - 1, 20)))]
    return [head, *_rate_words(found)]


def _rate_words(found: Rate) -> Lines:
    return [Text(f"  {stamped(at, found.step)}  {number}") for at, number in found.counts if number]


def of_waiting(balls: Iterable[Ball], width: int, is_drawn: bool) -> Lines:
    """How long each party has kept the cases that are open now."""
    spans: defaultdict[str, list[timedelta]] = defaultdict(list)
    for each in balls:
        for party, span in each.by_party.items():
            spans[party].append(span)
    if not spans:
        return [Text(t("Nothing to plot: nobody has an open case."))]
    rows = sorted(
        ((called(party), sum(some, timedelta()), some) for party, some in spans.items()), key=lambda row: -row[1]
    )
    told = [(name, whole.total_seconds(), _waited(whole, some)) for name, whole, some in rows]
    drawn = bar_lines(told, width) if is_drawn else [f"{name}: {words}" for name, _, words in told]
    return [line((t("How long each party has kept the open cases"), NAME)), Text(), *_painted(drawn)]


def _waited(whole: timedelta, some: Sequence[timedelta]) -> str:
    return t("{whole} in {cases}, at most {most}", whole=lasted(whole), most=lasted(max(some)),
             cases=counted(len(some), "case"))  # fmt: skip


def _painted(drawn: Iterable[str]) -> Lines:
    return [line((each, NONE)) for each in drawn]
