"""Source: where the timeline of one charger is read from, so that fifty thousand signals open as fast as ten."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import msgspec

from chargelore.engine.relay.kept import signal_of
from chargelore.engine.signal import Signal
from chargelore.kb.kept import FIRST, KeptSignal, Mark, Wanted
from chargelore.tui.speech import t

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store

PAGE = 500  # signals that are read at once: a screen shows fifty of them, and a key goes half a screen further


class Source(Protocol):
    """Signals of one charger in the order in which they were heard; those that come in join at the end."""

    def count(self) -> int:
        """How many there are now. StoreError when that cannot be told."""

    def page(self, number: int) -> Sequence[Signal]:
        """The page of that number, from 0: `PAGE` signals, fewer on the last. StoreError when it cannot be read."""


class Kept:
    """The signals of one charger in a store. Only the place of the first signal of each page is in memory."""

    def __init__(self, store: Store, charger: str) -> None:
        self._store, self._asked = store, Wanted(charger)
        self._marks: list[Mark] = []

    def count(self) -> int:
        """As the store says now; what it knows already is not read again."""
        last = self._marks[-1] if self._marks else FIRST
        marks, count = self._store.marks_of_signals(self._asked, PAGE, last)
        full = self._marks[:-1]
        all_of = len(full) * PAGE + count
        if self._marks and (marks[:1] != [last] or self._store.count_signals(self._asked) != all_of):
            self._marks = []  # the store let go of some, or one came in between: the pages begin elsewhere now
            return self.count()
        self._marks = [*full, *marks]
        return all_of

    def page(self, number: int) -> Sequence[Signal]:
        """From the place where the page begins; the pages before it are not looked at."""
        start, until = self._marks[number], next(iter(self._marks[number + 1 : number + 2]), None)
        return [told(row) for row in self._store.page_of_signals(self._asked, start, PAGE, until)]


def told(row: KeptSignal) -> Signal:
    """The signal of a row; a row that somebody changed to something else is shown as what cannot be read."""
    with suppress(ValueError, msgspec.MsgspecError):
        return signal_of(row)
    return gone(t("this row of the store holds no signal any more"), row.raw or "")


def gone(why: str, raw: str = "") -> Signal:
    """What stands where a signal should, with the reason."""
    return Signal(layer="field", kind="unreadable", fields={"why": why}, raw=raw)
