"""Alpha index: which patterns of all rules a signal can meet, found by hash and not by asking each rule."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import re2

from chargelore.engine.condition import LONGEST_TEXT, Condition, Pattern, number, value_of
from chargelore.engine.signal import Scalar, Signal

SET_MEMORY = 64 << 20
Entry = tuple[int, Pattern]  # the number of a rule, and one of its patterns


def folded(value: Scalar) -> Hashable:
    """A value as the index compares it: numbers as numbers, text without case."""
    if isinstance(value, bool):
        return str(value).casefold()
    found = number(value)
    return found if found is not None else str(value).casefold()


@dataclass(slots=True)
class _Kind:
    """All patterns of one kind of signal: by one tested value, by one regex over the text, or to be asked each time."""

    by_value: dict[str, dict[Hashable, list[Entry]]] = field(default_factory=dict)
    by_text: list[Entry] = field(default_factory=list)
    others: list[Entry] = field(default_factory=list)
    texts: Any = None

    def add(self, entry: Entry) -> None:
        """Put a pattern where it is found fastest."""
        equal = next((each for each in entry[1].conditions if each.op in ("==", "in") and _is_plain(each)), None)
        if equal is not None:
            table = self.by_value.setdefault(equal.field, {})
            for value in equal.limit if isinstance(equal.limit, tuple) else (equal.limit,):
                table.setdefault(folded(value), []).append(entry)  # type: ignore[arg-type]  # plain by the test above
        elif _text_pattern(entry[1]) is not None:
            self.by_text.append(entry)
        else:
            self.others.append(entry)

    def candidates(self, signal: Signal) -> Iterator[Entry]:
        """The patterns that may hold; each still asks all its conditions."""
        for name, table in self.by_value.items():
            value = value_of(signal, name)
            if value is not None:
                yield from table.get(folded(value), ())
        yield from self.others
        text = signal.fields.get("text") if self.by_text else None
        if text is not None:
            yield from (self.by_text[place] for place in self._found(str(text)))

    def _found(self, text: str) -> Iterable[int]:
        """One pass of all regexes over the text; the set is compiled when the first text comes."""
        if self.texts is None:
            self.texts = _regex_set([str(_text_pattern(pattern)) for _, pattern in self.by_text])
        found: list[int] | None = self.texts.Match(text[:LONGEST_TEXT])
        return sorted(found or ())


class AlphaIndex:
    """The index over the patterns of all rules. Made once for a set of rules."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._kinds: dict[str, _Kind] = {}
        for entry in entries:
            for kind in entry[1].kinds:
                self._kinds.setdefault(kind, _Kind()).add(entry)

    def matching(self, signal: Signal) -> dict[int, frozenset[str]]:
        """For each rule that the signal concerns, the names of the patterns that it meets."""
        kind = self._kinds.get(signal.kind)
        if kind is None:
            return {}
        met: dict[int, frozenset[str]] = {}
        for rule, pattern in kind.candidates(signal):
            if pattern.matches(signal):
                met[rule] = met.get(rule, frozenset()) | {pattern.name}
        return met


def _is_plain(condition: Condition) -> bool:
    return isinstance(condition.limit, str | int | float | tuple) or condition.limit is None


def _text_pattern(pattern: Pattern) -> str | None:
    return next((str(each.limit) for each in pattern.conditions if each.field == "text" and each.op == "matches"), None)


def _regex_set(patterns: list[str]) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = SET_MEMORY
    found = re2.Set.SearchSet(options)
    for pattern in patterns:
        found.Add(pattern)
    found.Compile()
    return found
