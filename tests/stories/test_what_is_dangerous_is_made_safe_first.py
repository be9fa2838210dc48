"""Safety is a precondition: whatever is cheap or likely, what may hurt somebody is made safe before anything else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from shell import chargelore

from chargelore.engine.diagnosing.safe import safeguards
from chargelore.kb.load import shipped

AWAY, OFF, DEAD = "keep-away-and-call", "take-out-of-service", "switch-off-and-bar"
DANGERS = (
    "person got an electric shock", "smoke and fire from the charger", "Funken am Stecker",
    "Gehäuse steht unter Spannung", "burnt smell at the socket", "the cable is cut", "the contactor is welded",
    "door-really-open=yes",
)  # fmt: skip
BURNT = "burnt smell at the socket"
NOBODY = ("--competence", "anyone", "--tools", "none", "--access", "remote", "--no-hazard")


def first_case(*arguments: str | Path) -> Any:
    return chargelore("triage", *arguments, "--format", "json").json["cases"][0]


@pytest.mark.parametrize("seen", DANGERS)
def test_who_sees_a_danger_is_told_to_make_safe_before_anything_else(seen: str) -> None:
    case = first_case("--seen", seen)
    assert [each["step"] for each in case["next"]][:3] == [AWAY, OFF, DEAD]
    assert [each["step"] for each in case["visit"]["stops"][0]["steps"]][:3] == [AWAY, OFF, DEAD]


@pytest.mark.parametrize("seen", DANGERS[:4])
def test_whoever_may_do_nothing_is_told_all_the_same_how_to_make_it_safe(seen: str) -> None:
    case = first_case("--seen", seen, *NOBODY)
    assert [each["step"] for each in case["next"]][:3] == [AWAY, OFF, DEAD]
    assert [each["step"] for each in case["visit"]["stops"][0]["steps"]][:3] == [AWAY, OFF, DEAD]


def test_a_charger_that_reports_a_ground_fault_is_taken_out_of_service_first(tmp_path: Path) -> None:
    frame = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"}]'
    log = tmp_path / "a.log"
    log.write_text(f"2031-05-01 10:00:00 CP-1: send {frame}\n")
    assert first_case(log)["next"][0]["step"] == OFF


def test_once_its_charger_is_out_of_service_the_plan_goes_on(tmp_path: Path) -> None:
    frames = (
        '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"}]',
        '[2,"9","ChangeAvailability",{"connectorId":0,"type":"Inoperative"}]',
        '[3,"9",{"status":"Accepted"}]',
    )
    log = tmp_path / "a.log"
    log.write_text("".join(f"2031-05-01 10:00:0{n} CP-1: send {frame}\n" for n, frame in enumerate(frames)))
    case = first_case(log)
    assert OFF not in {each["step"] for each in case["next"]}
    assert case["next"]


def test_every_step_in_an_open_cabinet_waits_for_one_that_makes_safe() -> None:

    waits = safeguards(shipped())
    inside = [each for each in shipped().steps.values() if each.where == "cabinet" and each.kind != "secure"]
    assert len(inside) > 100
    assert all(OFF in waits[each.id] for each in inside)


def test_a_visit_reads_well_on_eighty_columns_and_names_the_parts() -> None:
    said = chargelore("triage", "--seen", BURNT, "--format", "table").out
    plan = said[said.index("VISIT") : said.index("Not seen")].splitlines()
    assert max(map(len, plan)) <= 80
    assert "FIRST: Nobody touches it" in plan[1]
    assert re.search(r"(this part|these \d+ parts) covers? \d+%", " ".join(" ".join(plan).split()))


def test_who_may_not_open_the_cabinet_is_told_what_is_left_to_others() -> None:
    limits = ("--competence", "technician", "--tools", "none", "--access", "at-charger", "--no-hazard")
    visit = first_case("--seen", BURNT, *limits)["visit"]
    assert {stop["where"] for stop in visit["stops"]} <= {"remote", "desk", "at-charger"}
    assert any("needs electrician" in each["why"] for each in visit["left_out"])


def test_a_tool_that_nobody_knows_is_refused_with_the_tools_there_are() -> None:
    said = chargelore("triage", "--seen", BURNT, "--tools", "multimeter,hammer")
    assert said.code == 2
    assert "hammer" in said.err
    assert "torque-wrench" in said.err


TRIPS_AT_STOP = ("--seen", "the RCD trips whenever charging is paused or stopped")


def test_a_firmware_update_after_a_trip_waits_for_the_test_of_the_protection() -> None:
    whole = [each["step"] for stop in first_case(*TRIPS_AT_STOP)["visit"]["stops"] for each in stop["steps"]]
    assert "update-for-soft-stop" not in whole or whole.index("test-upstream-rcd") < whole.index("update-for-soft-stop")
    limits = ("--competence", "technician", "--tools", "multimeter")
    case = first_case(*TRIPS_AT_STOP, *limits)
    mine = [each["step"] for stop in case["visit"]["stops"] for each in stop["steps"]]
    assert "update-for-soft-stop" not in {*mine, *(each["step"] for each in case["next"])}
