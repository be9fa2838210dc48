"""Lint of a rule's life: who answers for it, since when, what came after it, and whether examples hold it in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chargelore.engine.grammar.rule import Rules, SignalRule
from chargelore.engine.grammar.rulefile import Example
from chargelore.engine.lint.issue import Check, Issue, every, issue, living
from chargelore.engine.proving.story import given
from chargelore.kb.errors import RuleError
from chargelore.kb.model import Knowledge


def no_match(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R01: a rule without a matching example."""
    for rule in every(rules):
        if rule.status != "draft" and not any(each.expect == "match" for each in rule.examples):
            yield issue("R01", rule, "has no example that matches", "add one with `expect: match`")


def no_near_miss(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R02: a rule without a near miss."""
    for rule in every(rules):
        if rule.status != "draft" and not any(each.expect == "no match" for each in rule.examples):
            yield issue("R02", rule, "has no near miss", "add one with `expect: no match` that differs in one thing")


def no_author(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R03: a rule that nobody answers for."""
    for rule in every(rules):
        if not rule.author:
            yield issue("R03", rule, "has no author", "name who answers for it with `author:`")


def no_source(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R11: a shipped rule without a source."""
    for rule in rules.signal_rules:
        if not rule.source:
            yield issue("R11", rule, "has no source", "write `source: own`, or name the document")


def silent_end(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R15: a rule that was given up says why, and what took its place."""
    for rule in every(rules):
        if rule.status == "deprecated" and not rule.reason:
            yield issue("R15", rule, "is deprecated without a reason", "add `reason:`")
        if rule.status == "deprecated" and not rule.replaced_by:
            fix = "name the rule with `replaced_by:`, or write `replaced_by: none`"
            yield issue("R15", rule, "is deprecated and does not say what took its place", fix)


def successor_not_there(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R16: what replaces a rule is there and lives."""
    known = {rule.id: rule for rule in every(rules)}
    for rule in every(rules):
        heir = known.get(rule.replaced_by)
        if rule.replaced_by not in ("", NONE) and (heir is None or heir.status == "deprecated"):
            what = f"is replaced by {rule.replaced_by}, which {'is not there' if heir is None else 'is deprecated too'}"
            yield issue("R16", rule, what, "name the rule that runs today")


def replaced_and_alive(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R17: a rule that has a successor does not run beside it."""
    for rule in every(rules):
        if rule.replaced_by and rule.status != "deprecated":
            fix = "write `status: deprecated`, or remove `replaced_by`"
            yield issue("R17", rule, f"has a successor and is {rule.status}", fix)


def twin_examples(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R18: each example has a name of its own."""
    for rule in every(rules):
        for name, times in Counter(each.name for each in rule.examples).items():
            if times > 1:
                yield issue("R18", rule, f"has {times} examples called `{name}`", "tell them apart", "warning")


def contradicting_examples(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R19: one story cannot end in both ways."""
    for rule in every(rules):
        ends: dict[str, str] = {}
        for each in rule.examples:
            if ends.setdefault(f"{each.given} {each.chargers}", each.expect) != each.expect:
                yield issue("R19", rule, f"expects both ends of `{each.name}`", "correct one of the two")


def far_miss(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R20: a near miss has at least one signal of a kind that the rule waits for; else it misses everything."""
    for rule in living(rules):
        for each in rule.examples:
            if each.expect == "no match" and each.given and not _is_near(rule, each):
                what = f"has nothing of what it waits for in `{each.name}`"
                yield issue("R20", rule, what, "differ from a match in one thing only", "warning")


def _is_near(rule: SignalRule, example: Example) -> bool:
    kinds = {kind for pattern in rule.patterns.values() for kind in pattern.kinds}
    try:
        return any(signal.kind in kinds for signal in given(rule, example))
    except RuleError:  # `rules test` tells of it
        return True


def empty_example(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R21: a near miss in which nothing happens proves nothing."""
    for rule in living(rules):
        for each in rule.examples:
            if not each.given and each.expect == "no match":
                yield issue("R21", rule, f"has the example `{each.name}` without signals", "give it a story", "warning")


def title_that_says_nothing(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R22: a person reads the title on a narrow screen."""
    for rule in rules.signal_rules:
        if not rule.title.strip() or rule.title == rule.id or len(rule.title) > LONGEST_TITLE:
            fix = f"say in one sentence of at most {LONGEST_TITLE} characters what was seen"
            yield issue("R22", rule, "has no title that can be read", fix, "warning")


def no_why(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R23: a technician asks why a case rule concludes what it does."""
    for rule in rules.case_rules:
        if not rule.why.strip():
            yield issue("R23", rule, "says no why", "write `why:` in one sentence", "warning")


def no_limits(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R24: every rule is blind to something."""
    for rule in every(rules):
        if rule.status == "stable" and not rule.limits:
            yield issue("R24", rule, "names no limits", "write what it cannot see into `limits:`", "hint")


LONGEST_TITLE = 100
NONE = "none"  # as `replaced_by`: nothing took its place


CHECKS: tuple[Check, ...] = (
    no_match, no_near_miss, no_author, no_source, silent_end, successor_not_there, replaced_and_alive,
    twin_examples, contradicting_examples, far_miss, empty_example, title_that_says_nothing, no_why,
    no_limits,
)  # fmt: skip
