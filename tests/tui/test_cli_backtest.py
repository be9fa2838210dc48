"""`rules backtest` and `rules diff`: rules are judged by what recordings turned out to be."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from plugged_in import CHARGES, RULE, TRIPS, frame

from chargelore.engine.proving.backtest import Score
from chargelore.kb.errors import InputError
from chargelore.tui.cli.ruling.rules import rules


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
    (folder / "wet.yaml").write_text(RULE.format(name="wet", status="stable", within=within))
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
    assert suite.find("testcase/failure").attrib["message"] == "right 1, expected at least 2"  # type: ignore[union-attr]  # a missing one fails the test


def test_a_diff_names_what_got_worse(recorded: Path, tmp_path: Path) -> None:
    before, after = rules_in(tmp_path / "before", "1m"), rules_in(tmp_path / "after", "2s")
    assert json.loads(said("diff", before, before, recorded, "--format", "json").output)["worse"] == []
    told = said("diff", before, after, recorded, "--format", "table")
    assert "same" in told.output


def healthy(folder: Path) -> Path:
    """Forty-four healthy recordings: two in which a fault comes late, one with a pause, and 41 without any of it."""
    folder.mkdir()
    begins = frame(0, "Available") + frame(1, "Preparing")
    told = {f"well-{number}": begins + frame(9, "Charging") for number in range(41)}
    told |= dict.fromkeys(("late-1", "late-2"), begins + frame(50, "Faulted"))
    told["case 17"] = begins + frame(9, "SuspendedEVSE")
    for name, text in told.items():
        (folder / f"{name}.log").write_text(text)
    (folder / "confirmed.csv").write_text("file,cause\n" + "".join(f"{name}.log,healthy\n" for name in told))
    return folder


def hears(folder: Path, name: str, status: str, within: str) -> None:
    folder.mkdir(exist_ok=True)
    text = RULE.format(name=name, status="stable", within=within).replace(
        "errorCode: GroundFailure", f"status: {status}"
    )
    (folder / f"{name}.yaml").write_text(text)


def test_a_diff_says_in_a_sentence_what_became_of_the_recordings_and_of_the_rules(tmp_path: Path) -> None:
    recorded, before, after = healthy(tmp_path / "recorded"), tmp_path / "before", tmp_path / "after"
    hears(before, "faults", "Faulted", "1m")
    hears(after, "faults", "Faulted", "10s")
    hears(after, "pauses", "SuspendedEVSE", "1m")
    told = said("diff", before, after, recorded, "--format", "table")
    first, second, third, fourth = told.output.splitlines()
    assert first == "41 cases same, 2 fixed, 1 worse: case 17.log"
    assert second == "fixed: late-1.log, late-2.log"
    assert third.startswith("1 rule changed: faults@1.")
    assert fourth.startswith("1 rule added: pauses@1.")
    assert told.return_value == 1


def test_a_diff_with_the_trial_says_what_promoting_would_do(tmp_path: Path) -> None:
    recorded, folder = healthy(tmp_path / "recorded"), tmp_path / "rules"
    hears(folder, "faults", "Faulted", "1m")
    file = folder / "faults.yaml"
    file.write_text(file.read_text().replace("status: stable", "status: shadow"))
    plain, tried = (said("diff", folder, folder, recorded, "--format", "json", *more) for more in ((), ("--trial",)))
    assert json.loads(plain.output)["worse"] == []
    assert json.loads(tried.output)["worse"] == ["late-1.log", "late-2.log"]


def test_a_backtest_judges_a_rule_on_trial_and_names_its_version(recorded: Path, tmp_path: Path) -> None:
    folder = rules_in(tmp_path / "rules", "1m")
    text = (folder / "wet.yaml").read_text()
    (folder / "wet.yaml").write_text(text.replace("status: stable", "status: shadow\nversion: 3"))
    (row,) = json.loads(said("backtest", folder, recorded, "--format", "json").output)["rules"]
    assert (row["rule"], row["version"][:2], row["right"], row["noise"]) == ("wet", "3.", 1, 0)


@pytest.mark.parametrize(("healthy", "months", "rate"), [(5, 2.0, 1.5), (4, 2.0, None), (5, 0.9, None)])
def test_noise_has_no_rate_below_five_recordings_or_a_month(healthy: int, months: float, rate: float | None) -> None:
    assert Score(rule="r", version="1", noise=3, healthy=healthy, months=months).noise_per_month == rate


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
