"""Sifting: which rows of a long list pass a filter, worked out bit by bit, so that no key waits for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, overload

from chargelore.tui.filter import Term, keeps
from chargelore.tui.frames.view import Long

Row = TypeVar("Row")


class Sifting(Generic[Row]):
    """Lives as long as its filter. `hits` are the places found so far, `upto` how far the list was looked through."""

    def __init__(self, wanted: tuple[Term, ...], words: Callable[[Row], dict[str, str]]) -> None:
        self.wanted, self._words = wanted, words
        self.hits: list[int] = []
        self.upto = 0

    def goes_on(self, rows: Sequence[Row], most: int) -> bool:
        """Look at some more rows; whether any are left. What was seen before stays as it was: lists grow at the end."""
        if len(rows) < self.upto:
            self.hits, self.upto = [], 0
        ahead = range(self.upto, min(len(rows), self.upto + most))
        self.hits.extend(place for place in ahead if keeps(self.wanted, self._words(rows[place])))
        self.upto = ahead.stop
        return self.upto < len(rows)

    def next(self, place: int, by: int) -> int | None:
        """The hit before or behind a place; None where none is known."""
        at = bisect_right(self.hits, place) if by > 0 else bisect_left(self.hits, place) - 1
        return self.hits[at] if 0 <= at < len(self.hits) else None


class Sifted(Long[Row]):
    """The rows of a long list that stand at these places."""

    def __init__(self, rows: Sequence[Row], places: Sequence[int]) -> None:
        self.rows, self.places = rows, tuple(places)

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        """As of a tuple; a part is read at once."""
        if isinstance(place, slice):
            return tuple(self.rows[each] for each in self.places[place])
        return self.rows[self.places[place]]
