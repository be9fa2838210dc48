"""Swift: a condition as a function that does only what this one needs. What it answers is what the condition would."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chargelore.engine.grammar.condition import LONGEST_TEXT, ORDER, OWN, Condition, number, same, text_of
from chargelore.engine.signal import Signal

Test = Callable[[Signal], bool]


def test_of(condition: Condition) -> Test:
    """Whether a signal meets the condition."""
    limit = condition.limit
    if condition.field in OWN or isinstance(limit, bool) or not isinstance(limit, str | int | float):
        return condition.holds
    mark = number(limit)
    if condition.op in ORDER and mark is not None:
        return _ordered(condition.field, ORDER[condition.op], mark)
    if condition.op == "==" and isinstance(limit, str):
        return _worded(condition.field, limit)
    return condition.holds


def all_hold(tests: Iterable[Test]) -> Test:
    """Whether a signal meets every one."""
    asked = tuple(tests)
    if len(asked) == 1:
        return asked[0]

    def ask(signal: Signal) -> bool:
        for each in asked:  # noqa: SIM110  # a generator for `all` costs more than the tests
            if not each(signal):
                return False
        return True

    return ask


def _ordered(field: str, holds: Callable[[float, float], bool], mark: float) -> Test:
    def ask(signal: Signal) -> bool:
        found = number(signal.fields.get(field))
        return found is not None and holds(found, mark)

    return ask


def _worded(field: str, limit: str) -> Test:
    wanted = text_of(limit).casefold()

    def ask(signal: Signal) -> bool:
        value = signal.fields.get(field)
        if type(value) is str and len(value) <= LONGEST_TEXT and value.isascii():
            return value.casefold() == wanted
        return value is not None and same(value, limit)

    return ask
