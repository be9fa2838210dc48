"""`chargelore rules` from a rule author's chair: test, lint, explain, and sentences where something is wrong."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shell import chargelore

from chargelore.engine.grammar.rule import load_rules
from chargelore.kb.errors import RuleError, UseError
from chargelore.kb.finding import Finding
from chargelore.kb.model import FaultId
from chargelore.kb.store import Store
from chargelore.tui.cli.ruling.rules import rules

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


def linted(folder: Path, *more: object) -> list[tuple[str, str]]:
    told = json.loads(said("lint", folder, "--format", "json", *more).stdout)
    return [(each["code"], each["fix"]) for each in told["issues"]]


def test_a_draft_without_a_day_is_told_and_mended_and_grows_old(folder: Path) -> None:
    file = folder / "never-charges.yaml"
    file.write_text(RULE.replace("status: stable", "status: draft"), encoding="utf-8")
    assert [code for code, _ in linted(folder)] == ["R52"]
    assert linted(folder, "--fix", "--today", "2026-05-04") == []
    assert "since: 2026-05-04\nstatus: draft\n" in file.read_text(encoding="utf-8")
    assert [code for code, _ in linted(folder, "--today", "2026-09-04")] == ["R50"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_fix_leaves_the_ends_of_all_lines_as_they_are(folder: Path, end: bytes) -> None:
    file = folder / "never-charges.yaml"
    before = RULE.replace("status: stable", "status: draft").encode().replace(b"\n", end)
    file.write_bytes(before)
    linted(folder, "--fix", "--today", "2026-05-04")
    assert file.read_bytes() == before.replace(b"status:", b"since: 2026-05-04" + end + b"status:", 1)


def test_a_trial_that_brought_no_verdict_is_told_until_the_store_knows_five(folder: Path) -> None:
    file = folder / "never-charges.yaml"
    file.write_text(RULE.replace("status: stable", "status: shadow\nsince: 2026-01-01"), encoding="utf-8")
    assert [code for code, _ in linted(folder, "--today", "2026-08-01")] == ["R51"]
    made = load_rules(folder).signal_rules[0]
    with Store.open() as store:
        for number in range(5):
            blind = {f"{made.id}@{made.version}": "right"}
            store.record_finding(Finding(case=f"c{number}", fault=FaultId("f"), cause="c", blind=blind))
    assert linted(folder, "--today", "2026-08-01") == []


def changed(folder: Path, *changes: tuple[str, str]) -> None:
    text = RULE
    for old, new in changes:
        text = text.replace(old, new)
    (folder / "never-charges.yaml").write_text(text, encoding="utf-8")


NEW_VERSION = ("status: stable", "status: stable\nversion: 2")
OTHERWISE, IN_OTHER_WORDS = ("for: 5m", "for: 4m"), ("title: A session", "title: One session")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ((), []),
        ((IN_OTHER_WORDS,), []),
        ((OTHERWISE,), ["R54"]),
        ((OTHERWISE, NEW_VERSION), []),
        ((NEW_VERSION,), ["R55"]),
    ],
)
@pytest.mark.parametrize("is_git", [True, False], ids=["revision", "folder"])
def test_a_rule_that_decides_otherwise_must_have_another_version(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], codes: list[str], is_git: bool
) -> None:
    here, before = tmp_path / "repo" / "rules", tmp_path / "before"
    for each in (here, before):
        each.mkdir(parents=True)
        changed(each)
    if is_git:
        in_git(here.parent)
    changed(here, *changes)
    assert [code for code, _ in linted(here, "--against", "HEAD" if is_git else before)] == codes


def in_git(folder: Path) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "rules")):
        subprocess.run(["git", "-C", str(folder), *words], check=True)


def test_a_stable_rule_that_is_gone_is_told_with_the_place_where_it_stood(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    changed(folder)
    (folder / "other.yaml").write_text(RULE.replace("never-charges", "other").replace("5m}", "7m}"), encoding="utf-8")
    in_git(tmp_path)
    (folder / "other.yaml").unlink()
    told = json.loads(said("lint", folder, "--format", "json", "--against", "HEAD").stdout)["issues"]
    assert [(each["code"], each["place"]) for each in told] == [("R56", f"{folder / 'other.yaml'}:1")]


def test_every_broken_file_is_told_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("id: [")
    for command in ("test", "lint"):
        said = chargelore("rules", command, str(tmp_path))
        assert said.code == 2
        assert "one.yaml" in said.err
        assert "two.yaml" in said.err
