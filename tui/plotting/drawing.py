"""Drawing: series as lines of characters, with axes and units. No colour: what a line means is written above it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from chargelore.tui.plotting.series import Point, Rate, Series, thinned
from chargelore.tui.speech import t
from chargelore.tui.text import brief, padded

LEAST_HEIGHT = 6  # lines below which a plot says nothing
TICKS = 5
BLOCK = "█"


def line_plot(series: Series, width: int, height: int) -> list[str]:
    """A curve over time with its axes; the clock is UTC."""
    import plotext  # noqa: PLC0415  # a seventh of a second, for whoever opens a plot

    points = thinned(series.points, 2 * width)
    start = points[0][0]
    _blank(plotext, width, height)
    plotext.plot([_since(start, at) for at, _ in points], [value for _, value in points], marker="braille")
    plotext.xticks(*_ticks(start, points[-1][0]))
    return _lines(plotext.uncolorize(plotext.build()), width)


def rate_plot(rate: Rate, width: int, height: int) -> list[str]:
    """A bar for each step of time."""
    import plotext  # noqa: PLC0415  # as above

    counts = [count for _, count in rate.counts]
    _blank(plotext, width, height)
    plotext.bar(range(len(counts)), counts, width=0.6, marker="sd")
    every = max(1, len(counts) // TICKS)
    shown = range(0, len(counts), every)
    plotext.xticks(list(shown), [stamped(rate.counts[place][0], rate.step) for place in shown])
    most = max(counts)
    plotext.yticks(sorted({0, most // 2, most}))
    return _lines(plotext.uncolorize(plotext.build()), width)


def _blank(plotext: Any, width: int, height: int) -> None:
    """An empty figure of that size, whatever plotext takes the terminal to be."""
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)
    plotext.plotsize(width, height)


def bar_lines(rows: Sequence[tuple[str, float, str]], width: int) -> list[str]:
    """Bars one below the other, each with its name before and its figures behind."""
    name_width = min(24, max((len(name) for name, _, _ in rows), default=0))
    told_width = max((len(told) for _, _, told in rows), default=0)
    room = max(4, width - name_width - told_width - 4)
    most = max((value for _, value, _ in rows), default=0) or 1
    return [
        f"{padded(name, name_width)}  {BLOCK * max(1, round(room * value / most))}  {brief(told, width)}"
        for name, value, told in rows
    ]


def stamped(at: datetime, step: timedelta) -> str:
    """A step of time in a few letters."""
    return at.strftime("%m-%d" if step >= timedelta(days=1) else "%H:%M")


def words_of(series: Series) -> list[str]:
    """A series in figures: how many, first and last, least and most with their times, the longest gap."""
    (first, _), (last, now) = series.points[0], series.points[-1]
    low, high = (choose(series.points, key=lambda each: each[1]) for choose in (min, max))
    gap = max((after - before for (before, _), (after, _) in pairwise(series.points)), default=timedelta())
    return [
        t("{n} values from {first} to {last} UTC", n=f"{len(series.points):,}", first=_clock(first), last=_clock(last)),
        t("least {low} {unit} at {at}", low=f"{low[1]:.1f}", unit=series.unit, at=_clock(low[0])),
        t("most {high} {unit} at {at}", high=f"{high[1]:.1f}", unit=series.unit, at=_clock(high[0])),
        t("last {now} {unit}; the longest gap was {gap} s", now=f"{now:.1f}", unit=series.unit,
          gap=f"{gap.total_seconds():,.0f}"),
    ]  # fmt: skip


def _clock(at: datetime) -> str:
    return at.strftime("%H:%M:%S")


def _since(start: datetime, at: datetime) -> float:
    return (at - start).total_seconds()


def _ticks(start: datetime, end: datetime) -> tuple[list[float], list[str]]:
    span = _since(start, end)
    shape = "%m-%d %H:%M" if span > 86_400 else "%H:%M" if span > 600 else "%H:%M:%S"
    places = [span * each / (TICKS - 1) for each in range(TICKS)] if span else [0.0]
    return places, [(start + timedelta(seconds=each)).strftime(shape) for each in places]


def _lines(text: str, width: int) -> list[str]:
    return [each[:width].rstrip() for each in text.rstrip("\n").split("\n")]


__all__ = ["LEAST_HEIGHT", "Point", "bar_lines", "line_plot", "rate_plot", "stamped", "words_of"]
