"""Cases, diagnoses and signals read as a technician speaks, at any width."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import small_world
from fake_watch import FakeWatch, seen, signal, trip, world
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.diagnosing.diagnosis import (
    Apart,
    Diagnosis,
    NextStep,
    Outcome,
    Planned,
    Split,
    Stop,
    Turn,
    Unasked,
    Visit,
)
from chargelore.engine.signal import KINDS, Signal
from chargelore.kb.model import Place, StepId, StepKind
from chargelore.tui.lines.apart import apart_lines
from chargelore.tui.lines.bench import bench, entry_line, group, preview
from chargelore.tui.lines.case import header, suspect_lines, suspects, verdict
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.signal import is_trouble, said, signal_line
from chargelore.tui.lines.step import no_step_lines, question_lines
from chargelore.tui.lines.visit import visit_lines
from chargelore.tui.lines.why import why

NOTHING = Diagnosis(
    verdict="unknown", hypotheses=(), unknown=1.0, steps=(), layers_seen=(), layers_missing=("ocpp", "csms")
)
CASE = trip()
DIAGNOSIS = FakeWatch((CASE,)).diagnosis(CASE.id)
FIELDS = st.dictionaries(
    st.text(max_size=12), st.none() | st.text(max_size=30) | st.integers() | st.floats(), max_size=6
)


def test_what_a_model_cannot_tell_is_said_beside_the_question() -> None:
    proof = "this model never sent `status`: 0 of 1,240 other messages of 4 chargers"
    asked = Unasked(symptom=small_world.RAIN, rule="r", why=f"\x1b[31m{proof}")
    row = replace(DIAGNOSIS.hypotheses[0], unseen=(small_world.RAIN, small_world.WHEN), unasked=(asked,))
    lines = [each.strip() for each in why(CASE, DIAGNOSIS, row, world(), 160).plain.split("\n")]
    place = lines.index("? Did it rain in the last day?")
    assert lines[place + 1] == f"unknown: {proof}"
    assert lines[place + 2] == "? When does it trip?"
    assert "1 cannot be asked" in suspect_lines(row, 120)[1].plain


def test_how_readings_moved_before_the_fault_stands_under_the_reasons() -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    frame = tuple(
        Signal(layer="modbus", kind="reading", at=noon, fields={"name": "state", "value": value})
        for value in ("charging", "\x1b[31mfaulted")
    )
    row = DIAGNOSIS.hypotheses[0]
    lines = why(replace(CASE, frame=frame), DIAGNOSIS, row, world(), 160).plain
    assert lines.rstrip().endswith("state charging → faulted")
    assert "Before it" not in why(CASE, DIAGNOSIS, row, world(), 160).plain


@pytest.mark.parametrize(
    ("kind", "fields", "line"),
    [
        ("status", {"status": "Faulted", "errorCode": "GroundFailure", "info": "RCD"}, "Faulted · GroundFailure · RCD"),
        ("status", {"status": "Available", "errorCode": "NoError"}, "Available"),
        ("fault", {"fault": "ground-fault-trip", "code": "E7"}, "fault: ground fault trip (code E7)"),
        ("boot", {"vendor": "Acme", "model": "Post", "firmware": "1.4"}, "boots: Acme Post 1.4"),
        ("meter", {"power": 7200, "current": 31.5}, "meter 7200 W, 31.5 A"),
        ("answer", {"action": "SetChargingProfile", "status": "Rejected"}, "SetChargingProfile → Rejected"),
        ("answer", {"action": "Reset", "error": "InternalError", "description": "busy"}, "Reset → InternalError: busy"),
        ("command", {"action": "Reset", "type": "Hard"}, "← Reset type=Hard"),
        ("unanswered", {"action": "Reset"}, "Reset → no answer"),
        ("log", {"text": "relay stuck"}, "relay stuck"),
        ("reading", {"name": "L1", "value": 231, "unit": "V"}, "L1 = 231 V"),
        ("heartbeat", {}, "heartbeat"),
        ("disconnected", {"code": 1006}, "disconnected code=1006"),
    ],
)
def test_a_signal_says_what_it_means(kind: str, fields: dict[str, str], line: str) -> None:
    assert said(Signal(layer="ocpp", kind=kind, fields=fields)).strip() == line


@given(st.sampled_from(sorted(KINDS)), FIELDS, st.integers(20, 130))
def test_any_signal_fits_its_line(kind: str, fields: dict[str, str], width: int) -> None:
    line = signal_line(Signal(layer="field", kind=kind, fields=fields, raw="?"), width)
    assert line.cell_len <= width
    assert "\n" not in line.plain


def test_trouble_is_told_from_daily_business() -> None:
    assert is_trouble(signal("CP-1", 0, "fault"))
    assert is_trouble(signal("CP-1", 0, "status", status="Faulted"))
    assert is_trouble(signal("CP-1", 0, "answer", status="Rejected"))
    assert not is_trouble(signal("CP-1", 0, "status"))
    assert not is_trouble(signal("CP-1", 0, "meter"))


@given(st.integers(30, 140))
def test_every_line_of_bench_and_suspects_fits_its_width(width: int) -> None:
    rows = bench(
        [seen("CP-1"), seen("a charger with a very long name of its own")], [CASE], {CASE.id: DIAGNOSIS}, world()
    )
    lines = [line for row in rows for line in entry_line(row, width)]
    lines += [line for row in suspects(DIAGNOSIS) for line in suspect_lines(row, width)]
    assert max(line.cell_len for line in lines) <= width


def test_the_unknown_cause_is_always_among_the_suspects() -> None:
    assert suspect_lines(suspects(NOTHING)[0], 60)[0].plain.endswith("not in this knowledge base")
    assert len(suspects(DIAGNOSIS)) == len(DIAGNOSIS.hypotheses) + 1


@pytest.mark.parametrize(
    ("diagnosis", "place"),
    [
        (None, "weighing"),
        (DIAGNOSIS, "here"),
        (replace(DIAGNOSIS, steps=DIAGNOSIS.steps[1:]), "there"),
        (replace(DIAGNOSIS, steps=()), "over"),
        (replace(DIAGNOSIS, verdict="no-fault"), "none"),
    ],
)
def test_cases_are_grouped_by_what_one_can_do_now(diagnosis: Diagnosis | None, place: str) -> None:
    assert group(diagnosis) == place


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("diagnosed", "Most likely: Water in plug"),
        ("no-fault", "No fault of the charger found: Water in plug"),
        ("unknown", "What is known here does not explain this well"),
        ("escalate", "No step left that is worth its minutes: hand the case over"),
    ],
)
def test_a_verdict_is_a_sentence(word: str, sentence: str) -> None:
    assert verdict(replace(DIAGNOSIS, verdict=word), 80).plain == sentence


@pytest.mark.parametrize(
    ("same", "start", "why"),
    [
        (True, "These look the same from here", "this charger reports the same for all of them"),
        (False, "Cannot tell apart yet", "what was seen fits all of them"),
    ],
)
def test_what_cannot_be_told_apart_is_said_with_what_would_split_it(same: bool, start: str, why: str) -> None:
    outcomes = (
        Outcome("yes", small_world.WET, "Water in plug", 0.8),
        Outcome("no", small_world.CABLE, "Cable cut", 0.7),
    )
    asked = Split(how="ask", evidence=small_world.RAIN, question="Rain?", minutes=1, where="desk", outcomes=outcomes)
    found = Apart(
        causes=(small_world.WET, small_world.CABLE), labels=("Water in plug", "\x1b[31mCable cut"), more=1,
        is_same_here=same, by=asked,
    )  # fmt: skip
    diagnosis = replace(DIAGNOSIS, verdict="ambiguous", apart=found)
    assert verdict(diagnosis, 80).plain == f"{start}: Water in plug / Cable cut"
    group, split = (each.plain for each in list(apart_lines(diagnosis))[1:])
    assert group.endswith(f"Water in plug / Cable cut / 1 more: {why}")
    answers = "if yes → Water in plug, then 4 in 5 of these · if no → Cable cut, then 2 in 3 of these"
    assert split.endswith(f"ask: Rain? (1 min, from the desk) · {answers}")
    assert (
        "nothing in this knowledge base" in block(apart_lines(replace(diagnosis, apart=replace(found, by=None)))).plain
    )


def test_which_finding_would_change_the_first_place_stands_under_the_reasons() -> None:
    turn = Turn(
        evidence=small_world.RAIN, question="Rain?", answer="no", chance=0.2, cause=None, label="", probability=0.5
    )
    lines = why(CASE, replace(DIAGNOSIS, turns=(turn,)), DIAGNOSIS.hypotheses[0], world(), 160).plain
    assert "Rain? no → not in this knowledge base, 1 in 2" in lines


def test_a_case_without_any_suspect_can_be_shown() -> None:
    assert "CP-1 #2" in block(header(CASE, NOTHING, 80)).plain


def test_a_clock_that_is_off_stands_in_the_header_of_a_case_and_fits_eighty_columns() -> None:
    lines = header(CASE, NOTHING, 78, "charger's clock 2 h ahead")
    assert lines[2].plain.endswith(" · charger's clock 2 h ahead")
    assert all(each.cell_len <= 78 for each in lines)
    assert "·" not in header(CASE, NOTHING, 78)[2].plain
    assert "charger maker" in block(no_step_lines(NOTHING)).plain
    assert "CP-1 #2" in block(preview(bench([], [CASE], {CASE.id: NOTHING}, world())[1], world(), 60)).plain


def test_answers_break_onto_the_next_line_where_one_is_too_short() -> None:
    question = world().evidence[small_world.WHEN]
    assert len(question_lines(question, 80)) == 2
    assert max(line.cell_len for line in question_lines(question, 24)[1:]) <= 24


def planned(step: str, where: Place, kind: StepKind = "test") -> Planned:
    return Planned(NextStep(step=StepId(step), kind=kind, label=step, minutes=5, where=where, splits=()), 1.0, 0.0)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (0, ""),
        (1, "NEXT comes as step 2 of it: what makes safe comes first."),
        (2, "NEXT comes as step 3 of it: what is found out there parts the rest."),
        (3, "NEXT comes as step 4 of it: what is done from afar comes before going on."),
    ],
)
def test_a_visit_that_does_not_begin_with_the_next_step_says_why(place: int, told: str) -> None:
    steps = (
        planned("off", "remote", "secure"),
        planned("ask", "remote"),
        planned("read", "remote"),
        planned("go", "desk"),
    )
    whole = Visit(stops=(Stop("remote", steps[:3]), Stop("desk", steps[3:])))
    lines = " ".join(visit_lines(whole, 80, steps[place].step))
    assert (told in lines) if told else ("NEXT" not in lines)
    assert "no part of this visit" in " ".join(visit_lines(whole, 80, planned("else", "desk").step))
