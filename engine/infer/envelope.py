"""Envelope: case rules written for durable-rules, inside what that library was measured to carry.

Facts only, one property for each symptom; joins by equality of the connector alone. Sets are small and keep to one
fault domain, because a case pays for a whole set as soon as one of its rules may hold. A symptom is asserted as `P3` on
each of its connectors, which is what joins ask for, and once as `A3`, which is what all other patterns ask for: else
ten connectors would match in 10**n ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath

from chargelore.engine.grammar.rule import CaseRule, Need
from chargelore.engine.infer.fact import joined
from chargelore.kb.errors import RuleError
from chargelore.kb.model import EvidenceId

MOST_RULES = 20  # in one set; 200 is the end, and what a case costs is the same from 3 to 40
MOST_FACTS = 8

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Written:
    """Sets of definitions by the numbers of their rules, and the number of each symptom."""

    sets: tuple[Json, ...]
    numbers: Mapping[EvidenceId, int]


def written(rules: Sequence[CaseRule]) -> Written:
    """The rules as small sets, each rule by its place in `rules`. RuleError for a rule outside the envelope."""
    ends = (rule.conclude.symptom for rule in rules if rule.conclude.symptom is not None)
    symptoms = sorted({*(need.symptom for rule in rules for need in rule.needs), *ends})
    numbers = {symptom: number for number, symptom in enumerate(symptoms)}
    return Written(tuple(_set(members, numbers) for members in parted(rules)), numbers)


def parted(rules: Sequence[CaseRule]) -> Iterator[dict[int, CaseRule]]:
    """The rules by fault domain, those that need the same symptoms side by side, a domain of many in several sets."""
    ordered = sorted(enumerate(rules), key=lambda each: (domain(each[1]), _symptoms(each[1]), each[0]))
    for _, of_one_domain in groupby(ordered, key=lambda each: domain(each[1])):
        members = list(of_one_domain)
        for first in range(0, len(members), MOST_RULES):
            yield dict(members[first : first + MOST_RULES])


def domain(rule: CaseRule) -> str:
    """The fault domain of a rule: the folder it stands in."""
    return PurePath(rule.place.rsplit(":", 1)[0]).parent.name


def _symptoms(rule: CaseRule) -> list[EvidenceId]:
    return sorted(need.symptom for need in rule.needs)


def _set(members: Mapping[int, CaseRule], numbers: Mapping[EvidenceId, int]) -> Json:
    together = {need.symptom for rule in members.values() for need in joined(rule)}
    return {
        "rules": {str(number): _definition(rule, numbers) for number, rule in members.items()},
        "needs": {str(number): [numbers[each] for each in _symptoms(rule)] for number, rule in members.items()},
        "joins": sorted(numbers[symptom] for symptom in together),
        "derives": {
            str(number): numbers[rule.conclude.symptom]
            for number, rule in members.items()
            if rule.conclude.symptom is not None
        },
    }


def _definition(rule: CaseRule, numbers: Mapping[EvidenceId, int]) -> Json:
    if not 1 <= len(rule.needs) <= MOST_FACTS:
        raise RuleError(f"joins {len(rule.needs)} symptoms", where=rule.place, mend=f"join 1 to {MOST_FACTS}")
    together = joined(rule)
    others = tuple(need for need in dict.fromkeys(rule.needs) if need not in together)
    patterns = [_joined(place, need, numbers) for place, need in enumerate(together)]
    patterns += [_anywhere(place, need, numbers) for place, need in enumerate(others, len(together))]
    return {"all": patterns}


def _joined(place: int, need: Need, numbers: Mapping[EvidenceId, int]) -> Json:
    tests: list[Json] = [{f"P{numbers[need.symptom]}": 1}]
    if place:
        tests.append({"c": {"m0": "c"}})
    return {f"m{place}": {"$and": tests}}


def _anywhere(place: int, need: Need, numbers: Mapping[EvidenceId, int]) -> Json:
    return {f"m{place}": {"$and": [{f"A{numbers[need.symptom]}": 1}]}}
