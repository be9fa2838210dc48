"""Stats: what the knowledge promises to hold, it holds, and every claim has a source."""

from __future__ import annotations

import small_world as world

from chargelore.kb.load import shipped
from chargelore.kb.stats import counted

PROMISED = {
    "faults": 110, "vendor codes": 1_000, "makers and platforms": 40, "causes": 250, "evidence links": 500,
    "steps": 300,
}  # fmt: skip


def test_the_shipped_knowledge_is_as_broad_as_promised() -> None:
    counts = counted(shipped())
    assert {name: counts[name] for name, least in PROMISED.items() if counts[name] < least} == {}


def test_every_shipped_claim_names_a_source_that_is_known() -> None:
    assert counted(shipped())["claims without a source"] == 0


def test_claims_without_a_known_source_are_counted() -> None:
    assert counted(world.knowledge())["claims without a source"] > 0
