"""The real screens on an hour of a tape: `tui_replay.py CHARGERS FILE`; the file gets a line of memory at each mark.

Run by `bench_tui.py`. The tape holds 20 frames a second of event time and plays as fast as the screens take it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from engine_stream import STEP, traffic

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Signal
from chargelore.kb.store import Store
from chargelore.tui.inflow import Inflow
from chargelore.tui.late import known_in
from chargelore.tui.live import live_watch
from chargelore.tui.replaying.app import ReplayApp
from chargelore.tui.replaying.tape import SPEEDS, Tape
from chargelore.tui.starting import desk_over

FRAMES = round(3600 / STEP)
MARKS = (1_000, FRAMES // 2, FRAMES)  # signals after which the memory is noted


def recorded(chargers: int) -> Iterator[Signal]:
    """An hour of signals of so many chargers."""
    for name, at, frame in traffic(FRAMES, noise=0.999, size=10):
        charger = f"CP{int(name[2:]) % chargers}"
        yield from decode_frame(frame.decode(), direction="charger", charger=charger, at=at)


class Scale:
    """Hands signals on, and notes the memory of this process at each mark."""

    def __init__(self, feed: Callable[[Signal], None], file: Path) -> None:
        self._feed, self._file, self._fed = feed, file, 0

    def takes(self, signal: Signal) -> None:
        """One more signal."""
        self._feed(signal)
        self._fed += 1
        if self._fed in MARKS:
            with self._file.open("a") as told:
                told.write(f"{resident()}\n")


def resident() -> int:
    """Bytes of this process that are in memory."""
    status = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def main(chargers: int, file: Path) -> None:
    """The screens, until they are closed from outside."""
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "replay.db") as store:
        known = known_in(store)
        with live_watch(known=known) as watch:
            desk, _ = desk_over(known, watch, store, recalls=False)
            app = ReplayApp(desk, Tape(recorded(chargers), speed=SPEEDS[-1]))
            app.inflow = Inflow(Scale(desk.feed, file).takes, app.pace)
            app.run()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
