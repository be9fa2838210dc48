"""SimClock: the demo's own time. It moves on only when everybody in the demo waits, so it is exact at any speed."""

from __future__ import annotations

import asyncio
import heapq
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Result = TypeVar("Result")


async def _at_once() -> None:
    return


class SimClock:
    """Event time for a group of actors. Lives as long as the demo.

    `speed` seconds of event time pass in one second, `inf` skips all waiting. Before time moves on, `settled` is
    awaited: whoever listens must have heard all that was said so far.
    """

    def __init__(self, speed: float = math.inf, start: datetime = START) -> None:
        self.settled: Callable[[], Awaitable[None]] = _at_once
        self._now, self._speed = start, speed
        self._busy = 0
        self._asleep: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()
        self._moving: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Event time."""
        return self._now

    def stamp(self) -> str:
        """Event time as OCPP writes it."""
        return self._now.strftime("%Y-%m-%dT%H:%M:%SZ")

    async def acts(self, part: Awaitable[Result]) -> Result:
        """Run somebody in the demo. Time stands still while he does not sleep."""
        self._busy += 1
        try:
            return await part
        finally:
            self._rests()

    async def sleep(self, seconds: float) -> None:
        """Wait in event time; for actors only."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self._now + timedelta(seconds=seconds), next(self._order), woken))
        self._rests()
        try:
            await woken
        except asyncio.CancelledError:
            if woken.cancelled():  # nobody woke this sleeper, so nobody counted it as busy again
                self._busy += 1
            raise

    def stops(self) -> None:
        """Time stands still for good; whoever sleeps is not woken any more."""
        if self._moving is not None:
            self._moving.cancel()

    def _rests(self) -> None:
        self._busy -= 1
        if self._busy == 0 and self._moving is None:
            self._moving = asyncio.create_task(self._moves_on())

    async def _moves_on(self) -> None:
        """Wake the next sleeper at its time; stop as soon as somebody is busy, or when nobody sleeps."""
        await self.settled()
        while self._busy == 0 and self._asleep:
            at, _, woken = heapq.heappop(self._asleep)
            if woken.done():
                continue
            await asyncio.sleep((at - self._now).total_seconds() / self._speed)
            if woken.done():  # it was told to stop while we waited
                continue
            self._now = max(self._now, at)
            self._busy += 1
            woken.set_result(None)
        self._moving = None
