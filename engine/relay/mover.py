"""Mover: takes the journal to the store in batches, as often as it takes, and lets go of what is too old there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chargelore.engine.decode.signallines import who
from chargelore.engine.relay.journal import MOST, Follower, Journal, Record, whole
from chargelore.engine.relay.kept import row_of
from chargelore.engine.relay.outbox import lost
from chargelore.kb.errors import ChargeloreError, StoreError
from chargelore.kb.kept import KeptSignal
from chargelore.kb.model import Layer
from chargelore.kb.store import Store

AT_ONCE = 500  # records in one transaction
LET_GO = 5_000  # rows in one transaction
SHORTEST, LONGEST = 1.0, 60.0  # seconds between two tries at a store that refuses
TIDIES = timedelta(hours=1)  # between two looks at what is too old


@dataclass(slots=True)
class Mover:
    """Moves records to the store behind the journal. `keep` is how long signals stay there. Used by one thread.

    A batch that was stored before changes nothing, so it does not matter where the last mover was killed. `stored` is
    the number of the last record that is in the store.
    """

    journal: Journal
    stored: int
    opened: Callable[[], Store]
    keep: timedelta
    now: Callable[[], datetime]
    signals: int = 0  # that were taken to the store
    error: str = ""  # why the store refused the last time; empty when it did not
    follower: Follower = field(init=False)
    _batch: list[Record] = field(default_factory=list)
    _store: Store | None = None
    _wait: float = SHORTEST
    _tidy: datetime | None = None

    def __post_init__(self) -> None:
        """It begins behind what is stored."""
        self.follower = Follower(self.journal.folder, self.stored)

    def moves(self, upto: int) -> float:
        """Move a batch of the records up to a number, or tidy up; seconds until there may be more to do."""
        try:
            waits = 0.0 if self._moved(upto) or self._tidied() else SHORTEST
        except ChargeloreError as error:
            return self._refused(error)
        self.error, self._wait = "", SHORTEST
        return waits

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _moved(self, upto: int) -> bool:
        """Whether there was a batch."""
        self._batch = self._batch or self.follower.next(upto, AT_ONCE)
        if not self._batch:
            self.stored = max(self.stored, self.follower.after)
            return False
        rows = [row for record in self._batch for row in rows_of(record)]
        if rows:
            self._at_hand().keep_signals(rows)
        self.signals += len(rows)
        self.stored, self._batch = self._batch[-1].n, []
        return True

    def _tidied(self) -> bool:
        """Let go of some signals that are too old; whether there may be more."""
        now = self.now()
        if self._tidy is not None and now < self._tidy:
            return False
        more = self._at_hand().let_go_of_signals(now - self.keep, LET_GO)
        self._tidy = None if more else now + TIDIES
        return more

    def _at_hand(self) -> Store:
        if self._store is None:
            self._store = self.opened()
        return self._store

    def _refused(self, error: ChargeloreError) -> float:
        """The next try has a connection of its own: a server that was away has forgotten the old one."""
        self.error = str(error)
        self.close()
        waits, self._wait = self._wait, min(self._wait * 2, LONGEST)
        return waits


def given_up(journal: Journal, mover: Mover, now: datetime, most: int = MOST) -> int:
    """Delete the oldest file of a journal that is too large; how many signals the store never took are lost by that.

    They stand in the journal as one signal for each charger, so that the gap is seen.
    """
    oldest = journal.oldest_beyond(most)
    if oldest is None:
        return 0
    gone: Counter[tuple[str, Layer]] = Counter()
    run, seq = "", 0
    for record in whole(oldest):
        if record.n > mover.follower.after:
            gone.update((each.charger, each.layer) for each in record.signals)
            run, seq = record.run, record.seq
    oldest.file.unlink(missing_ok=True)
    if gone:
        told = tuple(lost(*who, count, now, "the store was away and the journal full") for who, count in gone.items())
        with suppress(OSError, StoreError):  # on a full disk the sentence for a person has to do
            journal.append_beside([Record(run=f"{run}-full", seq=seq, at=now, signals=told, is_beside=True)])
    return gone.total()


def rows_of(record: Record) -> Iterator[KeptSignal]:
    """The signals of a record as the store keeps them; the text of a message is kept with its first signal."""
    signals = record.signals if record.who is None else (who(record.who),)
    first = signals[0].raw if signals else ""
    for part, signal in enumerate(signals):
        raw = None if part and signal.raw == first else signal.raw
        yield row_of(signal, (record.run, record.seq, part), record.at)._replace(raw=raw)
