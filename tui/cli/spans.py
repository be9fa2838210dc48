"""Spans: a length of time as people type it on the command line: `5s`, `2m`, `1h`."""

from __future__ import annotations

from datetime import timedelta

import click

from chargelore.engine.units import span


class Span(click.ParamType[timedelta]):
    """A span of time up to `most`."""

    name = "span"

    def __init__(self, most: timedelta) -> None:
        self._most = most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The span; a complaint with the cure where it is none, or too long."""
        found = value if isinstance(value, timedelta) else span(value)
        if found is None or found > self._most:
            self.fail(f"{value!r} is no span of time; write 5s or 2m, at most {self._most.seconds // 60}m", param, ctx)
        return found
