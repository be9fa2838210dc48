"""Clock: hybrid logical time, which orders the events of many machines though their clocks disagree.

After Kulkarni et al., "Logical Physical Clocks" (2014): wall time in milliseconds, a counter for what happens within
one of them or while the wall clock lags, and the machine's name to break ties. Time is always an argument.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chargelore.kb.errors import InputError

SLACK = timedelta(minutes=5)  # by which two sound clocks may differ
AHEAD_AT_MOST = timedelta(hours=24)  # a clock that is further ahead would win every "last word" for a day
COUNTER_END = 100
_TEXT = re.compile(r"(\d{13})\.(\d{2})\.([a-z0-9]{1,16})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """A moment in hybrid time. Its text sorts as it does: 13 digits of Unix milliseconds, 2 of counter, the replica."""

    ms: int
    counter: int
    replica: str

    def __str__(self) -> str:
        return f"{self.ms:013d}.{self.counter:02d}.{self.replica}"

    @property
    def at(self) -> datetime:
        """The wall time that it claims, in UTC."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=self.ms)


def stamp_of(text: str) -> Stamp:
    """The stamp that was written so; InputError for anything else."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise InputError(f"{text[:60]!r} is no time stamp", mend="it reads `milliseconds.counter.replica`")
    return Stamp(int(match[1]), int(match[2]), match[3])


def next_stamp(last: Stamp | None, now: datetime, replica: str) -> Stamp:
    """The moment after everything seen so far: later than `last` even when the wall clock went back."""
    ms = _milliseconds(now)
    if last is None or ms > last.ms:
        return Stamp(ms, 0, replica)
    if last.counter + 1 < COUNTER_END:
        return Stamp(last.ms, last.counter + 1, replica)
    return Stamp(last.ms + 1, 0, replica)


def latest(now: datetime) -> Stamp:
    """The last moment that can be believed: a day in the future of this machine."""
    return Stamp(_milliseconds(now + AHEAD_AT_MOST), COUNTER_END - 1, "z" * 16)


def end_of(at: datetime) -> Stamp:
    """The last moment that is not after `at`."""
    return Stamp(max(0, _milliseconds(at)), COUNTER_END - 1, "z" * 16)


def _milliseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
