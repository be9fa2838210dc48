"""Solved on site: a log, its diagnosis, two answers, a step, a finding; and days later the fix is known to hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shell import chargelore
from site_log import Said, boot, charges, site_log, status, trips

FAULTED = datetime.now(UTC).replace(microsecond=0) - timedelta(days=9)
FIXED = FAULTED + timedelta(hours=5)
DAY = 86_400.0
WET, DRIED = "water-in-coupler", "dry-and-clean-coupler"


def written(folder: Path, name: str, said: list[Said], begin: datetime = FAULTED) -> Path:
    file = folder / name
    file.write_text(site_log(said, begin=begin))
    return file


def faulty(folder: Path) -> Path:
    again = (each for second in (600, 900, 1300) for each in trips(second))
    return written(folder, "faulty.log", [boot(0), status(2, "Available"), *again])


def triaged(*arguments: object) -> dict[str, Any]:
    told: dict[str, Any] = chargelore("triage", *map(str, arguments), "--format", "json").json
    return told


def chance(case: dict[str, Any], cause: str) -> float:
    return next((float(each["probability"]) for each in case["hypotheses"] if each["cause"] == cause), 0.0)


def test_a_fault_is_found_fixed_and_known_to_be_fixed(tmp_path: Path) -> None:
    log = faulty(tmp_path)
    [first] = triaged(log)["cases"]
    asked = {name for each in first["hypotheses"][:3] for name in each["unseen"]}
    assert {"trips-with-any-vehicle", "plug-wet-inside"} <= asked  # what it could not see, and asks for

    seen = ("--seen", "trips-with-any-vehicle=yes", "--seen", "plug-wet-inside=yes")
    [second] = triaged(log, *seen)["cases"]
    assert second["hypotheses"][0]["cause"] == WET
    assert chance(second, WET) > chance(first, WET) + 0.2
    assert second["verdict"] == "diagnosed"
    assert DRIED in {each["step"] for each in second["next"]}

    found = ("--cause", WET, "--fixed-by", DRIED, "--minutes", 35, "--at", FIXED.isoformat())
    said = chargelore("finding", second["case"], "--log", log, *seen, *map(str, found), "--format", "json")
    assert (said.code, said.json["cause"]) == (0, WET)

    waits = triaged(written(tmp_path, "next.log", [boot(0), *charges(600)], FIXED))
    assert [(each["verdict"], each["sessions"]) for each in waits["fixes"]] == [("open", 1)]
    good = [boot(0), *charges(DAY), *charges(2 * DAY), *charges(3 * DAY)]
    held = triaged(written(tmp_path, "week.log", good, FIXED))
    assert held["cases"] == []
    assert [(each["finding"], each["verdict"]) for each in held["fixes"]] == [(said.json["event"], "held")]

    [again] = triaged(log)["cases"]
    assert chance(again, WET) > chance(first, WET)
    backing = {each["backed_by"] for one in again["hypotheses"] if one["cause"] == WET for each in one["because"]}
    assert "1 case, 1 held" in backing


def test_a_fix_that_came_back_is_told_and_teaches_nothing(tmp_path: Path) -> None:
    log = faulty(tmp_path)
    [before] = triaged(log)["cases"]
    found = ("--cause", WET, "--fixed-by", DRIED, "--at", FIXED.isoformat())
    assert chargelore("finding", "CP-1-1", "--log", log, *found).code == 0
    back = triaged(written(tmp_path, "back.log", [boot(0), *charges(600), *trips(2 * DAY)], FIXED))
    assert [each["verdict"] for each in back["fixes"]] == ["came back"]
    [after] = triaged(log)["cases"]
    assert chance(after, WET) <= chance(before, WET)
