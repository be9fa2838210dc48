"""Inflow: signals of a source wait here for the watch, which takes them in slices so that keys come between."""

from __future__ import annotations

from asyncio import Event, sleep
from collections import deque
from collections.abc import Callable
from time import monotonic

from chargelore.engine.signal import Signal
from chargelore.tui.pace import Pace

SLICE = 0.003  # seconds that the watch works before keys and drawing get their turns
TURNS = 6  # of the loop between two slices: from hand to hand a key takes several before anybody knows of it
TURN = 0.002  # seconds until it is looked again whether a key is still being worked on


class Inflow:
    """A queue between a source and the watch on one event loop. Nothing is dropped, and the order is kept.

    While a key is worked on, what waits may wait a little longer.
    """

    def __init__(self, feed: Callable[[Signal], None], pace: Pace) -> None:
        self._feed, self._pace, self._waiting = feed, pace, deque[Signal]()
        self._news, self._is_over = Event(), False

    def takes(self, signal: Signal) -> None:
        """Take one signal of the source; it never waits."""
        self._waiting.append(signal)
        self._news.set()

    def ends(self) -> None:
        """The source has no more; `runs` comes to its end when nothing waits."""
        self._is_over = True
        self._news.set()

    async def runs(self) -> None:
        """Hand over what waits, until the source has ended and nothing is left."""
        while self._waiting or not self._is_over:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                await self._lets_others()
                if not self._pace.is_taken:
                    self._hands_a_slice()

    async def _lets_others(self) -> None:
        for _ in range(TURNS):
            await sleep(TURN if self._pace.is_taken else 0)

    def _hands_a_slice(self) -> None:
        until = monotonic() + SLICE
        while self._waiting and monotonic() < until:
            self._feed(self._waiting.popleft())
