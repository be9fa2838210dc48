"""Glued: words that stand together in one, taken apart: `Steckerverriegelung`, `gunovertemp`."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import cache

_BETWEEN = ("", "s", "es", "en", "n", "e")  # what German and Dutch put between the parts of a word
_SHORTEST_PART, _SHORTEST_END = 3, 5


def apart(word: str, known: Set[str]) -> tuple[str, ...]:
    """The parts of a lower-case word: known words that make up all of it, else a long known one and the rest.

    Empty where no part is known. `known` has plain words; short ones only count when all the parts are known.
    """
    return _parts(word, known) or _end(word, known)


def _parts(word: str, known: Set[str]) -> tuple[str, ...]:
    """Known words that make up the whole word, the longest first part that works."""

    @cache  # each place is tried once, so that a hostile word of repeated parts takes no longer than its length squared
    def rest_of(place: int) -> tuple[str, ...]:
        if place and word[place:] in known:
            return (word[place:],)
        for end in range(len(word) - _SHORTEST_PART, place + _SHORTEST_PART - 1, -1):
            rest = _after(word, end, rest_of) if word[place:end] in known else ()
            if rest:
                return (word[place:end], *rest)
        return ()

    return rest_of(0)


def _after(word: str, end: int, rest_of: Callable[[int], tuple[str, ...]]) -> tuple[str, ...]:
    for between in _BETWEEN:
        if word.startswith(between, end) and len(word) - end - len(between) >= _SHORTEST_PART:
            rest = rest_of(end + len(between))
            if rest:
                return rest
    return ()


def _end(word: str, known: Set[str]) -> tuple[str, ...]:
    """A known word at the end or else at the beginning, and what is left."""
    for length in range(len(word) - _SHORTEST_PART, _SHORTEST_END - 1, -1):
        if word[-length:] in known:
            return word[:-length], word[-length:]
        if word[:length] in known:
            return word[:length], word[length:]
    return ()
