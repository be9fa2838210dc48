"""View: the signals of a source as one sequence, of which only the pages that were looked at last are in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeVar, overload

from chargelore.engine.signal import Signal
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.frames.source import PAGE, Source, gone
from chargelore.tui.speech import t

KEPT_PAGES = 8
Row = TypeVar("Row")


class Frames:
    """Lives as long as its screen; `now` gives what there is at this moment, and later signals do not change that."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._pages: OrderedDict[int, Sequence[Signal]] = OrderedDict()
        self._count = 0

    def now(self) -> View:
        """All signals so far. StoreError when the store cannot tell."""
        count = self.source.count()
        if count < self._count:  # the store let go of some: each page holds others now
            self._pages.clear()
        self._count = count
        return View(self, count)

    def signal(self, place: int) -> Signal:
        """One signal by its place; one that says why where it cannot be read, as a drawing must not fail."""
        number, rest = divmod(place, PAGE)
        page = self._pages.get(number)
        if page is None or len(page) <= rest:
            try:
                page = self._pages[number] = self.source.page(number)
            except ChargeloreError as error:
                return gone(t("the store cannot be read: {why}", why=str(error)))
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        return page[rest] if rest < len(page) else gone(t("the store let go of this signal meanwhile"))


class Long(Sequence[Row]):
    """Rows that nobody should walk through at once, as they are read page by page."""


class View(Long[Signal]):
    """So many signals of the frames."""

    def __init__(self, frames: Frames, count: int) -> None:
        self._frames, self._count = frames, count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Signal: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Signal]: ...
    def __getitem__(self, place: int | slice) -> Signal | Sequence[Signal]:
        """As of a tuple; a part is read at once."""
        if isinstance(place, slice):
            return tuple(self._frames.signal(each) for each in range(self._count)[place])
        return self._frames.signal(range(self._count)[place])
