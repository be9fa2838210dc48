"""Chain: case rules in plain Python; the reference for the other engine, and its stand-in where it cannot run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from chargelore.engine.firing import Conclusion
from chargelore.engine.grammar.rule import CaseRule
from chargelore.engine.infer.fact import Fact, concluded, joined, places, spread
from chargelore.engine.infer.standing import Standing
from chargelore.kb.model import EvidenceId

Seen = dict[EvidenceId, set[int]]  # the connectors on which each symptom is known


class Chain:
    """Forward chaining over positive facts. Keeps nothing between two cases.

    A rule is looked at only when a symptom that it needs is new, so a case costs what its symptoms are asked for.
    """

    standing = Standing("chain")

    def __init__(self, rules: Sequence[CaseRule]) -> None:
        self._asking: dict[EvidenceId, list[_Asked]] = defaultdict(list)
        for rule in rules:
            asked = _Asked(rule)
            for symptom in asked.needs:
                self._asking[symptom].append(asked)

    def conclude(self, facts: Sequence[Fact]) -> tuple[Conclusion, ...]:
        """Every conclusion that the facts allow, chained until nothing new comes, by the id of the rule."""
        connectors = places(facts)
        seen: Seen = defaultdict(set)
        for symptom, place in spread(facts, connectors):
            seen[symptom].add(place)
        held: dict[str, CaseRule] = {}
        new = set(seen)
        while new:
            found = [(asked, asked.met_on(seen, connectors)) for asked in self._concerned(new, seen)]
            held |= {asked.rule.id: asked.rule for asked, _ in found}
            new = set(_grown(seen, found))
        return tuple(concluded(held[name]) for name in sorted(held))

    def close(self) -> None:
        """Nothing to let go of."""

    def _concerned(self, new: set[EvidenceId], seen: Seen) -> list[_Asked]:
        """The rules that hold and need one of these symptoms."""
        asked = {each.rule.id: each for symptom in new for each in self._asking.get(symptom, ())}
        return [each for each in asked.values() if each.holds(seen)]


class _Asked:
    """A rule with its needs as sets, to be compared with what is known."""

    def __init__(self, rule: CaseRule) -> None:
        self.rule = rule
        self.needs = frozenset(need.symptom for need in rule.needs)
        self.together = tuple(need.symptom for need in joined(rule))

    def holds(self, seen: Mapping[EvidenceId, set[int]]) -> bool:
        """Whether all that the rule needs is known, and what it joins on one connector."""
        return self.needs <= seen.keys() and (not self.together or bool(self._shared(seen)))

    def met_on(self, seen: Mapping[EvidenceId, set[int]], connectors: Sequence[int]) -> set[int]:
        """The connectors on which a rule that holds does so; all of them for a rule that joins nothing."""
        return self._shared(seen) if self.together else set(connectors)

    def _shared(self, seen: Mapping[EvidenceId, set[int]]) -> set[int]:
        return set.intersection(*(seen[symptom] for symptom in self.together))


def _grown(seen: Seen, found: Sequence[tuple[_Asked, set[int]]]) -> Iterator[EvidenceId]:
    """What the rules conclude becomes known; the symptoms that this is news of."""
    for asked, met in found:
        symptom = asked.rule.conclude.symptom
        if symptom is not None and not met <= seen[symptom]:
            seen[symptom] |= met
            yield symptom
