"""Grid: how a table is written - CSV in any dialect, pasted cells, Markdown, the boxes of psql and mysql - as rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chargelore.engine.decode.logs.feed import Feed
from chargelore.engine.decode.logs.record import Line
from chargelore.engine.decode.scan import START

DELIMITERS = ("\t", ";", ",", "|")
HEAD_WITHIN = 40  # lines; a mail or a comment in front of a table
MAX_CELL_LINES = 60  # lines that a text in quotes may run over
MAX_ROW = 262_144  # characters
MAX_COLUMNS = 400
_RULE = re.compile(r"[\s|+:=-]*[-=]{2,}[\s|+:=-]*\Z")  # `|---|:-:|`, `+----+`, `----+----`
_NAME = re.compile(r"[^\W\d_][\w .()\[\]/#%°µ&'’-]{0,48}\Z")
_FOOT = re.compile(r"\(\d+ rows?\)|\d+ rows? in set.*", re.IGNORECASE)


class Row(NamedTuple):
    """The cells of one row, none of a line in front of the table; `raw` is how it was written."""

    line: Line
    cells: tuple[str, ...]
    raw: str


@dataclass(frozen=True, slots=True)
class Grid:
    """`names` are the cells of the head; empty where there is none. `head` is its line, from 1."""

    delimiter: str
    names: tuple[str, ...]
    head: int = 0
    escaped: bool = False  # a backslash in front of a quote, as MySQL writes it

    @property
    def width(self) -> int:
        """How many cells the head has."""
        return len(self.names)

    def cells(self, text: str) -> tuple[str, ...]:
        """The cells of one row."""
        if self.delimiter == "|" and text.count('"') % 2 == 0:
            return _boxed(text)
        escape = "\\" if self.escaped else None
        try:
            rows = csv.reader([text], delimiter=self.delimiter, escapechar=escape, doublequote=not self.escaped)
            found = next(rows, [])
        except csv.Error:
            found = text.split(self.delimiter)
        return tuple(cell.strip() for cell in found[:MAX_COLUMNS])

    def rows(self, lines: Iterator[Line]) -> Iterator[Row]:
        """The rows behind the head, one that runs over lines put together; rules and repeated heads left out."""
        feed = Feed(lines)
        for line in feed:
            if line.number == self.head or not line.text.strip() or _RULE.match(line.text) or _FOOT.match(line.text):
                continue
            if line.number < self.head:
                yield Row(line, (), line.text)
                continue
            text = self._whole(line.text, feed)
            cells = self.cells(text)
            if cells != self.names:
                yield Row(line, cells, text)

    def _whole(self, text: str, feed: Feed) -> str:
        """The line, with the next ones while a quote is open; the line alone where it never closes."""
        if self.delimiter == "|" or not self._is_open(text):
            return text
        joined = text
        for count, line in enumerate(feed.ahead(), 1):
            joined += "\n" + line.text
            if count > MAX_CELL_LINES or len(joined) > MAX_ROW:
                break
            if not self._is_open(joined):
                feed.skip(count)
                return joined
        return text

    def _is_open(self, text: str) -> bool:
        return (text.count('"') - (text.count('\\"') if self.escaped else 0)) % 2 == 1


def grid_in(sample: Sequence[str]) -> Grid | None:
    """The grid that most of a sample is written in, with its head; None where the sample is no table."""
    lines = [line for line in sample if line.strip() and not _RULE.match(line)]
    escaped = any('\\"' in line for line in lines) and not any('""' in line for line in lines)
    for delimiter in DELIMITERS:
        grid = _headed(sample, delimiter, escaped=escaped)
        if grid is not None:
            return grid
    return None


def _headed(sample: Sequence[str], delimiter: str, *, escaped: bool) -> Grid | None:
    for number, line in enumerate(sample[:HEAD_WITHIN], 1):
        if delimiter not in line or START.search(line):
            continue
        grid = Grid(delimiter, Grid(delimiter, (), escaped=escaped).cells(line), number, escaped)
        if _is_head(grid.names) and _is_followed(grid, sample[number:]):
            return grid
    return None


def _is_head(cells: Sequence[str]) -> bool:
    named = [cell for cell in cells if _NAME.match(cell)]
    return len(cells) >= 2 and len(named) >= max(2, 0.8 * len(cells)) and len(set(named)) >= 0.8 * len(named)


def _is_followed(grid: Grid, lines: Sequence[str]) -> bool:
    """Whether rows of the same width come: most of the next lines, or the only one."""
    rows = [line for line in lines if line.strip() and not _RULE.match(line) and not _FOOT.match(line)][:20]
    fitting = sum(len(grid.cells(line)) == grid.width for line in rows)
    return fitting > 0 and fitting * 2 >= len(rows)


def _boxed(text: str) -> tuple[str, ...]:
    stripped = text.strip()
    inner = stripped.removeprefix("|").removesuffix("|") if stripped.startswith("|") else stripped
    return tuple(cell.strip().strip("`*") for cell in inner.replace("\\|", "\0").split("|")[:MAX_COLUMNS])
