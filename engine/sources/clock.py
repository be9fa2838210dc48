"""Clock: the one place where a source reads the time; everything behind it goes by the time in the signals."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)
