"""Reach: what rules can be asked of a charger, and which symptoms of a case stay unknown because they cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from chargelore.engine.case import Case, Charger
from chargelore.engine.diagnosing.diagnosis import Unasked
from chargelore.engine.firing import Firing
from chargelore.engine.grammar.rule import CaseRule, Rules
from chargelore.engine.heard.reportability import (
    NOTHING_HEARD,
    Count,
    Model,
    Report,
    Sheet,
    items_of,
    model_of,
    report_on,
)
from chargelore.engine.heard.silence import judged, silence, silences
from chargelore.engine.matching.alpha import AlphaIndex
from chargelore.engine.matching.network import RUNNING
from chargelore.engine.matching.sitewide import part_of
from chargelore.engine.scope import fit
from chargelore.engine.signal import Signal
from chargelore.engine.trial import IN_FORCE
from chargelore.engine.truth import Silent, Truth, all_of, of_firing, of_rule
from chargelore.kb.model import EvidenceId

ALL_CAN_BE_ASKED: Mapping[str, Silent] = {}
MOST_KEPT = 1_000  # models and cases of which is remembered what was worked out
Said = frozenset[str]
NOTHING_SAID: Said = frozenset()


class _Met(NamedTuple):
    """Which signals of each rule in `silent`, in its order, the first `heard` signals of a case met."""

    silent: Mapping[str, Silent]
    heard: int
    names: list[set[str]]


class Reach:
    """The rules that some signals of each model cannot reach. Lives as long as a watch; a sheet that is empty costs
    nothing. What a charger says while it is watched disproves at once that it never says it; of other chargers of its
    model that tells nothing here, so that each can be judged by itself.
    """

    def __init__(self, rules: Rules, sheet: Sheet = NOTHING_HEARD, statuses: frozenset[str] = RUNNING) -> None:
        self._rules = tuple(rule for rule in rules.signal_rules if rule.status in statuses)
        self._case_rules = tuple(rule for rule in rules.case_rules if rule.status in IN_FORCE and rule.conclude.symptom)
        self._by_id = {rule.id: rule for rule in self._rules}
        self._sheet = sheet
        self._never: dict[Model, frozenset[str]] = {}
        self._said: dict[str, Said] = {}  # by charger, of what its model never says
        self._silent: dict[tuple[Model, Said], Mapping[str, Silent]] = {}
        self._index: dict[tuple[Model, Said], AlphaIndex] = {}  # of the signals of rules that cannot be asked in full
        self._met: dict[str, _Met] = {}

    def over(self, rules: Rules) -> Reach:
        """The same for other rules; what chargers said stays."""
        other = Reach(rules, self._sheet)
        other._said = self._said
        return other

    def takes(self, signal: Signal, charger: Charger) -> None:
        """A charger says something."""
        if not self._sheet.models or not charger.model:
            return
        never = self._never_said(charger)
        if never and (told := never.intersection(items_of(signal))):
            self._said[charger.id] = self._said.get(charger.id, NOTHING_SAID) | told

    def silent(self, charger: Charger) -> Mapping[str, Silent]:
        """By rule, the signals that the charger's model never sends; rules without any are left out."""
        if not self._sheet.models:
            return ALL_CAN_BE_ASKED
        key = self._key(charger)
        if key not in self._silent:
            _make_room(self._silent)
            report = report_on(self._sheet, charger)
            self._silent[key] = ALL_CAN_BE_ASKED if report is None else self._of(_disproved(report, key[1]))
        return self._silent[key]

    def is_sound(self, firing: Firing, charger: Charger) -> bool:
        """Whether a firing stands on what was said, and not on the silence of a model that never says it."""
        silent = self.silent(charger).get(firing.rule)
        if not silent:
            return True
        rule = self._by_id[firing.rule]
        told = (
            of_firing(part_of(each.when, firing.part), each.patterns, firing.signals, silent)
            for each in (rule, *rule.variants)
        )
        return Truth.YES in told

    def unasked(self, case: Case) -> tuple[Unasked, ...]:
        """The symptoms of a case that are neither seen nor known to be absent, each with the rules that cannot tell.

        Rules on trial say nothing here, as everywhere.
        """
        silent = self.silent(case.charger)
        if not silent:
            return ()
        seen = {firing.symptom for firing in case.firings} | {each.symptom for each in case.conclusions}
        found = [each for each in self._unknown(case, silent) if each.symptom not in seen]
        return (*found, *self._chained(seen, found))

    def _of(self, report: Report) -> Mapping[str, Silent]:
        found = ((rule.id, silences(report, rule.patterns)) for rule in self._rules)
        return {name: silent for name, silent in found if silent}

    def _key(self, charger: Charger) -> tuple[Model, Said]:
        return model_of(charger), self._said.get(charger.id, NOTHING_SAID)

    def _never_said(self, charger: Charger) -> Said:
        model = model_of(charger)
        if model not in self._never:
            _make_room(self._never)
            report = report_on(self._sheet, charger)
            items = (each for each in judged() if report is not None and silence(report, each) is not None)
            self._never[model] = frozenset(items)
        return self._never[model]

    def _seen_in(self, case: Case, silent: Mapping[str, Silent]) -> list[set[str]]:
        """The signals of each rule that a case has met by now; only what is new in it is looked at."""
        total = case.dropped_signals + len(case.signals)
        known = self._met.pop(case.id, None)
        _make_room(self._met)
        if known is None or known.silent is not silent or known.heard > total:
            earlier = tuple(each for firing in case.firings for each in firing.signals)
            known = _Met(silent, 0, [set() for _ in silent])
        else:
            earlier = ()
        new = case.signals[max(0, len(case.signals) - (total - known.heard)) :]
        index = self._indexed(self._key(case.charger), silent)
        for signal in (*earlier, *new, *_faults(case)):
            for number, names in index.matching(signal).items():
                known.names[number].update(names)
        self._met[case.id] = known._replace(heard=total)
        return known.names

    def _indexed(self, key: tuple[Model, Said], silent: Mapping[str, Silent]) -> AlphaIndex:
        if key not in self._index:
            _make_room(self._index)
            rules = enumerate(self._by_id[name] for name in silent)
            every = ((number, each) for number, rule in rules for each in (rule, *rule.variants))
            self._index[key] = AlphaIndex((number, made) for number, each in every for made in each.patterns.values())
        return self._index[key]

    def _unknown(self, case: Case, silent: Mapping[str, Silent]) -> Iterator[Unasked]:
        for (name, missing), seen in zip(silent.items(), self._seen_in(case, silent), strict=True):
            rule = self._by_id[name]
            counts = rule.status in IN_FORCE and fit(rule.applies_to, case.charger) in ("inside", "general")
            if counts and of_rule(rule.when, seen.__contains__, missing) is Truth.UNKNOWN:
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


def _disproved(report: Report, said: Said) -> Report:
    return replace(report, counts={**dict.fromkeys(said, Count(1)), **report.counts})


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST_KEPT:
        del kept[next(iter(kept))]


def _of_need(symptom: EvidenceId, seen: set[EvidenceId | None], unknown: Mapping[EvidenceId, str]) -> Truth:
    return Truth.YES if symptom in seen else Truth.UNKNOWN if symptom in unknown else Truth.NO


def _joined(rule: CaseRule, why: str) -> Unasked:
    return Unasked(symptom=EvidenceId(str(rule.conclude.symptom)), rule=rule.id, why=why)


def _faults(case: Case) -> Iterator[Signal]:
    """The faults of a case as rules heard them; its timeline holds the codes that told them."""
    for code in case.codes:
        if code.fault is not None and code.known is not None and code.known.is_fault:
            fields = {"fault": code.fault, "code": code.code, "relation": code.relation}
            yield Signal(layer="ocpp", kind="fault", charger=case.charger.id, connector=case.connector, fields=fields)
