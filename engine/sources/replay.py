"""Replay: recorded signals once more, with the pauses between them, at any speed."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime

from chargelore.engine.signal import Signal

LONGEST_PAUSE = 3600.0  # seconds of event time; a gap in a log is not worth waiting for


async def replay(
    signals: Iterable[Signal], speed: float = math.inf, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[Signal]:
    """The signals in their order; `speed` seconds of event time pass in one second, `inf` waits for nothing.

    Time that goes backwards, and signals without a time, follow at once.
    """
    last: datetime | None = None
    for signal in signals:
        pause = _pause(last, signal.at) / speed
        if pause > 0:
            await sleep(pause)
        last = max(filter(None, (last, signal.at)), default=None)
        yield signal


def _pause(last: datetime | None, at: datetime | None) -> float:
    if last is None or at is None:
        return 0.0
    return min(max((at - last).total_seconds(), 0.0), LONGEST_PAUSE)
