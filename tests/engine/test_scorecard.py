"""A scorecard says which rules earn their keep, and nothing of rules that too few findings judge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from moments import rule
from small_world import AT_PLUG_IN, CABLE, NAT, TRIP, WET, knowledge

from chargelore.engine.grammar.rule import Rules
from chargelore.engine.proving.scorecard import scorecard
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
    (rated,) = scorecard(RULES, findings, replace(world, causes={**world.causes, dry.id: dry}))
    assert (rated.score.rule, rated.advice) == ("r", advice)


def test_findings_without_a_known_cause_judge_nothing() -> None:
    (rated,) = scorecard(RULES, [Finding(case="c", fault=TRIP, evidence={AT_PLUG_IN: "yes"})], knowledge())
    assert rated.score.judged == 0


NAME = f"r@{RULES.signal_rules[0].version}"
ON_TRIAL = Rules(signal_rules=(replace(RULES.signal_rules[0], status="shadow"),))


def blind(verdict: str, times: int, name: str = NAME, cause: str = WET) -> list[Finding]:
    return [Finding(case=f"{verdict}{n}", fault=TRIP, cause=cause, blind={name: verdict}) for n in range(times)]


@pytest.mark.parametrize(
    ("findings", "advice", "precision"),
    [
        (blind("right", 4), "too few", None),
        (blind("right", 5), "promote", 1.0),
        (blind("right", 3) + blind("wrong", 3), "tune", 0.5),
        (blind("wrong", 5), "retire", 0.0),
        (blind("useless", 9), "too few", None),
        (blind("open", 9, cause="not listed: a bee"), "too few", None),
    ],
)
def test_a_rule_on_trial_is_judged_by_what_it_had_said_unheard(
    findings: list[Finding], advice: str, precision: float | None
) -> None:
    (rated,) = scorecard(ON_TRIAL, findings, knowledge())
    assert (rated.advice, rated.blind.precision, rated.score.judged) == (advice, precision, 0)


def test_what_was_said_of_an_earlier_version_judges_nothing_and_is_counted() -> None:
    (rated,) = scorecard(ON_TRIAL, blind("right", 7, name="r@1.older"), knowledge())
    assert (rated.advice, rated.blind.right, rated.earlier) == ("too few", 0, 7)


def test_a_finding_that_names_the_rules_that_had_spoken_is_believed_before_its_symptoms() -> None:
    shown = {AT_PLUG_IN: "yes"}
    by_other = [Finding(case=f"{n}", fault=TRIP, cause=WET, evidence=shown, rules=("other@1.x",)) for n in range(5)]
    by_this = [replace(each, rules=(NAME,)) for each in by_other]
    assert [scorecard(RULES, each, knowledge())[0].score.right for each in (by_other, by_this)] == [0, 5]
