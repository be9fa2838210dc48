"""Putting: every rule put to the signals of one case, one after the other, so that a person may stop it."""

from __future__ import annotations

from collections.abc import Iterator

from chargelore.engine.case import Case
from chargelore.engine.grammar.rule import AnyRule, CaseRule, Rules, SignalRule
from chargelore.engine.heard.reportability import Sheet
from chargelore.engine.proving.branches import Branch, Standing, of_needs, standing, tree
from chargelore.engine.proving.explain import Explanation, explain
from chargelore.engine.signal import Signal
from chargelore.kb.model import Knowledge
from chargelore.tui.rulebook import as_rules_hear


class Putting:
    """One case with its signals as rules hear them. Lives as long as its screen; its methods may run on any thread."""

    def __init__(self, case: Case, known: Knowledge, sheet: Sheet, rules: Rules) -> None:
        self.case, self.sheet, self.rules = case, sheet, rules
        self.signals: tuple[Signal, ...] = tuple(as_rules_hear(case, known))
        self.detected = frozenset(each.symptom for each in rules.signal_rules)

    def put(self, rule: SignalRule) -> Explanation:
        """One signal rule on the signals of the case."""
        return explain(rule, self.signals, (self.case.charger,), self.sheet)

    def each(self) -> Iterator[Standing]:
        """How near each rule came."""
        yield from map(self.standing, self.rules.every)

    def standing(self, rule: AnyRule) -> Standing:
        """How near one rule came."""
        if isinstance(rule, CaseRule):
            return of_needs(rule, self.case, self.detected)[0]
        return standing(self.put(rule), self.case.charger)

    def tree(self, rule: AnyRule) -> Branch:
        """One rule with all its conditions."""
        if isinstance(rule, CaseRule):
            return of_needs(rule, self.case, self.detected)[1]
        return tree(rule, self.put, self.case.charger)
