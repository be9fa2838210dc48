"""Chain: case rules in plain Python; the reference for the other engine, and its stand-in where it cannot run."""

from __future__ import annotations

from collections.abc import Sequence

from chargelore.engine.firing import Conclusion
from chargelore.engine.infer.fact import Fact
from chargelore.engine.rule import CaseRule, Need


class Chain:
    """Forward chaining over positive facts. Keeps nothing between two cases."""

    def __init__(self, rules: Sequence[CaseRule]) -> None:
        self._rules = tuple(sorted(rules, key=lambda rule: rule.id))

    def conclude(self, facts: Sequence[Fact]) -> tuple[Conclusion, ...]:
        """Every conclusion that the facts allow, chained until nothing new comes."""
        known = set(facts)
        held: set[str] = set()
        while new := [rule for rule in self._rules if rule.id not in held and _is_met(rule.needs, known)]:
            held |= {rule.id for rule in new}
            known |= {Fact(rule.conclude.symptom) for rule in new if rule.conclude.symptom is not None}
        return tuple(concluded(rule) for rule in self._rules if rule.id in held)

    def close(self) -> None:
        """Nothing to let go of."""


def concluded(rule: CaseRule) -> Conclusion:
    """What a rule says once it holds."""
    return Conclusion(
        rule=rule.id,
        facts=tuple(need.symptom for need in rule.needs),
        cause=rule.conclude.cause,
        symptom=rule.conclude.symptom,
        grade=rule.conclude.grade,
        why=rule.why,
    )


def _is_met(needs: Sequence[Need], known: set[Fact]) -> bool:
    """Whether all needs are met; those that ask for it on one connector, the others on any."""
    symptoms = {fact.symptom for fact in known}
    bound = [need for need in needs if need.same_connector]
    if not all(need.symptom in symptoms for need in needs):
        return False
    connectors = {fact.connector for fact in known}
    return not bound or any(all(Fact(need.symptom, each) in known for need in bound) for each in connectors)
