"""`rules tune` from the chair of whoever answers for a rule that cries wolf."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cases import WET, charges, recorded, trips, trips_under_load
from click.testing import CliRunner, Result

from chargelore.engine.grammar.rule import SHIPPED
from chargelore.kb.errors import UseError
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.model import CauseId, EvidenceId, FaultId
from chargelore.kb.store import Store
from chargelore.tui.cli.ruling.rules import rules

RAMP = "relay-opens-before-vehicle-ramps-down"
RULE = """\
# Ours, since the summer.
id: trips
title: A ground fault after plug-in
status: stable
author: me
source: own
signals:
  plugged: {kind: status, status: Preparing}   # OCPP 1.6
  tripped: {kind: fault, fault: ground-fault-trip}
when: {sequence: [plugged, tripped], within: 30m}  # generous
symptom: ground-fault-at-plug-in
limits: Unknown.
examples:
  # the real one
  - {name: trips, expect: match, given: [{at: 0s, plugged: {}}, {at: 12s, tripped: {}}]}
  - {name: much later, expect: no match, given: [{at: 0s, plugged: {}}, {at: 50m, tripped: {}}]}
# the end
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "trips.yaml").write_text(RULE, encoding="utf-8")
    return tmp_path / "rules"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    files = {f"wet-{n}.log": (trips(5 + 3 * n), WET) for n in range(4)}
    files |= {f"ramp-{n}.log": (trips_under_load(300 + 90 * n), RAMP) for n in range(2)}
    return recorded(tmp_path / "cases", {**files, "good.log": (charges(900), "healthy")})


def said(*arguments: object) -> Result:
    return CliRunner().invoke(rules, [*map(str, arguments)], standalone_mode=False)


def test_a_change_is_proposed_with_before_and_after_and_a_diff(folder: Path, cases: Path) -> None:
    done = said("tune", "trips", cases, "--rules", folder, "--format", "json")
    told = json.loads(done.output)
    assert done.return_value == 1
    assert told["false_alarms"] == ["ramp-0.log", "ramp-1.log"]
    assert (told["before"]["right"], told["before"]["wrong"]) == (4, 2)
    assert (told["after"]["right"], told["after"]["wrong"], told["after"]["missed"]) == (4, 0, 0)
    assert [each["recording"] for each in told["changed"]] == ["ramp-0.log", "ramp-1.log"]
    assert "-when: {sequence: [plugged, tripped], within: 30m}  # generous" in told["diff"]
    assert (folder / "trips.yaml").read_text() == RULE


def test_with_write_the_rule_changes_its_remarks_stay_and_the_alarm_becomes_an_example(
    folder: Path, cases: Path
) -> None:
    assert said("tune", folder / "trips.yaml", cases, "--write", "--format", "json").return_value == 0
    text = (folder / "trips.yaml").read_text()
    assert all(remark in text for remark in ("# Ours,", "# OCPP 1.6", "# generous", "# the real one", "# the end"))
    assert f"a false alarm when it was {RAMP}" in text
    tested = said("test", folder, "--format", "json")
    assert (json.loads(tested.output)["failed"], tested.return_value) == ([], 0)
    again = said("tune", "trips", cases, "--rules", folder, "--format", "table")
    assert "No false alarm, nothing to tune." in again.output
    assert again.return_value == 0


def test_few_recordings_are_called_few(folder: Path, tmp_path: Path) -> None:
    few = recorded(tmp_path / "few", {"wet.log": (trips(9), WET), "ramp.log": (trips_under_load(400), RAMP)})
    told = said("tune", "trips", few, "--rules", folder, "--format", "table").output
    assert "fewer than 5" in told
    assert "One false alarm is no proof" in told
    assert "%" not in told


def test_where_every_change_would_hide_a_hit_nothing_is_proposed(folder: Path, tmp_path: Path) -> None:
    alike = recorded(tmp_path / "alike", {"wet.log": (trips(9), WET), "ramp.log": (trips(9), RAMP)})
    done = said("tune", "trips", alike, "--rules", folder, "--format", "table")
    assert done.return_value == 1
    assert "False alarms: ramp.log." in done.output
    assert "without hiding a true hit" in done.output


def test_without_a_true_hit_nothing_would_be_proved(folder: Path, tmp_path: Path) -> None:
    lone = recorded(tmp_path / "lone", {"ramp.log": (trips_under_load(400), RAMP)})
    assert "No true hit among them" in said("tune", "trips", lone, "--rules", folder, "--format", "table").output


def test_without_recordings_the_findings_of_the_store_are_asked(folder: Path) -> None:
    seen = {EvidenceId("ground-fault-at-plug-in"): "yes"}
    with Store.open() as store:
        for case, cause, maker in (
            ("a", WET, "Alfen"),
            ("b", WET, "Alfen"),
            ("d", WET, "Alfen"),
            ("c", RAMP, "Zaptec"),
        ):
            store.record_finding(
                Finding(
                    case=case, fault=FaultId("ground-fault-trip"), cause=CauseId(cause),
                    charger=Machine(vendor=maker), evidence=seen,
                )
            )  # fmt: skip
    told = json.loads(said("tune", "trips", "--rules", folder, "--format", "json").output)
    assert (told["proposed"], told["changed"][0]["recording"]) == ("only for chargers of Alfen", "c")


def test_a_rule_that_is_not_there_is_answered_with_the_nearest(folder: Path, cases: Path) -> None:
    error = said("tune", "trip", cases, "--rules", folder).exception
    assert isinstance(error, UseError)
    assert "did you mean trips?" in error.mend


def test_csv_names_each_recording_whose_verdict_changes(folder: Path, cases: Path) -> None:
    told = said("tune", "trips", cases, "--rules", folder, "--format", "csv").output
    assert told.splitlines() == ["recording,before,after", "ramp-0.log,wrong,silent", "ramp-1.log,wrong,silent"]


def test_the_page_for_authors_shows_what_the_command_says(
    folder: Path, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.rename(tmp_path / "my-rules")
    cases.rename(tmp_path / "judged")
    monkeypatch.chdir(tmp_path)
    page = (SHIPPED / "README.md").read_text(encoding="utf-8")
    ((command, output),) = re.findall(r"^\$ chargelore rules (tune .*)\n((?:.+\n)+?)```", page, re.MULTILINE)
    assert said(*command.split(), "--format", "table").output == output
