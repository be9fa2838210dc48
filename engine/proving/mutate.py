"""Mutate: every small slip that a rule could hold, so that one sees which of them its examples would let pass.

A mutant is the rule with one change: a comparison turned round, a limit moved by a quarter, a value or a whole test
dropped, a count one more or less, a span halved or doubled, a sequence reversed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chargelore.engine.grammar.condition import Condition, Op, OtherField, number
from chargelore.engine.grammar.operators import Chargers, Count, Not, When
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.grammar.rulefile import Across
from chargelore.engine.proving.exercise import exercise

TURNED: Mapping[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
ORDERED = frozenset({"<", "<=", ">", ">="})
MOVES = frozenset({"limit moved", "span halved", "span doubled", "one more", "one less"})
QUARTER, NUDGE = 0.25, 0.25  # a limit moves by a quarter of itself and a little more, so that nought moves too


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one slip, and what the slip is."""

    what: str
    where: str
    rule: SignalRule


def mutants(rule: SignalRule) -> Iterator[Mutant]:
    """Every slip, in the order of the rule; then those in the values that only some models have."""
    yield from _slips(rule)
    if rule.across:
        wider: Across = "site" if rule.across == "feeder" else "feeder"
        yield Mutant(f"{wider} instead of {rule.across}", "across", replace(rule, across=wider))
    for place, variant in enumerate(rule.variants):
        forgotten = replace(variant, patterns=rule.patterns, when=rule.when)
        yield Mutant("value of a model forgotten", _values(variant), _with(rule, place, forgotten))
        for each in _slips(variant):
            if each.what in MOVES:
                yield Mutant(each.what, f"{each.where} {_values(variant)}", _with(rule, place, each.rule))


def _with(rule: SignalRule, place: int, variant: SignalRule) -> SignalRule:
    return replace(rule, variants=(*rule.variants[:place], variant, *rule.variants[place + 1 :]))


def _values(variant: SignalRule) -> str:
    """The values by which a variant differs."""
    named = zip(variant.parameters, variant.chosen, strict=True)
    return ", ".join(f"{each.name} {each.values[place]}" for each, place in named if place)


def _slips(rule: SignalRule) -> Iterator[Mutant]:
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
        yield from ((what, replace(changed, at_least=number)) for what, number in _counts(changed))
    if len(set(getattr(when, "names", ()))) > 1:
        yield "order reversed", replace(changed, names=tuple(reversed(changed.names)))
    yield from _below(changed)


def _counts(when: Count | Chargers) -> Iterator[tuple[str, int]]:
    """Other numbers; two chargers instead of all, and never fewer than two."""
    if when.at_least is None:
        yield "two instead of all", 2
        return
    yield "one more", when.at_least + 1
    if when.at_least > (2 if isinstance(when, Chargers) else 1):
        yield "one less", when.at_least - 1


def _below(when: Any) -> Iterator[tuple[str, When]]:
    parts = getattr(when, "parts", ())
    for place, part in enumerate(parts):
        for what, below in _whens(part):
            yield what, replace(when, parts=(*parts[:place], below, *parts[place + 1 :]))
    if isinstance(when, Not | Chargers):
        yield from ((what, replace(when, part=below)) for what, below in _whens(when.part))
