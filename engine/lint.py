"""Lint: what a reviewer would say of rules; small checks that yield issues with a code and a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chargelore.engine.condition import regex
from chargelore.engine.operators import Not, When
from chargelore.engine.rule import CaseRule, Rules, SignalRule
from chargelore.kb.model import Knowledge

KEPT_HOURS = 48  # longer windows outlive what most logs and cases hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One complaint about one rule."""

    code: str
    rule: str
    place: str
    what: str
    fix: str


AnyRule = SignalRule | CaseRule
Check = Callable[[Rules, Knowledge], Iterator[Issue]]


def lint(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """Every complaint, check by check."""
    for check in CHECKS:
        yield from check(rules, knowledge)


def _issue(code: str, rule: AnyRule, what: str, fix: str) -> Issue:
    return Issue(code=code, rule=rule.id, place=rule.place, what=what, fix=fix)


def _every(rules: Rules) -> Iterator[AnyRule]:
    yield from rules.signal_rules
    yield from rules.case_rules


def no_match(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R01: a rule without a matching example."""
    for rule in _every(rules):
        if rule.status != "draft" and not any(each.expect == "match" for each in rule.examples):
            yield _issue("R01", rule, "has no example that matches", "add one with `expect: match`")


def no_near_miss(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R02: a rule without a near miss."""
    for rule in _every(rules):
        if rule.status != "draft" and not any(each.expect == "no match" for each in rule.examples):
            yield _issue("R02", rule, "has no near miss", "add one with `expect: no match` that differs in one thing")


def no_author(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R03: a rule that nobody answers for."""
    for rule in _every(rules):
        if not rule.author:
            yield _issue("R03", rule, "has no author", "name who answers for it with `author:`")


def unknown_symptom(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R04: a symptom that the knowledge has no evidence for."""
    for rule in rules.signal_rules:
        if rule.symptom not in knowledge.evidence:
            yield _issue(
                "R04",
                rule,
                f"its symptom {rule.symptom} is no evidence",
                "add it under `evidence:` in kb/knowledge/causes",
            )


def idle_symptom(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R05: a symptom that changes no diagnosis."""
    used = {link.evidence for cause in knowledge.causes.values() for link in cause.shows}
    used |= {need.symptom for rule in rules.case_rules for need in rule.needs}
    for rule in rules.signal_rules:
        if rule.symptom in knowledge.evidence and rule.symptom not in used:
            yield _issue("R05", rule, f"no cause shows {rule.symptom}", "link it from a cause, or deprecate the rule")


def unknown_cause(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R06: a case rule that concludes what is not there."""
    for rule in rules.case_rules:
        end = rule.conclude
        if end.cause is not None and end.cause not in knowledge.causes:
            yield _issue("R06", rule, f"the cause {end.cause} is not there", "correct the id, or add the cause")
        if end.symptom is not None and end.symptom not in knowledge.evidence:
            yield _issue("R06", rule, f"the symptom {end.symptom} is not there", "correct the id, or add the evidence")


def unreachable_need(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R07: a case rule that needs what no rule detects."""
    made = {rule.symptom for rule in rules.signal_rules} | {rule.conclude.symptom for rule in rules.case_rules}
    for rule in rules.case_rules:
        for need in rule.needs:
            if need.symptom not in made:
                yield _issue("R07", rule, f"no rule detects {need.symptom}", "write the signal rule, or correct the id")


def circular(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R08: a case rule that needs what it concludes."""
    for rule in rules.case_rules:
        if rule.conclude.symptom in {need.symptom for need in rule.needs}:
            yield _issue("R08", rule, "needs what it concludes", "remove one of the two")


def unknown_fault(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R09: a pattern that waits for a fault that is not in the taxonomy."""
    for rule in rules.signal_rules:
        for condition in (
            each for pattern in rule.patterns.values() if "fault" in pattern.kinds for each in pattern.conditions
        ):
            wanted = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
            for fault in wanted if condition.field == "fault" and condition.op in ("==", "in") else ():
                if fault not in knowledge.faults:
                    yield _issue(
                        "R09", rule, f"{fault} is no canonical fault", "take the id from kb/knowledge/taxonomy"
                    )


def long_window(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R10: a window that outlives what is kept."""
    for rule in rules.signal_rules:
        if any(hours > KEPT_HOURS for hours in _windows(rule.when)):
            yield _issue("R10", rule, f"looks back more than {KEPT_HOURS} h", "shorten the window")


def no_source(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R11: a shipped rule without a source."""
    for rule in rules.signal_rules:
        if not rule.source:
            yield _issue("R11", rule, "has no source", "write `source: own`, or name the document")


def double_symptom(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R12: two rules with the same patterns and operator."""
    known: dict[str, str] = {}
    for rule in rules.signal_rules:
        says = f"{sorted(map(str, rule.patterns.values()))} {rule.when} {rule.applies_to}"
        if says in known:
            yield _issue("R12", rule, f"says the same as {known[says]}", "keep one of the two")
        known[says] = rule.id


def idle_signal(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R13: a signal that the rule names and does not use."""
    for rule in rules.signal_rules:
        for name in sorted(set(rule.patterns) - set(_names(rule.when))):
            yield _issue("R13", rule, f"its signal {name} is not used", "name it in `when:`, or remove it")


def matches_all(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R14: a regex that matches the empty text, and so every text."""
    for rule in rules.signal_rules:
        for condition in (each for pattern in rule.patterns.values() for each in pattern.conditions):
            if condition.op == "matches" and regex(str(condition.limit))(b""):
                what = f"its pattern for {condition.field} matches any text"
                yield _issue("R14", rule, what, "make a part of it certain")


def silent_end(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R15: a rule that was given up without a word."""
    for rule in _every(rules):
        if rule.status == "deprecated" and not (rule.replaced_by or rule.reason):
            yield _issue("R15", rule, "is deprecated without a reason", "add `reason:`, or `replaced_by:`")


def _names(when: When) -> Iterator[str]:
    """Every signal that an operator, or one below it, speaks of."""
    yield from getattr(when, "names", ())
    yield from (getattr(when, key) for key in ("name", "after") if hasattr(when, key))
    for part in _below(when):
        yield from _names(part)


def _windows(when: When) -> Iterator[float]:
    """The spans of an operator and of those below it, in hours."""
    span = getattr(when, "within", None) or getattr(when, "span", None)
    if span is not None:
        yield span.total_seconds() / 3600
    for part in _below(when):
        yield from _windows(part)


def _below(when: When) -> tuple[When, ...]:
    return (*getattr(when, "parts", ()), *([when.part] if isinstance(when, Not) else []))


CHECKS: tuple[Check, ...] = (
    no_match, no_near_miss, no_author, unknown_symptom, idle_symptom, unknown_cause, unreachable_need, circular,
    unknown_fault, long_window, no_source, double_symptom, idle_signal, matches_all, silent_end,
)  # fmt: skip
