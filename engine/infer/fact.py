"""Fact: a symptom of a case as case rules join it, and the inference that both engines offer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from chargelore.engine.firing import Conclusion
from chargelore.engine.grammar.rule import CaseRule, Need
from chargelore.engine.infer.standing import Standing
from chargelore.kb.errors import RuleError
from chargelore.kb.model import EvidenceId

Placed = tuple[EvidenceId, int]  # a symptom on a connector; 0 only where no connector of the case is known


class Fact(Struct, frozen=True):
    """A symptom, and the connector it was seen on; None or 0 speaks for the whole charger, so for each connector.

    RuleError for what is neither, as an example in a rule's file may hold.
    """

    symptom: EvidenceId
    connector: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.symptom, str) or not isinstance(self.connector, int | None):
            what = f"{self.symptom!r:.80} on connector {self.connector!r:.80} is no symptom of a case"
            raise RuleError(what, mend="name a symptom, and its connector by a whole number or not at all")


class Inference(Protocol):
    """Case rules over the facts of one case. The answer depends on the facts alone, not on what was asked before."""

    @property
    def standing(self) -> Standing:
        """Which engine this is, and what it has been through."""

    def conclude(self, facts: Sequence[Fact]) -> tuple[Conclusion, ...]:
        """Every conclusion that the facts allow, chained until nothing new comes, by the id of the rule."""

    def close(self) -> None:
        """Let go of processes and memory."""


def places(facts: Iterable[Fact]) -> tuple[int, ...]:
    """The connectors of a case, in order; (0,) where none is known."""
    return tuple(sorted({fact.connector for fact in facts if fact.connector})) or (0,)


def spread(facts: Iterable[Fact], known: Sequence[int]) -> list[Placed]:
    """Each fact on its connector, and what speaks for the whole charger on each connector of the case; in order."""
    return sorted(
        {(fact.symptom, place) for fact in facts for place in ((fact.connector,) if fact.connector else known)}
    )


def joined(rule: CaseRule) -> tuple[Need, ...]:
    """The needs that must be met on one connector: those that say so, and the first, which they refer to."""
    marked = [need for need in rule.needs if need.same_connector]
    return tuple(dict.fromkeys((rule.needs[0], *marked))) if marked else ()


def concluded(rule: CaseRule) -> Conclusion:
    """What a rule says once it holds."""
    return Conclusion(
        rule=rule.id,
        facts=tuple(need.symptom for need in rule.needs),
        cause=rule.conclude.cause,
        symptom=rule.conclude.symptom,
        grade=rule.conclude.grade,
        why=rule.why,
        version=rule.version,
    )
