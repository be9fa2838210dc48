"""Explain: why a rule matched a stream of signals, or what it still lacked; the evaluator is the one that runs live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chargelore.engine.case import Charger
from chargelore.engine.condition import Condition, OtherField, Pattern, value_of
from chargelore.engine.exercise import ALL_STATES
from chargelore.engine.firing import Firing
from chargelore.engine.network import START, State, compile_rules
from chargelore.engine.rule import Rules, SignalRule
from chargelore.engine.signal import Signal

MOST_FIRINGS = 20  # kept; more of the same explain nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A signal of the right kind, and the conditions that it does not meet."""

    signal: Signal
    failed: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of one pattern: how often it was met, first by which signal, and what came nearest."""

    pattern: Pattern
    met: int = 0
    first: Signal | None = None
    nearest: Miss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of a rule: how often it fired, the first firings, and each of its patterns."""

    rule: SignalRule
    fired: int
    firings: tuple[Firing, ...]
    asked: tuple[Asked, ...]


def explain(rule: SignalRule, signals: Iterable[Signal], known: Iterable[Charger] = ()) -> Explanation:
    """Run one rule over signals as rules hear them (see `spoken`); the log ends with each charger's last signal."""
    network = compile_rules(Rules(signal_rules=(rule,)), ALL_STATES)
    states: dict[str, State] = {each.id: START._replace(charger=each) for each in known}
    asked = {name: Asked(pattern=pattern) for name, pattern in rule.patterns.items()}
    firings: list[Firing] = []
    for signal in signals:
        states[signal.charger], new = network.step(states.get(signal.charger, START), signal)
        firings += new
        asked = {name: _after(each, signal) for name, each in asked.items()}
    for state in states.values():
        firings += network.close(state, state.last_at)[1] if state.last_at else ()
    return Explanation(
        rule=rule, fired=len(firings), firings=tuple(firings[:MOST_FIRINGS]), asked=tuple(asked.values())
    )


def _after(asked: Asked, signal: Signal) -> Asked:
    if signal.kind not in asked.pattern.kinds:
        return asked
    failed = tuple(each for each in asked.pattern.conditions if not each.holds(signal))
    if not failed:
        return replace(asked, met=asked.met + 1, first=asked.first or signal)
    if asked.nearest is not None and len(asked.nearest.failed) <= len(failed):
        return asked
    return replace(asked, nearest=Miss(signal=signal, failed=failed))


def lines(told: Explanation) -> Iterator[str]:
    """The explanation in sentences, one a line."""
    yield f"{told.rule.id}: {told.rule.title}"
    yield f"It fired {_times(told.fired)}." if told.fired else "It did not fire."
    for firing in told.firings:
        place = f", connector {firing.connector}" if firing.connector else ""
        yield f"  {_time(firing.at)}{place}: {', '.join(_place(each) for each in firing.signals)}"
    yield from (line for each in told.asked for line in _of_pattern(each))
    if not told.fired and all(each.met for each in told.asked):
        yield "Every signal was seen, but not in the order, number or time that `when` asks for."


def why_not(told: Explanation) -> Iterator[str]:
    """What is missing until the rule fires, value by value; one line when it did fire."""
    yield f"{told.rule.id}: {told.rule.title}"
    if told.fired:
        yield f"It fired {_times(told.fired)}; `rules explain` says why."
        return
    missing = [each for each in told.asked if not each.met]
    yield from (line for each in missing for line in _of_pattern(each))
    if not missing:
        yield "Every signal was seen, but not in the order, number or time that `when` asks for:"
        yield from (line for each in told.asked for line in _of_pattern(each))


def marked(pattern: Pattern, signal: Signal) -> Iterator[str]:
    """Each test of a pattern on a signal: ✓ it holds, ✗ it does not, ? the signal says nothing of it."""
    for condition in pattern.conditions:
        value = value_of(signal, condition.field)
        mark = "✓" if condition.holds(signal) else "✗" if condition.is_about(signal) else "?"
        given = "is not there" if value is None else f"is {str(value)[:80]!r}"
        yield f"  {mark} {condition.field} {given}; wanted {condition.op} {_limit(condition)}"


def _of_pattern(asked: Asked) -> Iterator[str]:
    if asked.met and asked.first is not None:
        yield f"`{asked.pattern.name}` was met {_times(asked.met)}, first by {_place(asked.first)}."
        yield from marked(asked.pattern, asked.first)
    elif asked.nearest is None:
        yield f"`{asked.pattern.name}` was never met: no signal of kind {' or '.join(asked.pattern.kinds)}."
    else:
        yield f"`{asked.pattern.name}` was never met; the nearest is {_place(asked.nearest.signal)}:"
        yield from marked(asked.pattern, asked.nearest.signal)


def _limit(condition: Condition) -> str:
    limit = condition.limit
    if isinstance(limit, OtherField):
        return f"{limit.times:g} × {limit.field}"
    return " or ".join(str(each) for each in limit) if isinstance(limit, tuple) else str(limit)


def _place(signal: Signal) -> str:
    return f"{signal.kind} in line {signal.line}" if signal.line else f"{signal.kind} at {_time(signal.at)}"


def _time(at: datetime | None) -> str:
    return at.isoformat(sep=" ", timespec="seconds") if at else "no known time"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
