"""Check: the shipped knowledge is clean, and each flaw is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small_world as world

from chargelore.kb.check import check
from chargelore.kb.load import shipped
from chargelore.kb.model import Fixes, Knowledge, Meaning, Shows, Source, SourceId, Step, StepId

CLEAN = replace(
    world.knowledge(), sources={SourceId("own"): Source(id=SourceId("own"), title="own", licence="Apache-2.0")}
)


def codes_of(knowledge: Knowledge) -> set[str]:
    return {issue.code for issue in check(knowledge)}


def with_step(**more: object) -> Knowledge:
    step = Step(
        **{"id": StepId("odd"), "kind": "repair", "label": "Odd", "minutes": 5, "fixes": (Fixes(cause=world.WET),)}
        | more
    )  # type: ignore[arg-type]
    return replace(CLEAN, steps={**CLEAN.steps, step.id: step})


def with_cause(**more: object) -> Knowledge:
    return replace(CLEAN, causes={**CLEAN.causes, world.WET: replace(CLEAN.causes[world.WET], **more)})  # type: ignore[arg-type]


def test_the_shipped_knowledge_has_no_findings() -> None:
    assert [f"{issue.code} {issue.subject} {issue.what}" for issue in check(shipped())] == []


@pytest.mark.parametrize(
    ("flaw", "knowledge"),
    [
        ("K01", with_cause(shows=())),
        ("K03", with_cause(shows=(Shows(evidence=world.RAIN, grade="often", answer="maybe"),))),
        ("K06", with_step(fixes=())),
        ("K07", with_step(minutes=0)),
        ("K08", with_step(hazard="Mains")),
        ("K09", with_step(where="cabinet", needs="anyone")),
        ("K10", with_step(kind="reset", where="remote")),
        ("K11", with_cause(source=SourceId("hearsay"))),
        (
            "K13",
            replace(
                CLEAN, codes=(replace(world.TRIP_CODE, means=(Meaning(fault=world.TRIP), Meaning(fault=world.LINK))),)
            ),
        ),
        ("K14", replace(CLEAN, codes=(world.TRIP_CODE, world.TRIP_CODE))),
        ("K15", with_cause(label="long " * 40)),
        ("K16", replace(CLEAN, steps={})),
    ],
)
def test_each_flaw_is_told_by_its_code_and_is_not_told_without_it(flaw: str, knowledge: Knowledge) -> None:
    assert flaw in codes_of(knowledge)
    assert flaw not in codes_of(CLEAN) or flaw in ("K05", "K16")


def test_every_issue_says_how_to_mend_it() -> None:
    assert all(issue.fix for issue in check(replace(CLEAN, steps={}, sources={})))
