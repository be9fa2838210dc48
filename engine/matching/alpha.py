"""Alpha index: which patterns of all rules a signal can meet, found by look-up and not by asking each rule."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from math import frexp, inf, ldexp
from typing import Any

import re2

from chargelore.engine.grammar.condition import Condition, Pattern, number, regex, searched, text_of, value_of
from chargelore.engine.grammar.swift import Test, all_hold, test_of
from chargelore.engine.signal import Scalar, Signal

Entry = tuple[int, Pattern]  # the number of a rule, and one of its patterns
Asked = tuple[int, frozenset[str], Test]  # the number of a rule, the name of its pattern and whether a signal meets it
CROWD = 200  # patterns that ask for one value; beyond that a regex on another field tells them apart sooner
RISING = frozenset({">", ">="})
FALLING = frozenset({"<", "<="})
WIDEST = 1e300


def folded(value: Scalar) -> Hashable:
    """A value as the index compares it, so that equal values fold alike: numbers as numbers, text without case."""
    found = number(value)
    return found if found is not None else text_of(value).casefold()


@dataclass(slots=True)
class _Limits:
    """Patterns by a limit on one field, in order, so that a look-up costs by what it finds."""

    marks: list[float] = field(default_factory=list)
    entries: list[Asked] = field(default_factory=list)

    def add(self, limit: float, entry: Asked) -> None:
        """Put a pattern at its limit."""
        place = bisect_right(self.marks, limit)
        self.marks.insert(place, limit)
        self.entries.insert(place, entry)

    def between(self, low: float, high: float) -> list[Asked]:
        """Those whose limit lies there, both ends included."""
        return self.entries[bisect_left(self.marks, low) : bisect_right(self.marks, high)]


@dataclass(slots=True)
class _Numbers:
    """Patterns that compare one field with numbers: by the limit it must rise to, fall to, or lie between.

    Bands are sorted by how wide they are (less than 1, 2, 4, … units): of each width only those are looked at whose
    lower limit lies that far below the value.
    """

    rising: _Limits = field(default_factory=_Limits)
    falling: _Limits = field(default_factory=_Limits)
    bands: dict[float, _Limits] = field(default_factory=dict)

    def add_band(self, lower: float, upper: float, entry: Asked) -> None:
        """Put a pattern between its limits."""
        _, power = frexp(upper - lower)
        self.bands.setdefault(ldexp(1.0, power), _Limits()).add(lower, entry)

    def near(self, value: float) -> Iterator[Asked]:
        """Those that the value may meet."""
        yield from self.rising.between(-inf, value)
        yield from self.falling.between(value, inf)
        for width, limits in self.bands.items():
            yield from limits.between(value - width, value)


@dataclass(slots=True)
class _Texts:
    """Patterns by a regex on one field. RE2's filter finds by their words those that are worth searching for."""

    entries: list[Asked] = field(default_factory=list)
    regexes: list[str] = field(default_factory=list)
    filter: Any = None

    def add(self, pattern: str, entry: Asked) -> None:
        """Take a further pattern."""
        self.regexes.append(pattern)
        self.entries.append(entry)

    def found(self, text: str) -> Iterator[Asked]:
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

    by_value: dict[str, dict[Hashable, list[Asked]]] = field(default_factory=dict)
    by_number: dict[str, _Numbers] = field(default_factory=dict)
    by_text: dict[str, _Texts] = field(default_factory=dict)
    others: list[Asked] = field(default_factory=list)

    def candidates(self, signal: Signal) -> Iterator[Asked]:
        """The patterns that may hold; each still asks all its conditions."""
        for name, table in self.by_value.items():
            if (value := value_of(signal, name)) is not None:
                yield from table.get(folded(value), ())
        for name, numbers in self.by_number.items():
            if (given := number(value_of(signal, name))) is not None:
                yield from numbers.near(given)
        for name, texts in self.by_text.items():
            if (value := value_of(signal, name)) is not None:
                yield from texts.found(text_of(value))
        yield from self.others


class AlphaIndex:
    """The index over the patterns of all rules. Made once for a set of rules."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        by_kind: dict[str, list[tuple[Pattern, Asked]]] = {}
        for rule, pattern in entries:
            holds = pattern.matches if pattern.is_phased else all_hold(map(test_of, pattern.conditions))
            for kind in pattern.kinds:
                by_kind.setdefault(kind, []).append((pattern, (rule, frozenset({pattern.name}), holds)))
        self._kinds = {kind: _sorted_in(each) for kind, each in by_kind.items()}

    def matching(self, signal: Signal) -> dict[int, frozenset[str]]:
        """For each rule that the signal concerns, the names of the patterns that it meets."""
        met: dict[int, frozenset[str]] = {}
        kind = self._kinds.get(signal.kind)
        if kind is None:
            return met
        for rule, names, holds in kind.candidates(signal):
            if holds(signal):
                met[rule] = met[rule] | names if rule in met else names
        return met


def _sorted_in(entries: list[tuple[Pattern, Asked]]) -> _Kind:
    """Patterns that test for equality go by their rarest value unless a crowd shares it, others by a limit or regex."""
    shared = Counter(each for pattern, _ in entries for each in pattern.conditions if _is_equality(each))
    kind = _Kind()
    for pattern, asked in entries:
        equal = min(filter(_is_equality, pattern.conditions), key=shared.__getitem__, default=None)
        if pattern.is_phased:
            kind.others.append(asked)
        elif equal is not None and (shared[equal] <= CROWD or not _put_by_text(kind, pattern, asked)):
            table = kind.by_value.setdefault(equal.field, {})
            for key in {folded(value) for value in _values(equal)}:
                table.setdefault(key, []).append(asked)
        elif not any(put(kind, pattern, asked) for put in (_put_in_band, _put_by_limit, _put_by_text)):
            kind.others.append(asked)
    return kind


def _put_in_band(kind: _Kind, pattern: Pattern, asked: Asked) -> bool:
    limits = [(each, limit) for each in pattern.conditions if (limit := _plain_limit(each)) is not None]
    for low, lower in limits:
        for high, upper in limits:
            if low.field == high.field and low.op in RISING and high.op in FALLING and 0 <= upper - lower < WIDEST:
                kind.by_number.setdefault(low.field, _Numbers()).add_band(lower, upper, asked)
                return True
    return False


def _put_by_limit(kind: _Kind, pattern: Pattern, asked: Asked) -> bool:
    for each in pattern.conditions:
        limit = _plain_limit(each)
        if limit is not None and each.op in RISING | FALLING:
            numbers = kind.by_number.setdefault(each.field, _Numbers())
            (numbers.rising if each.op in RISING else numbers.falling).add(limit, asked)
            return True
    return False


def _plain_limit(condition: Condition) -> float | None:
    return number(condition.limit) if isinstance(condition.limit, str | int | float) else None


def _put_by_text(kind: _Kind, pattern: Pattern, asked: Asked) -> bool:
    for each in pattern.conditions:
        if each.op == "matches":
            kind.by_text.setdefault(each.field, _Texts()).add(str(each.limit), asked)
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
