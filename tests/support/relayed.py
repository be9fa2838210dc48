"""A relay in one process, with everything of it that can be killed: a wire, children that come and go, a disk."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chargelore.engine.relay.intake import Intake, Numbered
from chargelore.engine.relay.item import Heard, Unpacking, item_in
from chargelore.engine.relay.journal import Follower, Journal, Record
from chargelore.engine.relay.outbox import Outbox
from chargelore.engine.signal import Signal

BEGIN = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
KEY = b"k" * 32
decoded = item_in


def message(number: int, charger: str = "CP-1", *, payload: bytes = b"") -> Heard:
    """A Heartbeat with a number, as it passed."""
    text = payload or json.dumps([2, f"{charger}-{number}", "Heartbeat", {}]).encode()
    at = BEGIN + timedelta(seconds=number)
    return Heard(charger=charger, sender="charger", version="1.6", at=at, line=number, payload=text)


def reading(number: int, charger: str = "MB-1", text: str = "") -> Signal:
    """A signal that a source made itself."""
    fields = {"name": f"r{number}", "value": number, "text": text}
    return Signal(layer="modbus", kind="reading", charger=charger, at=BEGIN, fields=fields)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Alive:
    """A child as the wire sees it: it takes what is sent, and is forgotten when it is killed."""

    def __init__(self, folder: Path, run: str = "run", clock: Clock | None = None, segment: int = 4_096) -> None:
        self.clock = clock or Clock()
        self.journal = Journal(folder, segment=segment)
        self.intake = Intake(self.journal, run, KEY, self.clock)
        self._coming: Unpacking[Numbered] = Unpacking(item_in)

    def takes(self, sent: bytes) -> None:
        """So much came through the pipe."""
        self.intake.takes(list(self._coming.fed(sent)))

    def answers(self, outbox: Outbox) -> None:
        """Say what is journaled, and be heard."""
        done = self.intake.acknowledged(at_once=True)
        if done is not None:
            outbox.acknowledged(done)

    def killed(self) -> None:
        """Nothing is tidied up."""
        self.journal.close()


def journaled(folder: Path) -> list[Record]:
    """All that stands in a journal."""
    follower = Follower(folder, 0)
    found: list[Record] = []
    while more := follower.next(10**9):
        found += more
    return found


def uids(records: list[Record]) -> list[str]:
    """The ids of the messages in these records, in their order."""
    return [str(each.fields["uid"]) for record in records for each in record.signals if "uid" in each.fields]
