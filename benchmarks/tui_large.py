"""The real screens over ten thousand codes and a case of fifty thousand frames, for `bench_tui.py`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lookup_queries import grown

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.relay.mover import row_of
from chargelore.engine.signal import Signal
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.live import live_watch
from chargelore.tui.starting import desk_over

CODES, FRAMES, CHARGER = 10_000, 50_000, "CP-1"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def frame(number: int) -> list[Signal]:
    """A status of the charger each second; the last says that it broke."""
    is_last = number == FRAMES - 1
    told = ("Faulted", "GroundFailure") if is_last else ("Preparing" if number % 2 else "Available", "NoError")
    at = NOON + timedelta(seconds=number)
    body = {"connectorId": 1, "status": told[0], "errorCode": told[1], "timestamp": at.isoformat()}
    text = json.dumps([2, str(number), "StatusNotification", body])
    return list(decode_frame(text, direction="charger", charger=CHARGER, at=at))


def opens() -> None:
    """The screens on these until they are left."""
    known = grown(shipped(), CODES, 7)
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "events.db") as store:
        every = [(number, frame(number)) for number in range(FRAMES)]
        store.keep_signals(
            row_of(each, ("run", number, part), each.at or NOON)
            for number, signals in every
            for part, each in enumerate(signals)
        )
        with live_watch(known=known) as watch:
            for each in every[-1][1]:
                watch.feed(each)
            desk, told = desk_over(known, watch, store)
            Chargelore(desk, told=told).run()


if __name__ == "__main__":
    opens()
