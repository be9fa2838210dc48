"""Envelope: case rules written for durable-rules, inside what that library was measured to carry, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from chargelore.engine.infer.fact import Fact
from chargelore.engine.rule import CaseRule, Need
from chargelore.kb.errors import RuleError

MOST_RULES = 200  # in one set
MOST_ASKING = 60  # patterns that one fact may meet; the library stops at 64
GROUP = 100  # symptoms in one group of alpha tests
MOST_FACTS = 8

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Written:
    """Sets of definitions, the number of each symptom, and what a held rule derives."""

    sets: tuple[Json, ...]
    numbers: Mapping[str, int]
    derives: Mapping[str, Mapping[str, int]]

    def fact(self, fact: Fact) -> dict[str, int]:
        """A symptom as the library sees it: one property of its own, and the connector, 0 for the charger."""
        number = self.numbers[fact.symptom]
        return {"g": number // GROUP, f"P{number}": 1, "c": fact.connector or 0}


def written(rules: Sequence[CaseRule]) -> Written:
    """The rules as sets of connected facts. RuleError for a rule or set outside the envelope."""
    symptoms = sorted({need.symptom for rule in rules for need in rule.needs} | {*_derived(rules)})
    numbers = {symptom: number for number, symptom in enumerate(symptoms)}
    sets: tuple[Json, ...] = tuple({rule.id: _definition(rule, numbers) for rule in each} for each in _connected(rules))
    derives = {
        rule.id: Written((), numbers, {}).fact(Fact(rule.conclude.symptom)) for rule in rules if rule.conclude.symptom
    }
    return Written(sets, numbers, derives)


def _derived(rules: Sequence[CaseRule]) -> Iterator[str]:
    return (rule.conclude.symptom for rule in rules if rule.conclude.symptom is not None)


def _connected(rules: Sequence[CaseRule]) -> Iterator[list[CaseRule]]:
    """Rules that share a symptom, or chain through one, stand in one set; the others need not know of each other."""
    links: nx.Graph[str] = nx.Graph()
    for rule in rules:
        ends = [need.symptom for need in rule.needs] + ([rule.conclude.symptom] if rule.conclude.symptom else [])
        links.add_edges_from((f"rule:{rule.id}", end) for end in ends)
    for component in nx.connected_components(links):
        members = [rule for rule in rules if f"rule:{rule.id}" in component]
        _check_set(members)
        yield members


def _check_set(rules: Sequence[CaseRule]) -> None:
    if len(rules) > MOST_RULES:
        raise RuleError(
            f"{len(rules)} case rules share symptoms", where=rules[0].place, mend=f"keep to {MOST_RULES} a set"
        )
    for symptom in {need.symptom for rule in rules for need in rule.needs}:
        asking = sum(any(need.symptom == symptom for need in rule.needs) for rule in rules)
        if asking > MOST_ASKING:
            raise RuleError(
                f"{asking} case rules ask for {symptom}", where=rules[0].place, mend=f"keep to {MOST_ASKING}"
            )


def _definition(rule: CaseRule, numbers: Mapping[str, int]) -> Json:
    if len(rule.needs) > MOST_FACTS:
        raise RuleError(f"joins {len(rule.needs)} symptoms", where=rule.place, mend=f"join at most {MOST_FACTS}")
    needs = sorted(rule.needs, key=lambda need: not need.same_connector)
    first = next((f"m{place}" for place, need in enumerate(needs) if need.same_connector), "")
    return {"all": [_pattern(place, need, first, numbers) for place, need in enumerate(needs)]}


def _pattern(place: int, need: Need, first: str, numbers: Mapping[str, int]) -> Json:
    number = numbers[need.symptom]
    tests: list[Json] = [{"g": number // GROUP}, {f"P{number}": 1}]
    if need.same_connector and f"m{place}" != first:
        tests.append({"c": {first: "c"}})
    return {f"m{place}": {"$and": tests}}
