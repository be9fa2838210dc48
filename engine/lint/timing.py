"""Lint of `when`: spans, counts and orders that can never come true, or that say less than they seem to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from chargelore.engine.grammar.operators import Absent, All, Any_, Changed, Count, Sequence, Sustained, When
from chargelore.engine.grammar.rule import Rules
from chargelore.engine.lint.issue import Check, Edit, Issue, issue, living, operators
from chargelore.kb.model import Knowledge

KEPT_HOURS = 48  # longer windows outlive what most logs and cases hold
SHORTEST = timedelta(seconds=1)
LASTING = frozenset({"status", "meter", "reading", "heartbeat", "event", "transaction", "log"})


def long_window(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R10: a window that outlives what is kept."""
    for rule in rules.signal_rules:
        if any(hours > KEPT_HOURS for hours in _hours(rule.when)):
            yield issue("R10", rule, f"looks back more than {KEPT_HOURS} h", "shorten the window")


def _hours(when: When) -> Iterator[float]:
    """The spans of an operator and of those below it, in hours."""
    for each in operators(when):
        span = getattr(each, "within", getattr(each, "span", None))
        if span is not None:
            yield span.total_seconds() / 3600


def no_time_at_all(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R40: clocks of chargers tick in seconds; nothing happens within less."""
    for rule in living(rules):
        if any(hours * 3600 < SHORTEST.total_seconds() for hours in _hours(rule.when)):
            yield issue("R40", rule, "has a span of less than a second", "give it at least a second", "warning")


def count_of_one(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R41: to be seen once is to be seen."""
    for rule in living(rules):
        if any(isinstance(each, Count) and each.at_least == 1 for each in operators(rule.when)):
            told = issue("R41", rule, "counts to one", "write `{signal: …}`", "hint")
            alone = rule.when.name if isinstance(rule.when, Count) else ""
            yield replace(told, edit=Edit(("when",), {"signal": alone})) if alone else told


def waits_for_itself(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R42: a signal cannot stay away after itself, nor follow itself in a sequence of one kind."""
    for rule in living(rules):
        for each in operators(rule.when):
            if isinstance(each, Absent) and each.name == each.after:
                yield issue("R42", rule, f"waits for {each.name} after itself", "name two signals")
            if isinstance(each, Sequence) and len(set(each.names)) == 1:
                yield issue("R42", rule, "is a sequence of one signal", "write `{count: …, at_least: 2}`", "hint")


def holds_what_does_not_last(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R43: only what is a state, or is sampled, can last."""
    for rule in living(rules):
        for each in operators(rule.when):
            if isinstance(each, Sustained) and not set(rule.patterns[each.name].kinds) & LASTING:
                what = f"{each.name} is an event and lasts no time"
                yield issue("R43", rule, what, "use `count` or `absent`")


def change_of_what_is_fixed(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R44: a field that the pattern nails down never changes."""
    for rule in living(rules):
        for each in operators(rule.when):
            fixed = rule.patterns[each.name].conditions if isinstance(each, Changed) else ()
            if isinstance(each, Changed) and any(one.field == each.field and one.op == "==" for one in fixed):
                yield issue("R44", rule, f"{each.name}.{each.field} can have one value only", "drop the test")


def same_part_twice(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R45: the same part twice says it once."""
    for rule in living(rules):
        for each in operators(rule.when):
            if isinstance(each, All | Any_) and len(set(map(str, each.parts))) < len(each.parts):
                yield issue("R45", rule, "names one part twice", "keep one, or count it", "warning")


def inner_outlasts_outer(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R46: what takes longer than the whole may take never completes it."""
    for rule in living(rules):
        for each in operators(rule.when):
            if isinstance(each, All) and any(_least(part) > each.within for part in each.parts):
                fix = "lengthen `within` of the `all`"
                yield issue("R46", rule, "has a part that takes longer than the whole", fix, "warning")


def _least(when: When) -> timedelta:
    """The least time that an operator needs to come true."""
    return when.span if isinstance(when, Sustained | Absent) else timedelta()


CHECKS: tuple[Check, ...] = (
    long_window, no_time_at_all, count_of_one, waits_for_itself, holds_what_does_not_last,
    change_of_what_is_fixed, same_part_twice, inner_outlasts_outer,
)  # fmt: skip
