"""Chain: case rules in plain Python; the reference for the other engine, and its stand-in where it cannot run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
        while new := [rule for rule in self._rules if rule.id not in held and any(_joins(rule.needs, known))]:
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


def _joins(needs: Sequence[Need], known: set[Fact]) -> Iterator[int | None]:
    """The connectors on which all needs are met; needs without a join are met by any connector's fact."""
    free = [need for need in needs if not need.same_connector]
    bound = [need for need in needs if need.same_connector]
    if not all(any(fact.symptom == need.symptom for fact in known) for need in free):
        return
    if not bound:
        yield None
        return
    for connector in sorted({fact.connector for fact in known}, key=lambda each: each or 0):
        if all(Fact(need.symptom, connector) in known for need in bound):
            yield connector
