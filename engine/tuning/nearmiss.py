"""Near miss: a false alarm as a short story, in which the rule fired as it was and stays silent as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chargelore.engine.drafting.examples import MOST_SHOWN, does, shown_value, tested, until
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.condition import Pattern, value_of
from chargelore.engine.grammar.rule import SignalRule
from chargelore.engine.grammar.rulefile import Example
from chargelore.engine.matching.moment import joins
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.tuning.recorded import Outcome
from chargelore.engine.units import spelt

MOST_FIRINGS = 3  # of one session that are tried


def near_miss(before: SignalRule, after: SignalRule, exception: str, silenced: Iterable[Outcome]) -> Example | None:
    """The first silenced false alarm that can be told; None where none can, as with one that only its maker tells."""
    for one in silenced:
        what = "on a healthy charger" if one.session.cause is None else f"when it was {one.session.cause}"
        for firing in one.firings[:MOST_FIRINGS]:
            given = tuple(_story(before, after, firing, _excusing(after, exception, firing, one)))
            made = Example(name=f"a false alarm {what}", expect="no match", given=given)
            if does(after, made) and does(before, replace(made, expect="match", given=_known_to(before, made))):
                return made
    return None


def _known_to(before: SignalRule, made: Example) -> tuple[Any, ...]:
    """The story without signals that the rule did not name yet."""
    names = {*before.patterns, "signal"}
    return tuple(each for each in made.given if (set(each) - {"at"}) <= names)


def _excusing(after: SignalRule, exception: str, firing: Firing, one: Outcome) -> Signal | None:
    """The last signal before a firing that excuses it."""
    if not exception:
        return None
    pattern = after.patterns[exception]
    fit = (
        each
        for each in one.session.signals
        if each.charger == firing.charger and each.at and firing.at and each.at <= firing.at and pattern.matches(each)
    )
    near = [each for each in fit if joins(each.connector, firing.connector)]
    return near[-1] if near else None


def _story(before: SignalRule, after: SignalRule, firing: Firing, excuse: Signal | None) -> Iterator[dict[str, Any]]:
    told: list[tuple[datetime | None, str, dict[str, Scalar]]] = []
    for signal in firing.signals[:MOST_SHOWN]:
        name = next((name for name, pattern in before.patterns.items() if pattern.matches(signal)), None)
        if name is not None:
            told.append((signal.at, name, _shown(before.patterns[name], after.patterns[name], signal)))
    first = firing.signals[0].at
    if excuse is not None:
        name, pattern = next((name, each) for name, each in after.patterns.items() if name not in before.patterns)
        told.append((excuse.at, name, tested(pattern, excuse)))
    begin = min((at for at, _, _ in told if at), default=None)
    ordered = sorted(told, key=lambda each: each[0].timestamp() if each[0] else 0.0)
    yield from ({"at": spelt(at - begin) if at and begin else "0s", name: fields} for at, name, fields in ordered)
    yield from until(before, len(firing.signals), first - begin if first and begin else timedelta())


def _shown(before: Pattern, after: Pattern, signal: Signal) -> dict[str, Scalar]:
    """What the rule tests, and the values of the signal in what it tests newly."""
    shown = tested(before, signal)
    for each in after.conditions:
        if each not in before.conditions and (value := value_of(signal, each.field)) is not None:
            shown[each.field] = shown_value(each, value, signal.charger)
    return shown
