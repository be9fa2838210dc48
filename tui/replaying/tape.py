"""Tape: recorded signals that play at a chosen speed, one by one, or up to a time; its clock is that of the signals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from chargelore.engine.signal import Signal
from chargelore.kb.errors import UseError
from chargelore.tui.speech import t

STEP = 0.0  # a speed at which nothing plays by itself
SPEEDS = (STEP, 1.0, 10.0, 100.0, 1000.0)  # seconds of the tape in one second
TURN = 0.02  # seconds between two looks at the clock
WORKING = 0.01  # seconds of a turn that belong to signals, so that keys are never kept waiting
LONGEST_GAP = timedelta(minutes=10)  # of silence that is worth sitting through; after that the tape moves on

Feed = Callable[[Signal], None]


class Tape:
    """Lives as long as its screens. `at` is what time it is on the tape; None before the first signal that has one.

    `begins` is a time up to which everything plays at once.
    """

    def __init__(
        self, signals: Iterable[Signal], speed: float = 10.0, begins: datetime | None = None,
        *, wall: Callable[[], float] = monotonic,
    ) -> None:  # fmt: skip
        self._signals: Iterator[Signal] = iter(signals)
        self._next = next(self._signals, None)
        self.at: datetime | None = None
        self.speed, self.played, self.is_over = speed, 0, False
        self._until, self._steps = begins, 0
        self._wall, self._looked = wall, wall()

    @property
    def badge(self) -> str:
        """`REPLAY 10× 12:03:05`."""
        how = t("ended") if self.is_over else t("step") if self.speed == STEP else f"{self.speed:g}×"
        clock = f" {self.at:%H:%M:%S}" if self.at else ""
        return f"{t('REPLAY')} {how}{clock}"

    def faster(self, by: int) -> None:
        """The next speed up, or down."""
        near = min(range(len(SPEEDS)), key=lambda place: abs(SPEEDS[place] - self.speed))
        self.speed = SPEEDS[max(0, min(near + by, len(SPEEDS) - 1))]

    def step(self) -> None:
        """Play one signal, and hold the tape."""
        self.speed, self._steps = STEP, self._steps + 1

    def go_to(self, moment: datetime) -> None:
        """Play everything up to a time at once. UseError for a time that is past: what was heard stays heard."""
        if self.at is not None and moment < self.at:
            raise UseError("a tape plays forward only", mend=f"start it anew with --at {moment:%H:%M:%S}")
        self._until = moment

    def moment(self, typed: str) -> datetime:
        """A time as a person types it: `12:30`, on the day of the tape, or with a day before. UseError otherwise."""
        first = self.at or (self._next.at if self._next else None)
        return moment_of(typed, first)

    def turn(self, feed: Feed) -> bool:
        """Play what is due by now, for a moment at most; whether anything is left."""
        now = self._wall()
        passed, self._looked = now - self._looked, now
        if self.at is not None and self.speed:
            self.at += timedelta(seconds=passed * self.speed)
        while self._next is not None and self._is_due(self._next) and self._wall() - now < WORKING:
            self._plays(self._next, feed)
        if self._until is not None and (self._next is None or not self._is_due(self._next)):
            self.at, self._until = max(filter(None, (self.at, self._until))), None
        self.is_over = self._next is None
        return not self.is_over

    def _is_due(self, signal: Signal) -> bool:
        if self._steps:
            return True
        if self._until is not None:
            return signal.at is None or signal.at <= self._until
        if self.speed == STEP:
            return False
        is_far = self.at is not None and signal.at is not None and signal.at - self.at > LONGEST_GAP
        return is_far or self.at is None or signal.at is None or signal.at <= self.at

    def _plays(self, signal: Signal, feed: Feed) -> None:
        self._steps = max(0, self._steps - 1)
        self.at = max(filter(None, (self.at, signal.at)), default=None)
        self.played += 1
        feed(signal)
        self._next = next(self._signals, None)

    async def plays(self, feed: Feed) -> None:
        """Play to the end, on the thread of the screens."""
        self._looked = self._wall()
        while self.turn(feed):
            await asyncio.sleep(TURN)


def moment_of(typed: str, day: datetime | None) -> datetime:
    """A time of day on the day given, or a day with its time, in UTC where nothing else is said."""
    try:
        if "-" in typed.strip()[1:8]:
            found = datetime.fromisoformat(typed.strip())
        else:
            found = datetime.combine(day.date() if day else date.min, time.fromisoformat(typed.strip()))
    except ValueError as error:
        raise UseError(f"{typed[:40]!r} is no time", mend="write 12:30, 12:30:05 or 2026-03-04T12:30") from error
    return found if found.tzinfo else found.replace(tzinfo=day.tzinfo if day and day.tzinfo else UTC)
