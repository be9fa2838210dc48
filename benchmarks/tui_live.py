"""The real screens on frames of 1,000 chargers that arrive live: `tui_live.py SIGNALS_A_SECOND`. Run by `bench_tui.py`.

Frames are decoded, pass the door and the rules, and open cases as those of a tap do; only the socket is left out. To
make a frame and decode it takes a tenth of what the watch needs for it, and so keeps no key waiting.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from time import monotonic

from engine_stream import traffic

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Signal
from chargelore.tui.starting import run

BEAT = 0.02  # seconds between two arrivals
FRAMES = 1_000_000


async def arrives(rate: float, on_signal: Callable[[Signal], None]) -> None:
    """So many signals a second until the screens are left; what is late comes as soon as it can."""
    frames, begun = traffic(FRAMES, noise=0.999, size=10), monotonic()
    for number, (charger, at, frame) in zip(count(), frames, strict=False):
        for signal in decode_frame(frame.decode(), direction="charger", charger=charger, at=at):
            on_signal(signal)
        if (ahead := number / rate - (monotonic() - begun)) > 0:
            await asyncio.sleep(max(ahead, BEAT))
        elif number % 20 == 0:
            await asyncio.sleep(0)


if __name__ == "__main__":
    run(partial(arrives, float(sys.argv[1])))
