"""`chargelore kb`: a reviewer's findings end in exit 1, clean knowledge in 0, a broken file in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from chargelore.kb.errors import KnowledgeError
from chargelore.kb.model import EvidenceId
from chargelore.kb.signalfamilies import SignalFamily
from chargelore.tui.cli.knowing.kb import kb

FAULT = """\
sources: [{id: own, title: Own, licence: Apache-2.0}]
faults:
  - {id: trip, label: Trips, domain: safety, definition: It trips., responsible: [cso]}
"""


def folder(tmp_path: Path, text: str) -> str:
    (tmp_path / "all.yaml").write_text(text)
    return str(tmp_path)


def test_findings_are_printed_with_their_fix_and_exit_with_one(tmp_path: Path) -> None:
    done = CliRunner().invoke(kb, ["check", folder(tmp_path, FAULT), "--format", "json"], standalone_mode=False)
    assert done.return_value == 1
    told = [(issue["code"], issue["subject"]) for issue in json.loads(done.output)["issues"]]
    assert told == [("K17", "trip"), ("K32", "trip")]


def test_a_person_gets_a_table(tmp_path: Path) -> None:
    done = CliRunner().invoke(kb, ["check", folder(tmp_path, FAULT), "--format", "table"], standalone_mode=False)
    assert "K17" in done.output
    assert "has no cause" in done.output


def test_knowledge_without_findings_says_so_and_exits_with_nought(tmp_path: Path) -> None:
    done = CliRunner().invoke(kb, ["check", folder(tmp_path, ""), "--format", "table"], standalone_mode=False)
    assert (done.return_value, done.output.strip()) == (0, "no findings")


def test_a_broken_file_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"all\.yaml:3"):
        CliRunner().invoke(
            kb,
            ["check", folder(tmp_path, FAULT.replace("safety", "magic"))],
            standalone_mode=False,
            catch_exceptions=False,
        )


def test_stats_count_what_is_shipped() -> None:
    counts = json.loads(CliRunner().invoke(kb, ["stats", "--format", "json"], standalone_mode=False).output)
    assert counts["faults"] >= 125
    assert counts["makers and platforms"] >= 40
    assert counts["vendor codes"] >= 1_000


def test_a_signal_family_that_names_what_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = SignalFamily(id="lost", label="Lost", ask="?", evidence=(EvidenceId("nowhere"),))
    monkeypatch.setattr("chargelore.tui.cli.knowing.kb.signal_families", lambda: (lost, lost))
    done = CliRunner().invoke(kb, ["check", "--format", "json"], standalone_mode=False)
    assert done.return_value == 1
    told = json.loads(done.output)["issues"]
    assert {(each["code"], each["subject"]) for each in told} == {("K115", "lost")}
    assert any("nowhere" in each["what"] for each in told)


def test_every_check_is_listed_with_what_it_tells() -> None:
    done = CliRunner().invoke(kb, ["check", "--list", "--format", "json"], standalone_mode=False)
    checks = json.loads(done.output)["checks"]
    assert len(checks) >= 30
    assert all(each["code"].startswith("K") and each["tells"] for each in checks)
