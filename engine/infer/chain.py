"""Chain: case rules in plain Python; the reference for the other engine, and its stand-in where it cannot run."""

from __future__ import annotations

from collections.abc import Sequence

from chargelore.engine.firing import Conclusion
from chargelore.engine.infer.fact import Fact, Placed, concluded, joined, places, spread
from chargelore.engine.rule import CaseRule


class Chain:
    """Forward chaining over positive facts. Keeps nothing between two cases."""

    def __init__(self, rules: Sequence[CaseRule]) -> None:
        self._rules = tuple(sorted(rules, key=lambda rule: rule.id))

    def conclude(self, facts: Sequence[Fact]) -> tuple[Conclusion, ...]:
        """Every conclusion that the facts allow, chained until nothing new comes, by the id of the rule."""
        connectors = places(facts)
        known = set(spread(facts, connectors))
        held: dict[str, None] = {}
        grown = -1
        while grown != len(known):
            grown = len(known)
            for rule in self._rules:
                met = _met_on(rule, known, connectors)
                if met:
                    held[rule.id] = None
                    known |= _derived(rule, met)
        return tuple(concluded(rule) for rule in self._rules if rule.id in held)

    def close(self) -> None:
        """Nothing to let go of."""


def _met_on(rule: CaseRule, known: set[Placed], connectors: Sequence[int]) -> tuple[int, ...]:
    """The connectors on which a rule holds; all of them for a rule that joins nothing."""
    seen = {symptom for symptom, _ in known}
    if not all(need.symptom in seen for need in rule.needs):
        return ()
    together = joined(rule)
    return tuple(place for place in connectors if all((need.symptom, place) in known for need in together))


def _derived(rule: CaseRule, met: Sequence[int]) -> set[Placed]:
    symptom = rule.conclude.symptom
    return set() if symptom is None else {(symptom, place) for place in met}
