"""Lint of patterns: conditions that can never hold, always hold, or are written the long way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from chargelore.engine.grammar.condition import Condition, OtherField, Pattern, number, regex
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.lint.issue import Check, Edit, Issue, conditions, issue, limits, living, names
from chargelore.engine.units import unit_of
from chargelore.kb.model import EVERYWHERE, Knowledge


def double_symptom(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R12: two rules with the same patterns and operator."""
    known: dict[str, str] = {}
    for rule in rules.signal_rules:
        says = f"{sorted(map(str, rule.patterns.values()))} {rule.when} {rule.applies_to} {rule.across}"
        if says in known:
            yield issue("R12", rule, f"says the same as {known[says]}", "keep one of the two")
        known[says] = rule.id


def idle_signal(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R13: a signal that the rule names and does not use."""
    for rule in rules.signal_rules:
        for name in sorted(set(rule.patterns) - set(names(rule.when))):
            yield issue("R13", rule, f"its signal {name} is not used", "name it in `when:`, or remove it")


def matches_all(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R14: a regex that matches the empty text, and so every text."""
    for rule in rules.signal_rules:
        for condition in (each for pattern in rule.patterns.values() for each in pattern.conditions):
            if condition.op == "matches" and regex(str(condition.limit))(b""):
                what = f"its pattern for {condition.field} matches any text"
                yield issue("R14", rule, what, "make a part of it certain")


def contradiction(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R31: two tests of one field that no value can pass."""
    for rule in living(rules):
        for pattern in rule.patterns.values():
            for field in sorted({each.field for each in pattern.conditions}):
                if _clash([each for each in pattern.conditions if each.field == field]):
                    what = f"asks of {pattern.name}.{field} what no value can be"
                    yield issue("R31", rule, what, "remove one of the tests")


def _clash(tests: list[Condition]) -> bool:
    """An empty range, two different values, or a value that the other tests refuse."""
    plain = [each for each in tests if not isinstance(each.limit, OtherField)]
    low = max((number(each.limit) or 0.0 for each in plain if each.op in (">", ">=")), default=None)  # type: ignore[arg-type]  # ordered: a number
    high = min((number(each.limit) or 0.0 for each in plain if each.op in ("<", "<=")), default=None)  # type: ignore[arg-type]  # as above
    fixed = [{str(value).casefold() for value in limits(each)} for each in plain if each.op in ("==", "in")]
    strict = any(each.op in ("<", ">") and number(each.limit) == low for each in plain)  # type: ignore[arg-type]  # as above
    absent = any(each.op == "present" and not each.limit for each in tests) and len(tests) > 1
    return (
        absent
        or (low is not None and high is not None and (low > high or (low == high and strict)))
        or (bool(fixed) and not set.intersection(*fixed))
    )


def covered(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R32: a rule that can only fire when another of the same symptom does."""
    simple = [rule for rule in living(rules) if len(rule.patterns) == 1]
    for rule in simple:
        for other in simple:
            if rule is not other and rule.symptom == other.symptom and _within(rule, other):
                yield issue("R32", rule, f"fires only when {other.id} does", "drop it, or narrow the other", "warning")


def _within(rule: SignalRule, other: SignalRule) -> bool:
    """Whether the one asks for all that the other asks for, and more."""
    (narrow,), (wide,) = rule.patterns.values(), other.patterns.values()
    same_when = str(rule.when).replace(repr(narrow.name), "") == str(other.when).replace(repr(wide.name), "")
    asks_more = set(wide.conditions) < set(narrow.conditions) and set(narrow.kinds) <= set(wide.kinds)
    return same_when and asks_more and other.applies_to in (rule.applies_to, EVERYWHERE)


def twin_patterns(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R33: two names for one signal."""
    for rule in living(rules):
        known: dict[tuple[object, ...], str] = {}
        for pattern in rule.patterns.values():
            says = (pattern.kinds, pattern.conditions)
            if says in known:
                what = f"calls one signal {known[says]} and {pattern.name}"
                yield issue("R33", rule, what, "use one name; repeat it with `count`", "warning")
            known[says] = pattern.name


def regex_of_letters(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R34: a pattern of plain letters is a `contains`."""
    for rule in living(rules):
        for pattern, condition in conditions(rule):
            if condition.op == "matches" and not _SPECIAL.search(str(condition.limit)):
                fix = f"write `{condition.field}: {{contains: {condition.limit}}}`"
                told = issue("R34", rule, f"its pattern for {condition.field} is plain text", fix, "hint")
                yield _with(told, pattern, condition, {"contains": condition.limit})


def implausible_limit(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R35: a limit that no charger reaches is a slip of the unit."""
    for rule in living(rules):
        for _pattern, condition in conditions(rule):
            highest = HIGHEST.get(unit_of(condition.field))
            for limit in limits(condition) if highest else ():
                value = None if isinstance(limit, OtherField) else number(limit)  # type: ignore[arg-type]  # a scalar
                if value is not None and highest is not None and abs(value) > highest:
                    what = f"{condition.field} of {value:g} {unit_of(condition.field)} is beyond any charger"
                    yield issue("R35", rule, what, "check the unit", "warning")


def value_twice(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R36: a list names each value once; case does not count."""
    for rule in living(rules):
        for pattern, condition in conditions(rule):
            values = {str(value).casefold(): value for value in limits(condition)}
            if len(values) < len(limits(condition)):
                told = issue("R36", rule, f"lists a value of {condition.field} twice", "keep one", "hint")
                yield _with(told, pattern, condition, [*values.values()])


def list_of_one(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R37: a list of one value is that value."""
    for rule in living(rules):
        for pattern, condition in conditions(rule):
            if condition.op == "in" and len(limits(condition)) == 1:
                fix = f"write `{condition.field}: {limits(condition)[0]}`"
                told = issue("R37", rule, f"lists one value for {pattern.name}.{condition.field}", fix, "hint")
                yield _with(told, pattern, condition, limits(condition)[0])


def _with(told: Issue, pattern: Pattern, condition: Condition, value: object) -> Issue:
    """The complaint with its safe fix, where the field has no other test."""
    alone = sum(each.field == condition.field for each in pattern.conditions) == 1
    edit = Edit(("signals", pattern.name, condition.field), value)
    return replace(told, edit=edit) if alone else told


def kind_alone(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R38: any log line or any word of a person is no symptom."""
    for rule in living(rules):
        for pattern in rule.patterns.values():
            if not pattern.conditions and set(pattern.kinds) <= WORDY and rule.symptom not in OPENING:
                what = f"{pattern.name} is met by any {' or '.join(pattern.kinds)}"
                yield issue("R38", rule, what, "test its text", "warning")


def text_tested_as_number(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R39: `contains` and `matches` on a measured value compare digits, not amounts."""
    for rule in living(rules):
        for _pattern, condition in conditions(rule):
            if condition.op in ("contains", "startswith", "matches") and unit_of(condition.field):
                what = f"{condition.op} looks at the digits of {condition.field}"
                yield issue("R39", rule, what, "compare with < or >", "warning")


_SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}]")
HIGHEST = {"A": 2000.0, "V": 40_000.0, "W": 5_000_000.0, "C": 300.0, "%": 1000.0, "Hz": 1000.0}
WORDY = frozenset({"log", "observation", "reading", "unreadable", "data-transfer", "event"})
OPENING = frozenset({"person-reports-trouble"})  # a person who speaks up opens a case, whatever the words


CHECKS: tuple[Check, ...] = (
    double_symptom, idle_signal, matches_all, contradiction, covered, twin_patterns, regex_of_letters,
    implausible_limit, value_twice, list_of_one, kind_alone, text_tested_as_number,
)  # fmt: skip
