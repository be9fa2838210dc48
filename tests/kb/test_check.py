"""Check: the shipped knowledge is clean, and each flaw is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small_world as world
from travel_flaws import TRAVEL_FLAWS

from chargelore.kb.checks import CHECKS, check
from chargelore.kb.checks.registers import REGISTER_CHECKS
from chargelore.kb.load import shipped
from chargelore.kb.model import (
    Code,
    Evidence,
    EvidenceId,
    FaultId,
    Fixes,
    Given,
    Knowledge,
    Meaning,
    Quirk,
    QuirkId,
    Scope,
    Shows,
    Source,
    SourceId,
    Step,
    StepId,
)

OWN = SourceId("own")
LOOK = Step(
    id=StepId("look-at-the-log"),
    kind="test",
    label="Look at the log",
    minutes=5,
    answers=(world.WHEN,),
    fixes=(Fixes(cause=world.NAT), Fixes(cause=world.QUIRK)),
)
SMALL = world.knowledge()
SAFE = Step(
    id=StepId("switch-off"), kind="secure", label="Switch off", minutes=2, guards=("safety", "hazard", "cabinet")
)
REFUTED = replace(
    SMALL.causes[world.QUIRK],
    shows=(*SMALL.causes[world.QUIRK].shows, Shows(evidence=world.AT_PLUG_IN, grade="never")),
)
CLEAN = replace(
    SMALL,
    causes={**SMALL.causes, world.QUIRK: REFUTED},
    sources={OWN: Source(id=OWN, title="own", licence="Apache-2.0")},
    steps={**SMALL.steps, LOOK.id: LOOK, SAFE.id: SAFE},
)


def codes_of(knowledge: Knowledge) -> set[str]:
    return {issue.code for issue in check(knowledge)}


def with_step(**more: object) -> Knowledge:
    fields = {"id": StepId("odd"), "kind": "repair", "label": "Odd", "minutes": 5, "fixes": (Fixes(cause=world.WET),)}
    step = Step(**fields | more)  # type: ignore[arg-type]  # a test may set any field
    return replace(CLEAN, steps={**CLEAN.steps, step.id: step})


def with_cause(**more: object) -> Knowledge:
    return replace(CLEAN, causes={**CLEAN.causes, world.WET: replace(CLEAN.causes[world.WET], **more)})  # type: ignore[arg-type]  # a test may set any field


def with_fault(**more: object) -> Knowledge:
    fault = replace(CLEAN.faults[world.TRIP], **more)  # type: ignore[arg-type]  # a test may set any field
    return replace(CLEAN, faults={**CLEAN.faults, fault.id: fault})


def with_code(**more: object) -> Knowledge:
    return replace(CLEAN, codes=(replace(world.TRIP_CODE, **more),))  # type: ignore[arg-type]  # a test may set any field


def with_evidence(**more: object) -> Knowledge:
    odd = Evidence(**{"id": EvidenceId("odd"), "question": "Odd?"} | more)  # type: ignore[arg-type]  # a test may set any field
    causes = {
        **CLEAN.causes,
        world.WET: replace(CLEAN.causes[world.WET], shows=(Shows(evidence=odd.id, grade="often"),)),
    }
    return replace(CLEAN, evidence={**CLEAN.evidence, odd.id: odd}, causes=causes)


def only_step(**more: object) -> Knowledge:
    """Whatever the trip may be, this step is all that is known to help."""
    step = Step(id=DRY, kind="repair", label="Dry it", minutes=5, fixes=EVERY_TRIP, **more)  # type: ignore[arg-type]  # a test may set any field
    return replace(CLEAN, steps={DRY: step})


def untested(**more: object) -> Knowledge:
    """The wet plug shows only where somebody asks, and nobody is told to."""
    asked = {name: replace(each, channel="asked") for name, each in CLEAN.evidence.items()}
    return replace(only_step(**more), evidence=asked)


def with_quirk(**more: object) -> Knowledge:
    fields = {"id": QuirkId("slow"), "topic": "commands", "label": "Slow", "detail": "", "source": THREAD.id,
              "scope": Scope(vendor="Acme")}  # fmt: skip
    quirk = Quirk(**fields | more)  # type: ignore[arg-type]  # a test may set any field
    return replace(CLEAN, sources={**CLEAN.sources, THREAD.id: THREAD}, quirks={quirk.id: quirk})


DRY, EVERY_TRIP = StepId("dry-it"), (Fixes(cause=world.WET), Fixes(cause=world.CABLE))
THREAD = Source(id=SourceId("thread"), title="A public thread", licence="facts only")
NO_LICENCE = Source(id=SourceId("found"), title="Found somewhere")
TWICE = (Shows(evidence=world.RAIN, grade="often"), Shows(evidence=world.RAIN, grade="never"))

FLAWS = [
    ("K01", with_cause(shows=())),
    ("K02", replace(CLEAN, causes={})),
    ("K03", with_cause(shows=(Shows(evidence=world.RAIN, grade="often", answer="maybe"),))),
    ("K04", with_evidence(answers=("yes",))),
    ("K05", with_evidence(channel="measured")),
    ("K06", with_step(fixes=())),
    ("K07", with_step(minutes=0)),
    ("K08", with_step(hazard="Mains")),
    ("K116", with_step(parts=("seal", "seals"))),
    ("K09", with_step(where="cabinet", needs="anyone")),
    ("K10", with_step(kind="reset", where="remote")),
    ("K11", with_cause(source=SourceId("hearsay"))),
    ("K12", replace(CLEAN, sources={**CLEAN.sources, NO_LICENCE.id: NO_LICENCE})),
    ("K13", with_code(means=(Meaning(fault=world.TRIP), Meaning(fault=world.LINK)))),
    ("K14", replace(CLEAN, codes=(world.TRIP_CODE, world.TRIP_CODE))),
    ("K15", with_cause(label="long " * 40)),
    ("K16", replace(CLEAN, steps={})),
    ("K17", with_fault(id=FaultId("never-diagnosed"))),
    ("K18", with_fault(responsible=())),
    ("K18", with_fault(responsible=("cso", "cso"))),
    ("K19", with_fault(mrec="CX002")),
    ("K20", with_cause(shows=TWICE)),
    ("K20", with_step(fixes=(Fixes(cause=world.WET), Fixes(cause=world.WET, grade="rarely")))),
    ("K21", with_code(is_fault=False)),
    ("K21", with_fault(is_fault=False)),
    ("K22", with_code(text=" ")),
    ("K23", with_code(firmware="the newer one")),
    ("K23", with_cause(scope=Scope(firmware=">=two"))),
    ("K24", with_code(kind="bit", code="12")),
    ("K25", with_code(code="0x00")),
    ("K56", with_code(kind="pattern", code="re:error (", text="error 5")),
    ("K56", with_code(kind="pattern", code="re:error [0-9]+", text="fault 5")),
    ("K26", with_cause(status="deprecated")),
    ("K26", with_cause(replaced_by=world.CABLE)),
    ("K27", with_cause(status="deprecated", replaced_by="gone")),
    ("K28", with_cause(dated="last May")),
    ("K29", with_quirk(source=OWN)),
    ("K29", with_quirk(scope=Scope(model="One"))),
    ("K30", replace(CLEAN, sources={**CLEAN.sources, THREAD.id: THREAD})),
    ("K31", replace(CLEAN, causes={world.WET: CLEAN.causes[world.WET]})),
    ("K32", with_fault(id=FaultId("never-reached"))),
    ("K33", with_fault(aliases=("Reconnect Loop",))),
    ("K34", only_step(where="remote")),
    ("K35", only_step(needs="oem")),
    ("K36", untested(reversible=False)),
    ("K37", with_step(label="Exchange the cable")),
    ("K38", with_step(label="dry the plug")),
    ("K39", with_step(parts=("cable", "cable"))),
    ("K81", with_cause(labels={"de": "Nass"})),
    ("K82", with_cause(labels={"fr": "trop " * 20})),
    ("K83", with_cause(labels={"fr": CLEAN.causes[world.WET].label})),
    *TRAVEL_FLAWS,
    ("K90", with_cause(shows=(Shows(evidence=world.AT_PLUG_IN, grade="often"),))),
    ("K94", with_step(where="cabinet", hazard="Mains terminals", precondition="Isolate")),
    ("K95", with_step(hazard="None when idle", precondition="Idle")),
    ("K97", with_step(message="ChangeConfiguration HeartbeatInterval 60")),
    ("K97", with_step(message="RemoteStartTransaction")),
    ("K97", with_step(message="UpdateFirmware")),
    ("K97", with_step(message="Reset Hard")),
    ("K97", with_step(message="reset soft")),
    ("K98", with_step(message="Reset Soft", where="cabinet")),
    ("K98", with_step(message="UnlockConnector", kind="refer")),
    ("K110", with_step(kind="secure", guards=("danger",))),
    ("K110", with_step(guards=("danger",))),
    ("K110", with_step(first=(world.DRY,))),
    ("K110", with_step(dead=True)),
    ("K111", with_step(kind="secure", fixes=())),
    ("K112", with_evidence(danger=("yes",))),
    ("K112", replace(CLEAN, steps=SMALL.steps)),
    ("K113", with_evidence(danger=("perhaps",))),
    ("K114", with_step(given=(Given(evidence=world.RAIN, answer="perhaps"),))),
    ("K114", with_step(kind="test", fixes=(), answers=(world.AT_PLUG_IN,), given=(Given(evidence=world.AT_PLUG_IN),))),
    ("K117", with_step(precondition="Isolate, lock off, prove dead")),
    ("K118", with_step(precondition="Insulation measured")),
    ("K96", with_cause(label="Water \u202e in plug")),
    ("K96", with_code(text="RCD\x1b[31m")),
    ("K91", with_cause(label="cable cut")),
    ("K92", with_evidence(group="alone")),
    ("K93", with_evidence(channel="asked", leak="often")),
]


def test_the_shipped_knowledge_has_no_findings() -> None:
    assert [f"{issue.code} {issue.subject} {issue.what}" for issue in check(shipped())] == []


@pytest.mark.parametrize(("flaw", "knowledge"), FLAWS, ids=[f"{code}-{place}" for place, (code, _) in enumerate(FLAWS)])
def test_each_flaw_is_told_by_its_code(flaw: str, knowledge: Knowledge) -> None:
    assert flaw in codes_of(knowledge)


def test_knowledge_without_a_flaw_is_told_none() -> None:
    assert codes_of(CLEAN) == set()


def test_every_check_has_a_flaw_that_it_tells() -> None:
    assert len({code for code, _ in FLAWS}) == len(CHECKS) - len(REGISTER_CHECKS)  # those of maps have their own test


def test_every_issue_says_how_to_mend_it() -> None:
    assert all(issue.fix for _, knowledge in FLAWS for issue in check(knowledge))


def test_one_mrec_is_exactly_one_fault() -> None:
    both = {
        fault: replace(CLEAN.faults[fault], mrec="CX002", mrec_relation="exact") for fault in (world.TRIP, world.LINK)
    }
    assert "K19" in codes_of(replace(CLEAN, faults=both))


@pytest.mark.parametrize("written", ["8", "bit 3", "0x08", "111.3"])
def test_a_bit_may_be_written_as_value_as_number_or_within_its_register(written: str) -> None:
    tidy: tuple[Code, ...] = with_code(kind="bit", code=written).codes
    assert "K24" not in codes_of(replace(CLEAN, codes=tidy))
