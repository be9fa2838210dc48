"""Intake: takes what comes over the pipe, once each, through the door into the journal, and says how far it is.

A disk that cannot be written is told and tried again; meanwhile the wire keeps its copies. When that takes too long,
the engine gets what comes in without a journal, so that a watch on a full disk still diagnoses; how much is counted by
charger, and stands in the journal as soon as there is one again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from chargelore.engine.door import charger_called, redacted
from chargelore.engine.relay.item import Heard, Item, Known, Ready, Shown, signals_of
from chargelore.engine.relay.journal import Journal, Record
from chargelore.engine.relay.outbox import lost
from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.errors import StoreError
from chargelore.kb.model import Layer

GRACE = 5.0  # seconds in which the disk may come back before the engine goes on without a journal
AGAIN = 1.0  # seconds between two tries at a disk that cannot be written
RARELY = 0.2  # seconds between two times that all is brought to the disk for good
MOST_BESIDE = 20_000  # records that wait for the engine without a journal
BESIDE = "no journal"

Numbered = tuple[int, Item]


@dataclass(slots=True)
class Intake:
    """Takes the items of one run. `timer` gives seconds. Used by one thread; `beside` is read by the engine's.

    `unkept` counts signals by charger that came into no journal, `why` says why the last try at it failed.
    """

    journal: Journal
    run: str
    key: bytes
    timer: Callable[[], float]
    seq: int = 0
    why: str = ""
    signals: int = 0
    unkept: Counter[str] = field(default_factory=Counter)
    beside: deque[Record] = field(default_factory=deque)
    _pending: list[Record] = field(default_factory=list)
    _untold: Counter[tuple[str, Layer]] = field(default_factory=Counter)
    _failed_at: float | None = None
    _tried_at: float = 0.0
    _synced_at: float = 0.0
    _synced: int = 0

    def __post_init__(self) -> None:
        """What a child before this one journaled of this run is not taken again."""
        self.seq = self.journal.seq if self.journal.run == self.run else 0

    def takes(self, items: Sequence[Numbered]) -> None:
        """Items came in; those that came before are left out."""
        for seq, item in items:
            if seq > self.seq:
                self.seq = seq
                self._pending.append(self._record(seq, item))
        self._writes()

    def acknowledged(self, *, at_once: bool = False) -> int | None:
        """The number up to which nothing need be sent again, when that is news. Called again and again."""
        if self._pending:
            self._writes()
        done = self._pending[0].seq - 1 if self._pending else self.seq
        if done <= self._synced or (self.timer() - self._synced_at < RARELY and not at_once):
            return None
        self._syncs()
        self._synced, self._synced_at = done, self.timer()
        return done

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be read from the pipe for now."""
        return bool(self._pending) and self._failed_at is not None

    def _record(self, seq: int, item: Item) -> Record:
        if isinstance(item, Known):
            who = replace(item.charger, id=charger_called(item.charger.id, self.key))
            return Record(run=self.run, seq=seq, at=item.at, who=who)
        if isinstance(item, Shown):
            return Record(run=self.run, seq=seq, at=item.at, shown=item)
        return Record(run=self.run, seq=seq, at=item.at, signals=self._through_the_door(item))

    def _through_the_door(self, item: Item) -> tuple[Signal, ...]:
        try:
            return tuple(redacted(each, self.key) for each in signals_of(item))
        except Exception as error:  # noqa: BLE001  # one item that cannot be worked through must not stop the others
            return (unreadable_now(item, error, self.key),)

    def _writes(self) -> None:
        now = self.timer()
        may_try = now - self._tried_at >= AGAIN and not self.beside  # the engine has to have them in their order
        if self._pending and (self._failed_at is None or may_try):
            self._tries(now)
        if self._pending and self._is_late(now):
            self._goes_beside()

    def _is_late(self, now: float) -> bool:
        return self._failed_at is not None and now - self._failed_at >= GRACE

    def _tries(self, now: float) -> None:
        self._tried_at = now
        try:
            self.journal.append([*self._gaps(), *self._pending])
        except (OSError, StoreError) as error:
            self.why = str(error)
            self._failed_at = now if self._failed_at is None else self._failed_at
            return
        self.signals += sum(len(each.signals) for each in self._pending)
        self._pending, self._failed_at, self.why = [], None, ""
        self._untold.clear()

    def _gaps(self) -> list[Record]:
        """What came into no journal before, as signals that stand for it."""
        first = self._pending[0]
        run = f"{self.run}-{BESIDE.replace(' ', '-')}"
        gaps = [lost(*who, count, first.at, BESIDE) for who, count in self._untold.items()]
        return [Record(run=run, seq=first.seq, at=first.at, signals=tuple(gaps), is_beside=True)] if gaps else []

    def _goes_beside(self) -> None:
        for record in self._pending:
            if len(self.beside) < MOST_BESIDE:
                self.beside.append(record)
            for each in record.signals:
                self.unkept[each.charger] += 1
                self._untold[each.charger, each.layer] += 1
        self._pending = []

    def _syncs(self) -> None:
        try:
            self.journal.sync()
        except OSError as error:  # it is written, but may not survive a cut of power: told, and no reason to stop
            self.why = str(error)


def unreadable_now(item: Item, error: Exception, key: bytes) -> Signal:
    """What stands for an item that our own code failed on: nothing of it but where it came from, and when."""
    told = item if isinstance(item, Heard) else item.signal if isinstance(item, Ready) else None
    fields: dict[str, Scalar] = {"text": "", "why": f"our own code failed on it: {type(error).__name__}"}
    charger = charger_called(told.charger, key) if told is not None else ""
    return Signal(layer="csms", kind="unreadable", charger=charger, at=item.at, fields=fields, marks=("off-spec",))
