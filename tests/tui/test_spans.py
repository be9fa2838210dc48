"""A length of time on the command line: what is none, too short or too long is told with the bounds."""

from __future__ import annotations

from datetime import timedelta

import click
import pytest

from chargelore.tui.cli.troubles.spans import Span

PATIENCE = Span(timedelta(minutes=10), timedelta(seconds=1))


@pytest.mark.parametrize("typed", ["0s", "11m", "soon", "-5s", ""])
def test_what_is_no_patience_is_told_with_its_bounds(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="at least 1s and at most 10m"):
        PATIENCE.convert(typed, None, None)


@pytest.mark.parametrize(("typed", "seconds"), [("1s", 1), ("30s", 30), ("10m", 600)])
def test_a_patience_within_its_bounds_is_taken(typed: str, seconds: int) -> None:
    assert PATIENCE.convert(typed, None, None) == timedelta(seconds=seconds)


def test_no_lateness_at_all_may_be_asked_for() -> None:
    assert Span(timedelta(minutes=10)).convert("0s", None, None) == timedelta()
