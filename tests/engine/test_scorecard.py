"""A scorecard says which rules earn their keep, and nothing of rules that too few findings judge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from moments import rule
from small_world import AT_PLUG_IN, CABLE, NAT, TRIP, WET, knowledge

from chargelore.engine.rule import Rules
from chargelore.engine.scorecard import scorecard
from chargelore.kb.finding import Finding
from chargelore.kb.model import CauseId

RULES = Rules(signal_rules=(rule("{a: {kind: start}}", "{signal: a}", f"symptom: {AT_PLUG_IN}"),))


def found(cause: CauseId, times: int) -> list[Finding]:
    return [Finding(case=f"{cause}-{n}", fault=TRIP, cause=cause, evidence={AT_PLUG_IN: "yes"}) for n in range(times)]


@pytest.mark.parametrize(
    ("findings", "advice"),
    [
        (found(WET, 4), "too few"),
        (found(WET, 7), "keep"),
        (found(WET, 3) + found(CauseId("dry"), 3), "tune"),
        (found(WET, 1) + found(CauseId("dry"), 6), "retire"),
        (found(NAT, 9), "too few"),
    ],
)
def test_a_rule_is_kept_tuned_or_retired_by_what_was_found(findings: list[Finding], advice: str) -> None:
    world = knowledge()
    dry = replace(world.causes[CABLE], id=CauseId("dry"), shows=())
    ((score, told),) = scorecard(RULES, findings, replace(world, causes={**world.causes, dry.id: dry}))
    assert (score.rule, told) == ("r", advice)


def test_findings_without_a_known_cause_judge_nothing() -> None:
    ((score, _),) = scorecard(RULES, [Finding(case="c", fault=TRIP, evidence={AT_PLUG_IN: "yes"})], knowledge())
    assert score.judged == 0
