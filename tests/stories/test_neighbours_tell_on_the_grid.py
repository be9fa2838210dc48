"""A weak feeder is found in the logs of its chargers, once somebody says that they share it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from shell import chargelore

PLACES = """\
chargers:
  north: {site: depot, feeder: A}
  south: {site: depot, feeder: A}
  annex: {site: depot, feeder: B}
"""
LOW = "several-chargers-read-low-voltage"


def frame(second: int, volts: float) -> str:
    samples = [{"value": str(volts), "measurand": "Voltage", "phase": "L1", "unit": "V"}]
    value = [{"timestamp": f"2024-05-01T12:00:{second:02}Z", "sampledValue": samples}]
    message = [2, str(second), "MeterValues", {"connectorId": 1, "meterValue": value}]
    return f"2024-05-01T12:00:{second:02}.000Z {json.dumps(message)}"


def log(folder: Path, charger: str, told: Iterable[tuple[int, float]]) -> Path:
    """A log that names no charger, called as its charger."""
    file = folder / f"{charger}.log"
    file.write_text("\n".join(frame(*each) for each in told) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def logs(tmp_path: Path) -> list[Path]:
    return [log(tmp_path, "north", [(0, 196.0), (40, 231.0)]), log(tmp_path, "south", [(20, 198.0), (50, 231.0)])]


@pytest.fixture
def places(tmp_path: Path) -> Path:
    file = tmp_path / "places.yaml"
    file.write_text(PLACES, encoding="utf-8")
    return file


def test_two_logs_of_one_feeder_are_heard_side_by_side(logs: list[Path], places: Path) -> None:
    said = chargelore("triage", *logs, "--places", places, "--format", "json")
    assert said.code == 1, said.err
    told = [json.loads(line) for line in said.out.splitlines()]
    assert [each["input"]["file"] for each in told] == [str(each) for each in logs]
    for each, charger in zip(told, ("north", "south"), strict=True):
        (case,) = each["cases"]
        assert case["charger"]["id"] == charger
        assert LOW in case["symptoms"]
        assert each["unasked"] == []
        assert case["hypotheses"][0]["cause"] in ("weak-grid-connection", "long-thin-supply-cable")


def test_without_a_places_file_the_result_says_that_nobody_could_ask(logs: list[Path]) -> None:
    said = chargelore("triage", *logs, "--format", "json")
    for line in said.out.splitlines():
        told = json.loads(line)
        assert "no places file says which chargers share a feeder" in [each["why"] for each in told["unasked"]]
        assert {each["truth"] for each in told["unasked"]} == {"unknown"}
        assert LOW not in [symptom for case in told["cases"] for symptom in case["symptoms"]]
    table = chargelore("triage", *logs, "--format", "table")
    assert "unknown: no places file says which chargers share a feeder" in table.out


def test_a_charger_that_the_file_does_not_name_is_told(logs: list[Path], places: Path) -> None:
    stranger = log(places.parent, "stranger", [(0, 196.0)])
    said = chargelore("triage", *logs, stranger, "--places", places, "--format", "table")
    assert "does not say where stranger stands" in " ".join(said.out.split())


def test_explain_says_what_each_charger_said(logs: list[Path], places: Path) -> None:
    both = places.parent / "both.log"
    lines = [f"[{file.stem}] {line}" for file in logs for line in file.read_text(encoding="utf-8").splitlines()]
    both.write_text("\n".join(sorted(lines, key=lambda line: line.split("] ")[1])) + "\n", encoding="utf-8")
    unknown = chargelore("rules", "explain", LOW, both, "--format", "json").json
    assert (unknown["truth"], unknown["fired"]) == ("unknown", 0)
    assert "share a feeder" in unknown["unplaced"][0]["why"]
    why_not = chargelore("rules", "why-not", LOW, both, "--format", "table")
    assert (why_not.code, "no places file" in why_not.out) == (1, True)


def test_a_slip_in_the_places_file_is_one_line_with_its_place(logs: list[Path], places: Path) -> None:
    places.write_text("chargers:\n  north: {site: depot, feder: A}\n", encoding="utf-8")
    said = chargelore("triage", *logs, "--places", places)
    assert said.code == 2
    assert f"{places}:2" in said.err
    assert "feder" in said.err
    assert len(said.err.splitlines()) == 1
