"""What chargers of a model were heard to say, for tests of reportability: sheets by hand and by signals."""

from __future__ import annotations

from collections.abc import Mapping

from chargelore.engine.heard.reportability import Count, Model, Report, Sheet

WALL = Model("Acme", "Wall", "2.1")
FOUR = 0b1111  # four chargers


def report(times: Mapping[str, int], chargers: int = FOUR) -> Report:
    """A report with these counts, each heard from so many chargers (as bits)."""
    return Report(counts={item: Count(number, chargers) for item, number in times.items()})


def sheet(times: Mapping[str, int], model: Model = WALL, chargers: int = FOUR) -> Sheet:
    """A sheet that knows one model."""
    return Sheet(models={model: report(times, chargers)})
