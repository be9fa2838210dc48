"""Lint of rules over several chargers and of values by model: what could be said more simply, or can never hold."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.engine.grammar.operators import Absent, Chargers, One, Sustained
from chargelore.engine.grammar.parameter import Choice
from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.grammar.rulefile import AC, DC
from chargelore.engine.lint.issue import Check, Issue, issue, living, operators
from chargelore.kb.codes import Codes
from chargelore.kb.model import Knowledge
from chargelore.kb.version import in_range, parts


def heard_alone(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R57: a rule over a site or feeder that one signal of one charger satisfies needs no neighbours."""
    for rule in living(rules):
        if rule.across and isinstance(rule.when, One):
            fix = "write `{chargers: {signal: …}, at_least: 2, within: 60s}`, or drop `across`"
            yield issue("R57", rule, f"hears a whole {rule.across} and waits for one signal", fix, "warning")


def no_neighbour_in_examples(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R58: a rule over several chargers has a near miss in which they do not stand together."""
    for rule in living(rules):
        apart = (each for each in rule.examples if each.expect == "no match")
        if rule.across and rule.status != "draft" and not any(_is_apart(rule, each.chargers) for each in apart):
            fix = f"add one with `chargers: {{a: {{}}, b: {{{rule.across}: other}}}}`"
            yield issue("R58", rule, f"has no near miss on another {rule.across}", fix, "hint")


def _is_apart(rule: SignalRule, chargers: object) -> bool:
    return isinstance(chargers, dict) and any(getattr(each, rule.across) for each in chargers.values())


def part_outlasts_span(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R59: chargers that need longer for their part than the span in which they must agree agree by chance."""
    for rule in living(rules):
        for each in operators(rule.when):
            if isinstance(each, Chargers) and _least(each.part) > each.within.total_seconds():
                yield issue("R59", rule, "each charger's part takes longer than the span of `chargers`",
                            "lengthen `within` of `chargers`", "warning")  # fmt: skip


def _least(when: object) -> float:
    return when.span.total_seconds() if isinstance(when, Sustained | Absent) else 0.0


def same_value(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R60: a value by model that is the default says nothing."""
    for rule, name, choice in _choices(rules):
        default = next(each.default for each in rule.parameters if each.name == name)
        if choice.value == default:
            yield issue("R60", rule, f"gives {name} its default, {default}, once more", "leave it out", "hint")


def value_of_nobody(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R61: a value by model names a maker that the knowledge knows, and a firmware that there can be."""
    known = Codes(knowledge)
    scoped = {each.scope.vendor for each in knowledge.quirks.values()}
    scoped |= {each.scope.vendor for each in knowledge.causes.values()}
    for rule, name, choice in _choices(rules):
        scope, vendor = choice.scope, choice.scope.vendor.rstrip("*")
        if vendor and not known.knows(vendor) and vendor not in scoped:
            what = f"gives {name} a value for {vendor}, which the knowledge does not know"
            yield issue("R61", rule, what, "correct the name, or add the maker to kb/knowledge/vendors", "warning")
        if (scope.model or scope.firmware) and not scope.vendor:
            yield issue("R61", rule, f"gives {name} a value for a model of no maker", "add `vendor`", "warning")
        if scope.firmware and not any(in_range(scope.firmware, each) for each in _versions(scope.firmware)):
            yield issue("R61", rule, f"gives {name} a value for no firmware there is", "turn the bounds round")


def _versions(bounds: str) -> Iterator[str]:
    """Versions at, just above and far below each bound."""
    for bound in bounds.split(","):
        numbers = ".".join(map(str, parts(bound)))
        yield from (numbers, f"{numbers}.0.1", "0")


def value_out_of_scope(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R62: a value for a kind of connector that the rule does not hear is never used."""
    for rule, name, choice in _choices(rules):
        heard = rule.applies_to.plugs
        if heard and choice.scope.plugs and heard.isdisjoint(choice.scope.plugs):
            yield issue("R62", rule, f"gives {name} a value for connectors it does not hear", "drop one of the two")


def every_connector(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R63: a scope that names both kinds of connector keeps out nothing but chargers that nobody placed."""
    for rule in living(rules):
        if rule.applies_to.plugs >= {*AC, *DC}:
            yield issue("R63", rule, "applies to AC and DC alike", "drop `connector`", "warning")


def _choices(rules: Rules) -> Iterator[tuple[SignalRule, str, Choice]]:
    for rule in living(rules):
        yield from ((rule, parameter.name, choice) for parameter in rule.parameters for choice in parameter.by)


CHECKS: tuple[Check, ...] = (
    heard_alone, no_neighbour_in_examples, part_outlasts_span, same_value, value_of_nobody, value_out_of_scope,
    every_connector,
)  # fmt: skip
