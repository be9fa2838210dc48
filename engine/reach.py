"""Reach: what rules can be asked of a charger, and which symptoms of a case stay unknown because they cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosis import Unasked
from chargelore.engine.firing import Firing
from chargelore.engine.network import RUNNING
from chargelore.engine.reportability import NOTHING_HEARD, Count, Model, Report, Sheet, items_of, model_of, report_on
from chargelore.engine.rule import CaseRule, Rules, SignalRule
from chargelore.engine.scope import fit
from chargelore.engine.signal import Signal
from chargelore.engine.silence import silences
from chargelore.engine.sitewide import part_of
from chargelore.engine.trial import IN_FORCE
from chargelore.engine.truth import Silent, Truth, all_of, of_firing, of_rule
from chargelore.kb.model import EvidenceId

ALL_CAN_BE_ASKED: Mapping[str, Silent] = {}


class Reach:
    """The rules that some signals of each model cannot reach. Lives as long as a watch; a sheet that is empty costs
    nothing. What a charger says while it is watched disproves at once that its model never says it.
    """

    def __init__(self, rules: Rules, sheet: Sheet = NOTHING_HEARD, statuses: frozenset[str] = RUNNING) -> None:
        self._rules = tuple(rule for rule in rules.signal_rules if rule.status in statuses)
        self._case_rules = tuple(rule for rule in rules.case_rules if rule.status in IN_FORCE and rule.conclude.symptom)
        self._by_id = {rule.id: rule for rule in self._rules}
        self._sheet = sheet
        self._said: dict[Model, set[str]] = {}
        self._silent: dict[Model, Mapping[str, Silent]] = {}

    def over(self, rules: Rules) -> Reach:
        """The same for other rules; what chargers said stays."""
        other = Reach(rules, self._sheet)
        other._said = self._said
        return other

    @property
    def listens(self) -> bool:
        """Whether what one charger says matters for others of its model."""
        return bool(self._sheet.models)

    def takes(self, signal: Signal, charger: Charger) -> None:
        """A charger says something."""
        if not self._sheet.models or not charger.model:
            return
        model = model_of(charger)
        new = set(items_of(signal)) - self._said.setdefault(model, set())
        if new:
            self._said[model] |= new
            self._silent.pop(model, None)

    def silent(self, charger: Charger) -> Mapping[str, Silent]:
        """By rule, the signals that the charger's model never sends; rules without any are left out."""
        if not self._sheet.models:
            return ALL_CAN_BE_ASKED
        model = model_of(charger)
        if model not in self._silent:
            report = report_on(self._sheet, charger)
            self._silent[model] = ALL_CAN_BE_ASKED if report is None else self._of(self._disproved(report, model))
        return self._silent[model]

    def is_sound(self, firing: Firing, charger: Charger) -> bool:
        """Whether a firing stands on what was said, and not on the silence of a model that never says it."""
        silent = self.silent(charger).get(firing.rule)
        if not silent:
            return True
        rule = self._by_id[firing.rule]
        return of_firing(part_of(rule.when, firing.part), rule.patterns, firing.signals, silent) is Truth.YES

    def unasked(self, case: Case) -> tuple[Unasked, ...]:
        """The symptoms of a case that are neither seen nor known to be absent, each with the rules that cannot tell.

        Rules on trial say nothing here, as everywhere.
        """
        silent = self.silent(case.charger)
        if not silent:
            return ()
        seen = {firing.symptom for firing in case.firings} | {each.symptom for each in case.conclusions}
        heard = (*case.signals, *_faults(case), *(each for firing in case.firings for each in firing.signals))
        found = [each for each in self._unknown(case, silent, heard) if each.symptom not in seen]
        return (*found, *self._chained(seen, found))

    def _of(self, report: Report) -> Mapping[str, Silent]:
        found = ((rule.id, silences(report, rule.patterns)) for rule in self._rules)
        return {name: silent for name, silent in found if silent}

    def _disproved(self, report: Report, model: Model) -> Report:
        said = {item: Count(1) for item in self._said.get(model, ()) if item not in report.counts}
        return replace(report, counts={**report.counts, **said})

    def _unknown(self, case: Case, silent: Mapping[str, Silent], heard: tuple[Signal, ...]) -> Iterator[Unasked]:
        for name, missing in silent.items():
            rule = self._by_id[name]
            counts = rule.status in IN_FORCE and fit(rule.applies_to, case.charger) in ("inside", "general")
            if counts and of_rule(rule.when, partial(_is_met, rule, heard), missing) is Truth.UNKNOWN:
                why = "; ".join(dict.fromkeys(map(str, missing.values())))
                yield Unasked(symptom=rule.symptom, rule=rule.id, why=why)

    def _chained(self, seen: set[EvidenceId | None], unknown: list[Unasked]) -> Iterator[Unasked]:
        """A symptom that a case rule joins is unknown where only unknown ones are missing."""
        why = {each.symptom: each.why for each in unknown}
        for rule in self._case_rules:
            if rule.conclude.symptom is not None and rule.conclude.symptom not in seen:
                missing = [need.symptom for need in rule.needs if need.symptom in why]
                if all_of(_of_need(need.symptom, seen, why) for need in rule.needs) is Truth.UNKNOWN:
                    yield _joined(rule, why[missing[0]])


def _of_need(symptom: EvidenceId, seen: set[EvidenceId | None], unknown: Mapping[EvidenceId, str]) -> Truth:
    return Truth.YES if symptom in seen else Truth.UNKNOWN if symptom in unknown else Truth.NO


def _joined(rule: CaseRule, why: str) -> Unasked:
    return Unasked(symptom=EvidenceId(str(rule.conclude.symptom)), rule=rule.id, why=why)


def _is_met(rule: SignalRule, heard: tuple[Signal, ...], name: str) -> bool:
    return any(rule.patterns[name].matches(each) for each in heard)


def _faults(case: Case) -> Iterator[Signal]:
    """The faults of a case as rules heard them; its timeline holds the codes that told them."""
    for code in case.codes:
        if code.fault is not None and code.known is not None and code.known.is_fault:
            fields = {"fault": code.fault, "code": code.code, "relation": code.relation}
            yield Signal(layer="ocpp", kind="fault", charger=case.charger.id, connector=case.connector, fields=fields)
