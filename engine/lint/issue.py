"""Issue: one complaint of a reviewer about one rule, with a code, a severity and a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chargelore.engine.grammar.condition import Condition, Pattern
from chargelore.engine.grammar.operators import Chargers, Not, When
from chargelore.engine.grammar.rule import AnyRule, Rules, SignalRule
from chargelore.kb.model import Knowledge
from chargelore.kb.yamlfile import Trail

Severity = Literal["error", "warning", "hint"]
NO_RULES = Rules()
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass(frozen=True, slots=True)
class Edit:
    """A safe fix: the value at this place of the rule's YAML becomes another one that says the same.

    With `adds` the place is a key that is not there yet.
    """

    trail: Trail
    value: object
    adds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What lint is told beside rules and knowledge; what it is not told, it does not judge.

    `before` are the rules as they stood, `verdicts` how many blind ones a rule on trial has, by `id@version`.
    """

    today: date | None = None
    before: Rules = NO_RULES
    verdicts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One complaint about one rule.

    An `error` makes the rule wrong or dead, a `warning` makes it doubtful, a `hint` leaves it harder to
    read or to trust.
    """

    code: str
    rule: str
    place: str
    what: str
    fix: str
    severity: Severity = "error"
    edit: Edit | None = None


Check = Callable[[Rules, Knowledge], Iterator[Issue]]
DatedCheck = Callable[[Rules, Beside], Iterator[Issue]]


def issue(code: str, rule: AnyRule, what: str, fix: str, severity: Severity = "error") -> Issue:
    """A complaint about a rule, with the place of the rule."""
    return Issue(code=code, rule=rule.id, place=rule.place, what=what, fix=fix, severity=severity)


def every(rules: Rules) -> Iterator[AnyRule]:
    """Signal rules, then case rules."""
    return iter(rules.every)


def living(rules: Rules) -> Iterator[SignalRule]:
    """Signal rules that are not given up."""
    return (rule for rule in rules.signal_rules if rule.status != "deprecated")


def conditions(rule: SignalRule) -> Iterator[tuple[Pattern, Condition]]:
    """Every test of every signal of a rule."""
    for pattern in rule.patterns.values():
        yield from ((pattern, each) for each in pattern.conditions)


def limits(condition: Condition) -> tuple[object, ...]:
    """What the field may be: the values of an `in`, or the one value."""
    return condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)


def operators(when: When) -> Iterator[When]:
    """An operator and all below it."""
    yield when
    for part in below(when):
        yield from operators(part)


def below(when: When) -> tuple[When, ...]:
    """The operators right below one."""
    return (*getattr(when, "parts", ()), *([when.part] if isinstance(when, Not | Chargers) else []))


def names(when: When) -> Iterator[str]:
    """Every signal that an operator, or one below it, speaks of."""
    for each in operators(when):
        yield from getattr(each, "names", ())
        if not isinstance(each, Chargers):
            yield from (getattr(each, key) for key in ("name", "after") if hasattr(each, key))
