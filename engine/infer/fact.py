"""Fact: a symptom of a case as case rules join it, and the inference that both engines offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chargelore.engine.firing import Conclusion
from chargelore.kb.model import EvidenceId


@dataclass(frozen=True, slots=True)
class Fact:
    """A symptom, and the connector it was seen on; None speaks for the whole charger."""

    symptom: EvidenceId
    connector: int | None = None


class Inference(Protocol):
    """Case rules over the facts of one case. The answer depends on the facts alone, not on what was asked before."""

    def conclude(self, facts: Sequence[Fact]) -> tuple[Conclusion, ...]:
        """Every conclusion that the facts allow, chained until nothing new comes, in a fixed order."""

    def close(self) -> None:
        """Let go of processes and memory."""
