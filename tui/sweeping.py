"""Sweeping: garbage that refers to itself is looked for while nobody types: a look through all keeps keys waiting."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import monotonic

from chargelore.tui.pace import Clock, Pace

# Most garbage goes without being looked for. Of the rest the young is looked through as Python does by itself, in a few
# milliseconds; all that there is only here: with 1,000 chargers that takes 0.15 seconds, which Python would spend each
# second.
YOUNG, MIDDLE, NEVER = 700, 5, 1_000_000_000
AT_REST = 5.0  # seconds without a key after which nobody types
EVERY, AT_LAST = 60.0, 900.0  # seconds between two sweeps; between two for somebody who never rests


class Sweeper:
    """Lives as long as the screens."""

    def __init__(self, pace: Pace, clock: Clock = monotonic, sweep: Callable[[], object] = gc.collect) -> None:
        self._pace, self._clock, self._sweep = pace, clock, sweep
        self._swept_at, self._before = clock(), gc.get_threshold()

    def begins(self) -> None:
        """From now on all is looked through only here."""
        self._before = gc.get_threshold()
        gc.set_threshold(YOUNG, MIDDLE, NEVER)

    def ends(self) -> None:
        """As it was before."""
        gc.set_threshold(*self._before)

    def looks(self) -> None:
        """Sweep, if it is time and nobody types."""
        since = self._clock() - self._swept_at
        if since >= (EVERY if self._pace.rested() >= AT_REST else AT_LAST):
            self._sweep()
            self._swept_at = self._clock()
