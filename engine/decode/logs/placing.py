"""Placing: when a record was, on which charger, and who sent its frame - learned from the log as it goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from chargelore.engine.decode.actions import sender_of
from chargelore.engine.decode.clock import Clock, moment, payload_time
from chargelore.engine.decode.logs.record import Record
from chargelore.engine.decode.message import Message, Side

_OTHER: dict[str, Side] = {"charger": "csms", "csms": "charger"}


class Placed(NamedTuple):
    """A record with its time, charger and sender; `marks` are of the record and of its time."""

    record: Record
    at: datetime | None
    charger: str
    sender: Side
    marks: tuple[str, ...]


@dataclass(slots=True)
class Placing:
    """What a log has told so far about time, chargers and its own side of the wire; lives for one reading.

    `side` is whose log it is where the format says so; `sole` the one charger that the log names, if it names one.
    """

    side: str = ""
    sole: str = ""
    clock: Clock = field(default_factory=Clock)
    votes: Counter[str] = field(default_factory=Counter)
    stamp: str = ""
    at: datetime | None = None
    time_marks: tuple[str, ...] = ()
    timed: bool = False

    def placed(self, record: Record) -> Placed:
        """The record in its place."""
        marks = self._on_the_clock(record)
        sender = self._sender(record) if record.message is not None else ""
        charger = record.charger or record.head.charger or self.sole
        if record.marks or self.time_marks:
            marks = (*record.marks, *self.time_marks, *marks)
        return Placed(record, self.at, charger, sender, marks)

    def _on_the_clock(self, record: Record) -> tuple[str, ...]:
        """Take the record's time; what has none is as old as what stands before it. The marks of that."""
        stamp = record.head.stamp
        if stamp and stamp == self.stamp:
            return ()
        written = moment(stamp) if stamp else None
        if written is not None:
            self.stamp, self.timed = stamp, True
            self.at, self.time_marks = self.clock.at(written)
            return ()
        if not self.timed and record.message is not None:
            return self._by_payload(record.message)
        return ("no-time",) if self.at is None or record.message is not None else ()

    def _by_payload(self, message: Message) -> tuple[str, ...]:
        """In a log without times the frames' own times have to do; they never run backwards."""
        said = payload_time(message.payload.get("timestamp")) or payload_time(message.payload.get("currentTime"))
        if said is None or said.year < 2000 or (self.at is not None and said < self.at):
            return ("no-time",)
        self.at = said
        return ("payload-time",)

    def _sender(self, record: Record) -> Side:
        """By the action; else by the words in front, once it is known on which side the log was written."""
        message = record.message
        by_action = sender_of(message.action) if message is not None and message.is_call else ""
        if by_action and record.way in ("in", "out"):
            self.votes[by_action if record.way == "out" else _OTHER[by_action]] += 1
        if by_action in _OTHER:
            return "charger" if by_action == "charger" else "csms"
        return self._by_way(record.way)

    def _by_way(self, way: str) -> Side:
        if way in _OTHER:
            return "charger" if way == "charger" else "csms"
        whose = self.votes.most_common(1)[0][0] if self.votes else self.side
        if whose not in _OTHER or way not in ("in", "out"):
            return ""
        return _OTHER[_OTHER[whose]] if way == "out" else _OTHER[whose]
