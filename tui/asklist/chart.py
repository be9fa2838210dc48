"""The chart of an ask list: a bar and its interval for each family, as SVG that stands in the page itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from chargelore.engine.telemetry.asking import Ask
from chargelore.kb.export.page import esc
from chargelore.tui.asklist import words
from chargelore.tui.asklist.words import HUNDRED
from chargelore.tui.text import brief

WIDTH, ROW, TOP, LEFT, RIGHT = 900, 34, 30, 330, 20
SHORT = 40  # columns of a name
TICKS = 5
STYLE = (
    ".chart{width:100%;height:auto;font:13px system-ui,sans-serif}.chart text{fill:var(--ink)}"
    ".chart .soft{fill:var(--soft)}.chart .axis{stroke:var(--line)}.chart .zero{stroke:var(--ink)}"
    ".chart .bar{fill:var(--brand);opacity:.35}.chart .span{stroke:var(--ink);stroke-width:2}"
    ".chart .doubtful{fill:var(--bar);opacity:1}figure{margin:1rem 0}figcaption{color:var(--soft);font-size:.88rem}"
    "th,td:nth-child(n+3){white-space:nowrap}table{margin-bottom:1.5rem}"
    "@media print{.chart .bar{fill:#bbb;opacity:1}.chart .doubtful{fill:#e8e8e8}}"
)


def chart(asks: Sequence[Ask], title: str) -> str:
    """The savings in minutes; read aloud, it is a list."""
    low = min(0.0, *(HUNDRED * each.saving.minutes.low for each in asks))
    high = max(1.0, *(HUNDRED * each.saving.minutes.high for each in asks))
    height = TOP + ROW * len(asks) + 10
    parts = (*_axis(low, high, height), *(part for row, ask in enumerate(asks) for part in _row(row, ask, low, high)))
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{esc(title)}">'
        f"<title>{esc(title)}</title>{''.join(parts)}</svg>"
    )


def _at(value: float, low: float, high: float) -> float:
    return round(LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)


def _axis(low: float, high: float, height: int) -> Iterator[str]:
    step = _step((high - low) / TICKS)
    for place in range(math.ceil(low / step), math.floor(high / step) + 1):
        x, kind = _at(place * step, low, high), "axis" if place else "zero"
        yield f'<line class="{kind}" x1="{x}" x2="{x}" y1="{TOP - 6}" y2="{height - 6}"/>'
        yield f'<text class="soft" x="{x}" y="16" text-anchor="middle">{words.number(place * step, 0)}</text>'


def _step(least: float) -> float:
    """The round number above: 1, 2 or 5 with noughts; at least 1."""
    power = 10.0 ** math.floor(math.log10(max(1.0, least)))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= least)


def _row(row: int, ask: Ask, low: float, high: float) -> Iterator[str]:
    told, y = ask.saving.minutes, TOP + ROW * row
    zero, mean, first, last = (_at(HUNDRED * each, low, high) for each in (0.0, told.mean, told.low, told.high))
    middle, kind = y + ROW / 2, "bar" if ask.is_sure else "bar doubtful"
    name = esc(f"{words.place(ask)}  {brief(ask.family.label, SHORT)}")
    yield f'<text x="{LEFT - 10}" y="{middle + 4}" text-anchor="end">{name}</text>'
    yield f'<rect class="{kind}" x="{min(zero, mean)}" y="{y + 7}" width="{abs(mean - zero):.1f}" height="{ROW - 14}"/>'
    yield f'<line class="span" x1="{first}" x2="{last}" y1="{middle}" y2="{middle}"/>'
    for end in (first, last):
        yield f'<line class="span" x1="{end}" x2="{end}" y1="{middle - 5}" y2="{middle + 5}"/>'
