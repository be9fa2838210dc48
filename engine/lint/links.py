"""Lint of what a rule points at: evidence, causes, faults, codes, registers and makers of the knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

from ocpp.v16 import enums as v16
from ocpp.v201 import enums as v201

from chargelore.engine.grammar.condition import Condition, Pattern
from chargelore.engine.grammar.rule import CaseRule, Rules
from chargelore.engine.lint.issue import Check, Issue, conditions, issue, limits, living
from chargelore.kb.codes import Codes
from chargelore.kb.model import EvidenceId, Knowledge


def unknown_symptom(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R04: a symptom that the knowledge has no evidence for."""
    for rule in rules.signal_rules:
        if rule.symptom not in knowledge.evidence:
            yield issue(
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
            yield issue("R05", rule, f"no cause shows {rule.symptom}", "link it from a cause, or deprecate the rule")


def unknown_cause(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R06: a case rule that concludes what is not there."""
    for rule in rules.case_rules:
        end = rule.conclude
        if end.cause is not None and end.cause not in knowledge.causes:
            yield issue("R06", rule, f"the cause {end.cause} is not there", "correct the id, or add the cause")
        if end.symptom is not None and end.symptom not in knowledge.evidence:
            yield issue("R06", rule, f"the symptom {end.symptom} is not there", "correct the id, or add the evidence")


def unreachable_need(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R07: a case rule that needs what no rule detects."""
    made = {rule.symptom for rule in rules.signal_rules} | {rule.conclude.symptom for rule in rules.case_rules}
    for rule in rules.case_rules:
        for need in rule.needs:
            if need.symptom not in made:
                yield issue("R07", rule, f"no rule detects {need.symptom}", "write the signal rule, or correct the id")


def circular(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R08: a case rule that needs what it concludes."""
    for rule in rules.case_rules:
        if rule.conclude.symptom in {need.symptom for need in rule.needs}:
            yield issue("R08", rule, "needs what it concludes", "remove one of the two")


def unknown_fault(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R09: a pattern that waits for a fault that is not in the taxonomy."""
    for rule in rules.signal_rules:
        for condition in (
            each for pattern in rule.patterns.values() if "fault" in pattern.kinds for each in pattern.conditions
        ):
            wanted = condition.limit if isinstance(condition.limit, tuple) else (condition.limit,)
            for fault in wanted if condition.field == "fault" and condition.op in ("==", "in") else ():
                if fault not in knowledge.faults:
                    yield issue("R09", rule, f"{fault} is no canonical fault", "take the id from kb/knowledge/taxonomy")


def circle_of_conclusions(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R25: case rules that feed one another in a circle conclude from their own conclusions."""
    leads = {rule.id: [other for other in rules.case_rules if rule.conclude.symptom in _needed(other)]
             for rule in rules.case_rules}  # fmt: skip
    for rule in rules.case_rules:
        reached, open_ = set(), [rule]
        while open_:
            for other in leads[open_.pop().id]:
                if other.id not in reached:
                    reached.add(other.id)
                    open_.append(other)
        if rule.id in reached and rule.conclude.symptom not in _needed(rule):
            yield issue("R25", rule, "concludes from its own conclusion, by way of others", "break the circle")


def _needed(rule: CaseRule) -> set[EvidenceId]:
    return {need.symptom for need in rule.needs}


def unknown_maker(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R26: a scope names a maker that the knowledge knows, or is spelt in a way that never fits."""
    known = Codes(knowledge)
    quirky = {quirk.scope.vendor for quirk in knowledge.quirks.values()}
    quirky |= {cause.scope.vendor for cause in knowledge.causes.values()}
    for rule in living(rules):
        vendor = rule.applies_to.vendor.rstrip("*")
        if vendor and not known.knows(vendor) and vendor not in quirky:
            yield issue("R26", rule, f"applies to {vendor}, which the knowledge does not know",
                        "correct the name, or add the maker to kb/knowledge/vendors", "warning")  # fmt: skip


def unknown_code(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R27: a raw code of a maker stands in that maker's table."""
    codes = Codes(knowledge)
    for rule in living(rules):
        for pattern in rule.patterns.values():
            vendor = _only(pattern, "namespace") or _only(pattern, "vendor") or rule.applies_to.vendor
            for condition in pattern.conditions if "code" in pattern.kinds and vendor else ():
                for code in limits(condition) if condition.field == "code" and condition.op in EQUAL else ():
                    if not codes.meanings(str(code), vendor):
                        fix = "correct it, or add it to the maker's table"
                        yield issue("R27", rule, f"{code} is no code of {vendor}", fix, "warning")


def unknown_register(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R28: a reading is called as some register map calls it."""
    called = {register.name for each in knowledge.registers.values() for register in each.registers} | {"silent"}
    for rule in living(rules):
        for pattern, condition in conditions(rule):
            if pattern.kinds != ("reading",) or condition.field != "name" or condition.op not in EQUAL:
                continue
            for name in limits(condition):
                if name not in called:
                    fix = "take the name from kb/knowledge/registers"
                    yield issue("R28", rule, f"no register map has a reading {name}", fix, "warning")


def unknown_word(rules: Rules, _: Knowledge) -> Iterator[Issue]:
    """R29: a status, a reason or an action is a word of OCPP; others never come, or only from chargers off the spec."""
    for rule in living(rules):
        for pattern, condition in conditions(rule):
            known = _words(pattern, condition)
            for word in limits(condition) if known and condition.op in EQUAL else ():
                if str(word).casefold() not in known:
                    what = f"{condition.field} is never {word} in OCPP"
                    yield issue("R29", rule, what, "correct the word, or say in `limits` who sends it", "warning")


def _words(pattern: Pattern, condition: Condition) -> frozenset[str]:
    lists = [_vocabulary().get((kind, condition.field), frozenset()) for kind in pattern.kinds]
    return frozenset().union(*lists) if all(lists) else frozenset()


@cache
def _vocabulary() -> Mapping[tuple[str, str], frozenset[str]]:
    """(kind, field) -> the words that OCPP 1.6 and 2.x know there, in lower case."""
    actions = _lowered(v16.Action, v201.Action)
    return {
        ("status", "status"): _lowered(v16.ChargePointStatus, v201.ConnectorStatusEnumType),
        ("stop", "reason"): _lowered(v16.Reason, v201.ReasonEnumType),
        **{(kind, "action"): actions for kind in ("call", "command", "answer", "unanswered")},
    }


def _lowered(*enums: type[StrEnum]) -> frozenset[str]:
    return frozenset(str(each.value).casefold() for enum in enums for each in enum)


def joined_twice(rules: Rules, knowledge: Knowledge) -> Iterator[Issue]:
    """R30: symptoms of one group repeat one physical event; joining them proves no more than one of them."""
    for rule in rules.case_rules:
        groups = [each.group for need in rule.needs if (each := knowledge.evidence.get(need.symptom)) and each.group]
        for group in sorted({each for each in groups if groups.count(each) > 1}):
            yield issue("R30", rule, f"joins symptoms of one group, {group}", "keep the most telling one", "hint")


EQUAL = ("==", "in")


def _only(pattern: Pattern, field: str) -> str:
    """The one value that a field must have; empty where it may have several."""
    fixed = [str(each.limit) for each in pattern.conditions if each.field == field and each.op == "=="]
    return fixed[0] if len(fixed) == 1 else ""


CHECKS: tuple[Check, ...] = (
    unknown_symptom, idle_symptom, unknown_cause, unreachable_need, circular, unknown_fault,
    circle_of_conclusions, unknown_maker, unknown_code, unknown_register, unknown_word, joined_twice,
)  # fmt: skip
