"""Spans: a length of time as people type it on the command line: `5s`, `2m`, `1h`."""

from __future__ import annotations

from datetime import timedelta

import click

from chargelore.engine.units import span


class Span(click.ParamType[timedelta]):
    """A span of time from `least` up to `most`."""

    name = "span"

    def __init__(self, most: timedelta, least: timedelta = timedelta()) -> None:
        self._most, self._least = most, least

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The span; a complaint with the cure where it is none, or too long."""
        found = value if isinstance(value, timedelta) else span(value)
        if found is None or not self._least <= found <= self._most:
            least = f"at least {self._least.seconds}s and " if self._least else ""
            most = f"at most {self._most.seconds // 60}m"
            self.fail(f"{value!r} is no span of time for this; write 5s or 2m, {least}{most}", param, ctx)
        return found
