"""Reels: what chargers with an open case said while the screens are open; what memory has no room for goes to disk.

It lies in a folder for this sitting alone, apart from the store of findings, and is deleted at the end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from chargelore.engine.relay.kept import row_of
from chargelore.engine.signal import Signal
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.kept import KeptSignal, Mark, Wanted, written
from chargelore.tui.frames.source import PAGE, gone, told
from chargelore.tui.live import opened
from chargelore.tui.speech import t

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store

AT_HAND = 4 * PAGE  # signals of one charger that stay in memory
BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
RUN = "reel"


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """The signals of one charger: a number of whole pages on disk, then those in `late`. A source."""

    reels: Reels
    charger: str
    pages: list[int]  # the number under which each page lies on disk; -1 where it could not be written
    late: list[Signal]

    def count(self) -> int:
        """On disk and in memory."""
        return len(self.pages) * PAGE + len(self.late)

    def page(self, number: int) -> Sequence[Signal]:
        """From disk, or from memory."""
        if number < len(self.pages):
            return self.reels.read(self.charger, self.pages[number])
        first = (number - len(self.pages)) * PAGE
        return self.late[first : first + PAGE]


class Reels:
    """Lives as long as the desk and is used by its thread only. It never raises towards a source of signals."""

    def __init__(self) -> None:
        self._reels: dict[str, Reel] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._store: Store | None = None
        self._written = 0

    def begins(self, charger: str, signals: Iterable[Signal]) -> None:
        """From now on a charger is listened to; these it said before. Nothing new where that is so already."""
        if charger not in self._reels:
            self._reels[charger] = Reel(self, charger, [], list(signals))

    def takes(self, signal: Signal) -> None:
        """One more signal; those of a charger that nobody listens to are let go."""
        reel = self._reels.get(signal.charger)
        if reel is None:
            return
        reel.late.append(signal)
        if len(reel.late) >= AT_HAND + PAGE:
            reel.pages.append(self._writes(reel.charger, reel.late[:PAGE]))
            del reel.late[:PAGE]

    def ends(self, charger: str) -> None:
        """A charger is listened to no more."""
        self._reels.pop(charger, None)

    def reel(self, charger: str) -> Reel | None:
        """What a charger said; None where nobody listened."""
        return self._reels.get(charger)

    def close(self) -> None:
        """Delete what is on disk."""
        self._reels.clear()
        if self._store is not None:
            self._store.close()
        if self._folder is not None:
            self._folder.cleanup()
        self._store = self._folder = None

    def read(self, charger: str, page: int) -> Sequence[Signal]:
        """A page that was written. StoreError when it cannot be read."""
        if page < 0 or self._store is None:
            return [gone(t("there was no room on the disk to keep this"))] * PAGE
        start = Mark(written(_moment(page * PAGE)), 0)
        return [told(row) for row in self._store.page_of_signals(Wanted(charger), start, PAGE)]

    def _writes(self, charger: str, signals: Sequence[Signal]) -> int:
        """Write a page; the number under which it lies, or -1 on a full disk."""
        page = self._written
        rows = [_row(charger, each, page * PAGE + n) for n, each in enumerate(signals)]
        try:
            self._opened().keep_signals(rows)
        except (ChargeloreError, OSError):
            return -1
        self._written += 1
        return page

    def _opened(self) -> Store:
        if self._store is None:
            self._folder = tempfile.TemporaryDirectory(prefix="chargelore-")
            self._store = opened(Path(self._folder.name) / "reels.db")
        return self._store


def _moment(number: int) -> datetime:
    """Each signal has a moment of its own, so that the order on disk is that of hearing."""
    return BEGIN + timedelta(microseconds=number)


def _row(charger: str, signal: Signal, number: int) -> KeptSignal:
    name = (RUN, number, 0)
    try:
        return row_of(signal, name, _moment(number))._replace(charger=charger)
    except (ValueError, msgspec.MsgspecError):  # text that no encoding can hold
        return row_of(gone(t("this cannot be written down")), name, _moment(number))._replace(charger=charger)
