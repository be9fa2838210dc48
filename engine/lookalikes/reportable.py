"""Reportable: which symptoms a model can report, and which never, with why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from chargelore.engine.case import Charger
from chargelore.engine.grammar.rule import CaseRule, Rules, SignalRule
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet
from chargelore.engine.reach import Reach
from chargelore.engine.scope import fit
from chargelore.engine.trial import IN_FORCE
from chargelore.engine.truth import Silent, Truth, truth_of
from chargelore.kb.model import EvidenceId

NOT_MEANT = "no rule in force looks for it on such a charger"


@dataclass(frozen=True, slots=True)
class Reportable:
    """The symptoms that a rule in force can recognise on a model, and those that none can, each with why."""

    symptoms: frozenset[EvidenceId]
    never: Mapping[EvidenceId, str]


def reportable(rules: Rules, charger: Charger, sheet: Sheet = NOTHING_HEARD) -> Reportable:
    """What is known of the charger's model; where nothing was heard of it, all that a rule asks for can come."""
    silent = Reach(rules, sheet).silent(charger)
    standing = [rule for rule in rules.signal_rules if rule.status in IN_FORCE]
    meant = [rule for rule in standing if fit(rule.applies_to, charger) != "outside"]
    can = {rule.symptom for rule in meant if can_speak(rule, silent.get(rule.id, {}))}
    why = dict.fromkeys((rule.symptom for rule in standing), NOT_MEANT)
    why.update((rule.symptom, _why(silent[rule.id])) for rule in meant if rule.id in silent)
    joined = [rule for rule in rules.case_rules if rule.status in IN_FORCE and rule.conclude.symptom]
    can |= set(_joined(joined, can))
    why |= {each.conclude.symptom: _needed(each, why) for each in joined if each.conclude.symptom}
    return Reportable(frozenset(can), {name: each for name, each in why.items() if name not in can})


def can_speak(rule: SignalRule, silent: Silent) -> bool:
    """Whether a rule can come true although these of its signals never come."""

    def told(name: str) -> Truth:
        return Truth.UNKNOWN if name in silent else Truth.YES

    return any(truth_of(each.when, told, told) is Truth.YES for each in (rule, *rule.variants))


def _joined(rules: Iterable[CaseRule], can: set[EvidenceId]) -> Iterator[EvidenceId]:
    """What case rules make of the symptoms that can come, and of each other's."""
    known, left = set(can), list(rules)
    while ready := [rule for rule in left if all(need.symptom in known for need in rule.needs)]:
        left = [rule for rule in left if rule not in ready]
        found = {rule.conclude.symptom for rule in ready if rule.conclude.symptom is not None}
        known |= found
        yield from found


def _why(silent: Silent) -> str:
    return "; ".join(dict.fromkeys(map(str, silent.values())))


def _needed(rule: CaseRule, why: Mapping[EvidenceId, str]) -> str:
    return next((why[need.symptom] for need in rule.needs if need.symptom in why), NOT_MEANT)
