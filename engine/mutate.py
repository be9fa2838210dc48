"""Mutate: every small slip that a rule could hold, so that one sees which of them its examples would let pass.

A mutant is the rule with one change: a comparison turned round, a limit moved by a quarter, a value or a whole test
dropped, a count one more or less, a span halved or doubled, a sequence reversed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chargelore.engine.condition import Condition, Op, OtherField, number
from chargelore.engine.exercise import exercise
from chargelore.engine.operators import Not, When
from chargelore.engine.rule import Rules, SignalRule

TURNED: Mapping[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
ORDERED = frozenset({"<", "<=", ">", ">="})
QUARTER, NUDGE = 0.25, 0.25  # a limit moves by a quarter of itself and a little more, so that nought moves too


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one slip, and what the slip is."""

    what: str
    where: str
    rule: SignalRule


def mutants(rule: SignalRule) -> Iterator[Mutant]:
    """Every slip, in the order of the rule."""
    for name, pattern in rule.patterns.items():
        for place, condition in enumerate(pattern.conditions):
            for what, changed in _changed(condition):
                rest = (*pattern.conditions[:place], *changed, *pattern.conditions[place + 1 :])
                slipped = {**rule.patterns, name: replace(pattern, conditions=rest)}
                yield Mutant(what, f"{name}.{condition.field}", replace(rule, patterns=slipped))
    yield from (Mutant(what, "when", replace(rule, when=when)) for what, when in _whens(rule.when))


def survives(mutant: Mutant) -> bool:
    """Whether every example still does as it says, so that nobody would notice the slip."""
    try:
        return all(outcome.passed for outcome in exercise(Rules(signal_rules=(mutant.rule,))))
    except Exception:  # noqa: BLE001  # a rule that cannot even run is noticed
        return False


def _changed(condition: Condition) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    yield "test dropped", ()
    if condition.op in TURNED:
        yield "comparison turned", (replace(condition, op=TURNED[condition.op]),)
    if isinstance(condition.limit, tuple) and len(condition.limit) > 1:
        yield "value dropped", (replace(condition, limit=condition.limit[1:]),)
    yield from (("limit moved", (replace(condition, limit=limit),)) for limit in _moved(condition))


def _moved(condition: Condition) -> Iterator[OtherField | float]:
    limit = condition.limit
    if isinstance(limit, OtherField):
        yield from (replace(limit, times=limit.times * factor) for factor in (1 + QUARTER, 1 - QUARTER))
    elif condition.op in ORDERED and not isinstance(limit, tuple) and (value := number(limit)) is not None:
        step = abs(value) * QUARTER + NUDGE
        yield from (value + step, value - step)


def _whens(when: When) -> Iterator[tuple[str, When]]:
    changed: Any = when
    for span in ("within", "span"):
        if hasattr(when, span):
            yield "span halved", replace(changed, **{span: getattr(when, span) / 2})
            yield "span doubled", replace(changed, **{span: getattr(when, span) * 2})
    if hasattr(when, "at_least"):
        yield "one more", replace(changed, at_least=changed.at_least + 1)
        yield from [("one less", replace(changed, at_least=changed.at_least - 1))] if changed.at_least > 1 else []
    if len(set(getattr(when, "names", ()))) > 1:
        yield "order reversed", replace(changed, names=tuple(reversed(changed.names)))
    yield from _below(changed)


def _below(when: Any) -> Iterator[tuple[str, When]]:
    parts = getattr(when, "parts", ())
    for place, part in enumerate(parts):
        for what, below in _whens(part):
            yield what, replace(when, parts=(*parts[:place], below, *parts[place + 1 :]))
    if isinstance(when, Not):
        yield from ((what, Not(below)) for what, below in _whens(when.part))
