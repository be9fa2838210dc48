"""Paged: rows that are read page after page as they come into view, so that 50,000 of them open like ten."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

Row = TypeVar("Row")
PAGE = 200  # rows read at once: a few windows full
KEPT = 20  # pages that stay in memory


class Paged(Sequence[Row], Generic[Row]):
    """A sequence over a source that gives `page(first, most)` rows, such as a store. A row that has gone is read anew.

    `count` is how many rows there were when it was made; a list that grows is made anew.
    """

    def __init__(self, count: int, page: Callable[[int, int], Sequence[Row]]) -> None:
        self._count, self._page = count, page
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(self._count)))
        place = place + self._count if place < 0 else place
        if not 0 <= place < self._count:
            raise IndexError(place)
        number, offset = divmod(place, PAGE)
        page = self._of(number)
        if offset >= len(page):
            raise IndexError(place)
        return page[offset]

    def __iter__(self) -> Iterator[Row]:
        for number in range(-(-self._count // PAGE)):
            yield from self._of(number)

    def _of(self, number: int) -> Sequence[Row]:
        if number not in self._pages:
            self._pages[number] = self._page(number * PAGE, PAGE)
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number]
