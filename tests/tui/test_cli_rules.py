"""`chargelore rules` from a rule author's chair: test, lint, explain, and sentences where something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chargelore.kb.errors import RuleError, UseError
from chargelore.tui.cli.rules import rules

RULE = """\
id: never-charges
title: A session starts and nothing flows
author: me
source: own
status: stable
signals:
  started: {kind: start}
  charging: {kind: status, status: Charging}
when: {absent: charging, after: started, for: 5m}
symptom: never-leaves-preparing
examples:
  - {name: nothing follows, expect: match, given: [{at: 0s, started: {}}, {at: 10m, signal: {kind: heartbeat}}]}
  - {name: it charges, expect: no match, given: [{at: 0s, started: {}}, {at: 9s, charging: {}}]}
"""
LOG = """\
2024-05-01 12:00:00 [2,"1","StartTransaction",{"connectorId":1,"idTag":"x","meterStart":0}]
2024-05-01 12:30:00 [2,"2","Heartbeat",{}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "never-charges.yaml").write_text(RULE, encoding="utf-8")
    return tmp_path


def said(*arguments: object) -> Result:
    return CliRunner().invoke(rules, [str(each) for each in arguments], standalone_mode=False)


def test_examples_that_do_as_they_say_are_counted(folder: Path) -> None:
    result = said("test", folder, "--format", "table")
    assert (result.output, result.return_value) == ("2 examples of 1 rule, 0 failed\n", 0)


def test_an_example_that_fails_is_named_and_ends_with_one(folder: Path) -> None:
    (folder / "never-charges.yaml").write_text(RULE.replace("for: 5m", "for: 20m"), encoding="utf-8")
    result = said("test", folder, "--format", "table")
    assert "`nothing follows` did not fire, but must" in result.output
    assert result.return_value == 1
    told = json.loads(said("test", folder, "--format", "json").output)
    assert [each["example"] for each in told["failed"]] == ["nothing follows"]


def test_a_rule_that_cannot_be_read_is_told_with_its_line(folder: Path) -> None:
    (folder / "never-charges.yaml").write_text(RULE.replace("for: 5m", "for: ever"), encoding="utf-8")
    error = said("test", folder).exception
    assert isinstance(error, RuleError)
    assert error.where.endswith("never-charges.yaml:9")


def test_lint_says_what_to_mend(folder: Path) -> None:
    (folder / "never-charges.yaml").write_text(RULE.replace("author: me\n", ""), encoding="utf-8")
    told = json.loads(said("lint", folder, "--format", "json").output)
    assert [each["code"] for each in told["issues"]] == ["R03"]


def test_explain_says_why_a_rule_fires_on_a_log(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    log.write_text(LOG, encoding="utf-8")
    told = json.loads(said("explain", "never-charges", log, "--rules", folder, "--format", "json").output)
    assert told["fired"] == 1
    assert told["because"][1].startswith("  2024-05-01 12:05:00+00:00, connector 1: start")
    table = said("explain", "never-charges", log, "--rules", folder, "--format", "table").output
    assert "It fired once." in table


def test_a_rule_that_is_not_there_is_answered_with_the_nearest(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    log.write_text(LOG, encoding="utf-8")
    error = said("explain", "never-charge", log, "--rules", folder).exception
    assert isinstance(error, UseError)
    assert "did you mean never-charges?" in str(error)
