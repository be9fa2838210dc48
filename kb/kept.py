"""Kept: a signal as a store keeps it, and how one asks for some; alone here, as many ask who know no SQL. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple


class KeptSignal(NamedTuple):
    """A captured signal. `run`, `seq` and `part` name it: a run of a watch, the message in it, the place in that.

    `heard` is when it was captured, `at` its event time or else the same; `body` is JSON without `raw`, which is None
    where it is that of the message's first signal.
    """

    run: str
    seq: int
    part: int
    heard: datetime
    at: datetime
    charger: str
    connector: int | None
    layer: str
    kind: str
    body: str
    raw: str | None


class Wanted(NamedTuple):
    """Which signals somebody asks for: empty and None stand for all; `until` is not part of them."""

    charger: str = ""
    layer: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Mark(NamedTuple):
    """A place in the order of capture: behind so many of the signals that were heard at this very moment."""

    heard: str
    skip: int


FIRST = Mark("", 0)


def written(at: datetime) -> str:
    """A time as text of one width that sorts by time."""
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return at.astimezone(UTC).isoformat(timespec="microseconds")
