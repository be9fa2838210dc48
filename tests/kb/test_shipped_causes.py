"""The shipped causes, steps and quirks: each cause can be refuted and mended, and speaks in two wordings."""

from __future__ import annotations

from collections import Counter

from chargelore.kb.load import shipped
from chargelore.kb.model import Cause

KNOWLEDGE = shipped()
STANDING = [cause for cause in KNOWLEDGE.causes.values() if cause.status != "deprecated"]
STEPS = [step for step in KNOWLEDGE.steps.values() if step.status != "deprecated"]


def speaks_for(cause: Cause) -> bool:
    return any(link.grade in ("sometimes", "often", "always") for link in cause.shows)


def can_be_refuted(cause: Cause) -> bool:
    """By what it hardly shows, or by the other answers to a question that it answers one way."""
    asked = {link.evidence for link in cause.shows if link.grade in ("often", "always")}
    return any(link.grade in ("never", "rarely") for link in cause.shows) or any(
        KNOWLEDGE.evidence[each].channel != "signal" for each in asked
    )


def test_every_fault_has_two_causes_at_least() -> None:
    counts = Counter(cause.fault for cause in STANDING)
    assert [each.id for each in KNOWLEDGE.faults.values() if each.is_fault and counts[each.id] < 2] == []


def test_something_speaks_for_every_cause_and_something_against_it() -> None:
    assert [each.id for each in STANDING if not speaks_for(each)] == []
    assert [each.id for each in STANDING if not can_be_refuted(each)] == []


def test_every_cause_is_cured_by_a_step_that_is_more_than_a_last_hope() -> None:
    cured = {cure.cause for step in STEPS for cure in step.fixes if cure.grade not in ("never", "rarely")}
    assert [each.id for each in STANDING if each.id not in cured] == []


def test_causes_and_steps_speak_to_technician_and_engineer_and_in_german() -> None:
    assert [each.id for each in STANDING if not each.detail or "de" not in each.labels] == []
    assert [each.id for each in STEPS if not each.detail or "de" not in each.labels] == []


def test_quirks_name_maker_source_cure_and_the_causes_that_they_make_likelier() -> None:
    quirks = KNOWLEDGE.quirks.values()
    assert len(quirks) >= 80
    whole = [each for each in quirks if each.scope.vendor and each.cure and each.causes and "de" in each.labels]
    assert len(whole) == len(quirks)
    assert [each.id for each in quirks if each.source == "own" or each.source not in KNOWLEDGE.sources] == []


def test_a_quirk_from_a_thread_is_no_more_than_a_draft() -> None:
    assert [each.id for each in KNOWLEDGE.quirks.values() if each.thread and each.status != "draft"] == []
