"""An export before it is written, as lines: how many rows of each table go, and what is held back and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.text import Text

from chargelore.kb.export.tables import TABLES
from chargelore.kb.export.view import View, Withheld
from chargelore.tui.lines.paint import NAME, QUIET, line, wrapping
from chargelore.tui.speech import again, later, t
from chargelore.tui.text import padded, words

NUMBER = 10
LABELLED = later("labelled {label}")


@dataclass(frozen=True, slots=True)
class Sum:
    """What an audience would get: rows by table, and what is held back."""

    rows: Mapping[str, int]
    withheld: tuple[Withheld, ...]


def summed(shown: View) -> Sum:
    """The counts of a view."""
    return Sum({table.name: sum(1 for _ in table.rows(shown)) for table in TABLES}, shown.withheld)


def sum_lines(found: Sum) -> Iterator[Text]:
    """The rows that go, then what stays."""
    kept = sum(each.count for each in found.withheld)
    yield line(t("{n} rows go, {kept} things are held back.", n=f"{sum(found.rows.values()):,}", kept=f"{kept:,}"))
    yield line("")
    yield line((t("Rows that go"), NAME))
    yield from (line(f"{number:>{NUMBER},}  ", t(words(name))) for name, number in found.rows.items())
    yield line("")
    yield line((t("Held back"), NAME))
    for each in found.withheld:
        yield wrapping(
            line(f"{each.count:>{NUMBER},}  ", t(words(each.what)), (f": {again(each.why, LABELLED)}", QUIET))
        )
    if not found.withheld:
        yield line((padded(t("nothing"), NUMBER), QUIET))
