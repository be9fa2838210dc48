"""Benchengine: the watch behind a bench without a screen: signals wait for it, and it works in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from chargelore.engine.nameplate import short
from chargelore.engine.signal import Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.watch import Watch
from chargelore.kb.model import Knowledge
from chargelore.tui.danger import danger

BEAT = 1.0  # seconds between two looks at what has become absent
MOST_WAITING = 20_000  # signals; beyond that the newest are left out
Takes = Callable[[Iterable[Signal], datetime], None]


def feeding(watch: Watch, failed: Callable[[Exception], None]) -> Takes:
    """Feeds a watch and prints nothing; one signal that it cannot work through does not stop the others."""

    def takes(signals: Iterable[Signal], now: datetime) -> None:
        for signal in signals:
            try:
                watch.feed(signal)
            except Exception as error:  # noqa: BLE001  # as said
                failed(error)
        watch.tick(now)

    return takes


class Behind:
    """Feeds `takes` with all that is heard, batch by batch. Used on one loop; lives as long as the bench."""

    def __init__(self, takes: Takes, watch: Watch, knowledge: Knowledge) -> None:
        self._takes, self._watch, self._knowledge = takes, watch, knowledge
        self._waiting: asyncio.Queue[Signal] = asyncio.Queue(MOST_WAITING)
        self._at_work = asyncio.Lock()
        self._is_over = False
        self.missed = 0

    def hears(self, signal: Signal) -> None:
        """One signal. Never raises, never waits."""
        with suppress(asyncio.QueueFull):
            self._waiting.put_nowait(signal)
            return
        self.missed += 1

    async def works(self) -> None:
        """Take what comes, until `ends` is called."""
        while not self._is_over:
            first: list[Signal] = []
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    first.append(await self._waiting.get())
            await self._take(first)

    async def danger(self, charger: str) -> str:
        """The safety fault that is suspected at a charger, once all that was heard so far has been weighed."""
        await self._take([])
        async with self._at_work:
            return await asyncio.to_thread(self._suspected, short(charger))

    async def ends(self) -> None:
        """Nothing more comes; what is left is taken. A batch under way is never cut off in its thread."""
        self._is_over = True
        await self._take([])

    async def _take(self, first: list[Signal]) -> None:
        async with self._at_work:
            batch = [*first, *(self._waiting.get_nowait() for _ in range(self._waiting.qsize()))]
            await asyncio.to_thread(self._takes, batch, utc_now())

    def _suspected(self, charger: str) -> str:
        of_it = (case for case, who in self._watch.opened if who == charger)
        return danger([self._watch.diagnosis(case) for case in of_it], self._knowledge)
