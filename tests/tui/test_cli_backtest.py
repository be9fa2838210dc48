"""`rules backtest` and `rules diff`: rules are judged by what recordings turned out to be."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from chargelore.kb.errors import InputError
from chargelore.tui.cli.rules import rules

RULE = """\
id: {name}
title: A ground fault within a minute of plug-in
status: stable
author: me
source: own
signals:
  plugged: {{kind: status, status: Preparing}}
  tripped: {{kind: status, errorCode: GroundFailure}}
when: {{sequence: [plugged, tripped], within: {within}}}
symptom: ground-fault-at-plug-in
"""


def frame(second: int, status: str, error: str = "NoError") -> str:
    body = {"connectorId": 1, "status": status, "errorCode": error, "timestamp": f"2024-05-01T12:00:{second:02}Z"}
    return f'2024-05-01T12:00:{second:02}Z CP-1 [2,"{second}","StatusNotification",{json.dumps(body)}]\n'


TRIPS = frame(0, "Available") + frame(1, "Preparing") + frame(9, "Faulted", "GroundFailure")
CHARGES = frame(0, "Available") + frame(1, "Preparing") + frame(9, "Charging")


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / "trips.log").write_text(TRIPS)
    (folder / "charges.log").write_text(CHARGES)
    (folder / "confirmed.csv").write_text("file,cause\ntrips.log,water-in-coupler\ncharges.log,healthy\n")
    return folder


def rules_in(folder: Path, within: str) -> Path:
    folder.mkdir()
    (folder / "wet.yaml").write_text(RULE.format(name="wet", within=within))
    return folder


def said(*arguments: object) -> Result:
    return CliRunner().invoke(rules, [*map(str, arguments), "--jobs", "1"], standalone_mode=False)


def test_a_rule_that_speaks_for_the_confirmed_cause_is_right(recorded: Path, tmp_path: Path) -> None:
    done = said("backtest", rules_in(tmp_path / "rules", "1m"), recorded, "--format", "json")
    row = json.loads(done.output)["rules"][0]
    assert (row["rule"], row["right"], row["missed"], done.return_value) == ("wet", 1, 0, 0)


def test_a_rule_that_stays_silent_on_its_cause_has_missed_it(recorded: Path, tmp_path: Path) -> None:
    done = said("backtest", rules_in(tmp_path / "rules", "2s"), recorded, "--format", "json")
    assert json.loads(done.output)["rules"][0]["missed"] == 1


def test_no_share_is_told_of_fewer_than_five(recorded: Path, tmp_path: Path) -> None:
    done = said("backtest", rules_in(tmp_path / "rules", "1m"), recorded, "--format", "json")
    assert json.loads(done.output)["rules"][0]["precision"] == ""


def test_what_is_expected_and_does_not_come_ends_in_one_and_in_junit(recorded: Path, tmp_path: Path) -> None:
    (tmp_path / "expected.yaml").write_text("wet: {right: 2}\n")
    found = rules_in(tmp_path / "rules", "1m")
    done = said("backtest", found, recorded, "--expect", tmp_path / "expected.yaml", "--junit", tmp_path / "junit.xml")
    assert done.return_value == 1
    suite = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314  # our own file
    assert suite.find("testcase/failure").attrib["message"] == "right 1, expected at least 2"  # type: ignore[union-attr]


def test_a_diff_names_what_got_worse(recorded: Path, tmp_path: Path) -> None:
    before, after = rules_in(tmp_path / "before", "1m"), rules_in(tmp_path / "after", "2s")
    assert json.loads(said("diff", before, before, recorded, "--format", "json").output)["worse"] == []
    told = said("diff", before, after, recorded, "--format", "table")
    assert "same" in told.output


@pytest.mark.parametrize(
    ("listed", "complaint"),
    [
        ("file,cause\ntrips.log,bad-luck\n", "bad-luck is no cause"),
        ("file,cause\n../../etc/passwd,healthy\n", "is no file of this folder"),
        ("name,why\n", "has no columns"),
    ],
)
def test_a_list_that_is_wrong_is_told_with_its_line(
    recorded: Path, tmp_path: Path, listed: str, complaint: str
) -> None:
    (recorded / "confirmed.csv").write_text(listed)
    error = said("backtest", rules_in(tmp_path / "rules", "1m"), recorded).exception
    assert isinstance(error, InputError)
    assert complaint in str(error)
    assert "confirmed.csv:" in str(error)


def test_a_scorecard_of_an_empty_store_says_that_it_knows_too_little(tmp_path: Path) -> None:
    done = CliRunner().invoke(rules, ["scorecard", "--format", "table"], standalone_mode=False)
    assert done.return_value == 0
    assert "too few findings" in done.output
