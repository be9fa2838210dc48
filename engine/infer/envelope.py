"""Envelope: case rules written for durable-rules, inside what that library was measured to carry.

Facts only, one property for each symptom; joins by equality of the connector alone; small sets, because the cost of a
new state grows with the rules of its set. A symptom is asserted as `P3` on each of its connectors, which is what joins
ask for, and once as `A3`, which is what all other patterns ask for: else ten connectors would match in 10**n ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chargelore.engine.infer.fact import joined
from chargelore.engine.rule import CaseRule, Need
from chargelore.kb.errors import RuleError
from chargelore.kb.model import EvidenceId

MOST_RULES = 40  # in one set: at most so many patterns ask for one fact (64 is the end), and 320 tests in all (512)
MOST_FACTS = 8

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Written:
    """Sets of definitions by the numbers of their rules, and the number of each symptom."""

    sets: tuple[Json, ...]
    numbers: Mapping[EvidenceId, int]


def written(rules: Sequence[CaseRule]) -> Written:
    """The rules as small sets. RuleError for a rule outside the envelope."""
    ends = (rule.conclude.symptom for rule in rules if rule.conclude.symptom is not None)
    symptoms = sorted({*(need.symptom for rule in rules for need in rule.needs), *ends})
    numbers = {symptom: number for number, symptom in enumerate(symptoms)}
    return Written(tuple(_sets(rules, numbers)), numbers)


def _sets(rules: Sequence[CaseRule], numbers: Mapping[EvidenceId, int]) -> Iterator[Json]:
    for first in range(0, len(rules), MOST_RULES):
        members = dict(enumerate(rules[first : first + MOST_RULES], first))
        yield {
            "rules": {str(number): _definition(rule, numbers) for number, rule in members.items()},
            "asks": sorted({numbers[need.symptom] for rule in members.values() for need in rule.needs}),
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
