"""Alpha index: which patterns of all rules a signal can meet, found by look-up and not by asking each rule."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import re2

from chargelore.engine.condition import Condition, Pattern, number, regex, searched, text_of, value_of
from chargelore.engine.signal import Scalar, Signal

Entry = tuple[int, Pattern]  # the number of a rule, and one of its patterns
RISING = frozenset({">", ">="})
FALLING = frozenset({"<", "<="})


def folded(value: Scalar) -> Hashable:
    """A value as the index compares it, so that equal values fold alike: numbers as numbers, text without case."""
    found = number(value)
    return found if found is not None else text_of(value).casefold()


@dataclass(slots=True)
class _Limits:
    """Patterns by a limit on one field, in order, so that a look-up costs by what it finds."""

    marks: list[float] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def add(self, limit: float, entry: Entry) -> None:
        """Put a pattern at its limit."""
        place = bisect_right(self.marks, limit)
        self.marks.insert(place, limit)
        self.entries.insert(place, entry)

    def below(self, value: float) -> list[Entry]:
        """Those whose limit is reached from below."""
        return self.entries[: bisect_right(self.marks, value)]

    def above(self, value: float) -> list[Entry]:
        """Those whose limit is not passed."""
        return self.entries[bisect_left(self.marks, value) :]


@dataclass(slots=True)
class _Texts:
    """Patterns by a regex on one field. RE2's filter finds by their words those that are worth searching for."""

    entries: list[Entry] = field(default_factory=list)
    regexes: list[str] = field(default_factory=list)
    filter: Any = None

    def add(self, pattern: str, entry: Entry) -> None:
        """Take a further pattern."""
        self.regexes.append(pattern)
        self.entries.append(entry)

    def found(self, text: str) -> Iterator[Entry]:
        """Those whose regex matches; the filter is compiled when the first text comes."""
        if self.filter is None:
            self.filter = _filter(self.regexes)
        encoded = text.encode()
        return (self.entries[place] for place in self.filter.Match(text, True) or () if self._holds(place, encoded))

    def _holds(self, place: int, text: bytes) -> bool:
        return regex(self.regexes[place])(text)


@dataclass(slots=True)
class _Kind:
    """All patterns of one kind of signal, each in the one table where it is found fastest."""

    by_value: dict[str, dict[Hashable, list[Entry]]] = field(default_factory=dict)
    rising: dict[str, _Limits] = field(default_factory=dict)
    falling: dict[str, _Limits] = field(default_factory=dict)
    by_text: dict[str, _Texts] = field(default_factory=dict)
    others: list[Entry] = field(default_factory=list)

    def candidates(self, signal: Signal) -> Iterator[Entry]:
        """The patterns that may hold; each still asks all its conditions."""
        for name, table in self.by_value.items():
            if (value := value_of(signal, name)) is not None:
                yield from table.get(folded(value), ())
        for name, limits in self.rising.items():
            if (given := number(value_of(signal, name))) is not None:
                yield from limits.below(given)
        for name, limits in self.falling.items():
            if (given := number(value_of(signal, name))) is not None:
                yield from limits.above(given)
        for name, texts in self.by_text.items():
            if (value := value_of(signal, name)) is not None:
                yield from texts.found(text_of(value))
        yield from self.others


class AlphaIndex:
    """The index over the patterns of all rules. Made once for a set of rules."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        known = list(entries)
        self._kinds: dict[str, _Kind] = {}
        for kind in dict.fromkeys(kind for _, pattern in known for kind in pattern.kinds):
            mine = [entry for entry in known if kind in entry[1].kinds]
            self._kinds[kind] = _sorted_in(mine)

    def matching(self, signal: Signal) -> Mapping[int, frozenset[str]]:
        """For each rule that the signal concerns, the names of the patterns that it meets."""
        kind = self._kinds.get(signal.kind)
        if kind is None:
            return {}
        met: dict[int, frozenset[str]] = {}
        for rule, pattern in kind.candidates(signal):
            if pattern.matches(signal):
                met[rule] = met.get(rule, frozenset()) | {pattern.name}
        return met


def _sorted_in(entries: list[Entry]) -> _Kind:
    """Patterns that test for equality go by their rarest value, others by a limit or a regex."""
    shared = Counter(each for _, pattern in entries for each in pattern.conditions if _is_equality(each))
    kind = _Kind()
    for entry in entries:
        equal = min(filter(_is_equality, entry[1].conditions), key=shared.__getitem__, default=None)
        if equal is not None:
            table = kind.by_value.setdefault(equal.field, {})
            for key in {folded(value) for value in _values(equal)}:
                table.setdefault(key, []).append(entry)
        elif not _put_by_limit(kind, entry) and not _put_by_text(kind, entry):
            kind.others.append(entry)
    return kind


def _put_by_limit(kind: _Kind, entry: Entry) -> bool:
    for each in entry[1].conditions:
        limit = number(each.limit) if isinstance(each.limit, str | int | float) else None
        if limit is not None and each.op in RISING | FALLING:
            tables = kind.rising if each.op in RISING else kind.falling
            tables.setdefault(each.field, _Limits()).add(limit, entry)
            return True
    return False


def _put_by_text(kind: _Kind, entry: Entry) -> bool:
    for each in entry[1].conditions:
        if each.op == "matches":
            kind.by_text.setdefault(each.field, _Texts()).add(str(each.limit), entry)
            return True
    return False


def _is_equality(condition: Condition) -> bool:
    plain = condition.limit is None or isinstance(condition.limit, str | int | float | tuple)
    return plain and condition.op in ("==", "in")


def _values(condition: Condition) -> tuple[Scalar, ...]:
    return condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)  # type: ignore[return-value]  # only plain values are indexed


def _filter(regexes: list[str]) -> Any:
    found = re2.Filter()
    for each in regexes:
        found.Add(each, searched())
    found.Compile()
    return found
