"""A case that nobody can solve goes to its maker; the answer closes all like it, and the next one is solved at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from escalations import CARD, SERIAL, log
from shell import chargelore

NEW = ("--new-cause", "Relay driver sticks after a brown-out", "--resolution", "firmware 5.8.2")
WHO = ("--said-by", "support desk", "--source", "ticket 99")


def triaged(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = chargelore("triage", file, "--format", "json").json["cases"][0]
    return found


def standing() -> dict[str, str]:
    listed = chargelore("answer", "--format", "json").json["escalated"]
    return {each["case"]: each["state"] for each in listed}


def test_an_escalated_case_is_answered_and_the_next_identical_one_is_solved_at_once(tmp_path: Path) -> None:
    first, second, other = log(tmp_path, "CP-77"), log(tmp_path, "CP-78", hour=11), log(tmp_path, "CP-79", "0x0BAD")
    before = triaged(first)
    for name, file in (("a", first), ("b", second), ("c", other)):
        said = chargelore("escalate", file, "-o", tmp_path / f"{name}.zip", "--format", "json")
        assert said.code == 0, said.err
        assert said.json["escalated"][0]["recorded"] is True
    assert standing() == {"CP-77-1": "open", "CP-78-1": "open", "CP-79-1": "open"}

    answered = chargelore("answer", "CP-77-1", *NEW, *WHO, "--format", "json")
    assert answered.code == 0, answered.err
    assert sorted(answered.json["closed"]) == ["CP-77-1", "CP-78-1"]
    assert standing() == {"CP-77-1": "answered", "CP-78-1": "answered", "CP-79-1": "open"}

    after = triaged(log(tmp_path, "CP-80", hour=12))
    assert after["verdict"] == "diagnosed"
    top = after["hypotheses"][0]
    assert top["cause_label"] == "Relay driver sticks after a brown-out"
    assert top["cause"] not in {each["cause"] for each in before["hypotheses"]}
    assert 0.8 < top["probability"] <= 0.97
    assert any(each["backed_by"].startswith("support desk, ticket 99") for each in top["because"])
    assert [each["resolution"] for each in after["maker_said"]] == ["firmware 5.8.2"]
    assert "maker_said" not in triaged(other)


def test_an_answer_that_is_taken_back_counts_no_more_and_the_case_is_open_again(tmp_path: Path) -> None:
    file = log(tmp_path)
    first = triaged(file)["hypotheses"][0]["cause"]
    chargelore("escalate", file, "-o", tmp_path / "a.md")
    event = chargelore("answer", "CP-77-1", *NEW, "--format", "json").json["event"]
    assert chargelore("kb", "revert", event).code == 0
    assert standing() == {"CP-77-1": "open"}
    assert triaged(file)["hypotheses"][0]["cause"] == first
    assert "maker_said" not in triaged(file)


def test_the_maker_has_the_ball_until_it_answers(tmp_path: Path) -> None:
    chargelore("escalate", log(tmp_path), "-o", tmp_path / "a.zip")
    chargelore("answer", "CP-77-1", *NEW)
    sent = [json.loads(line) for line in chargelore("kb", "send").out.splitlines()]
    hands = [each["body"] for each in sorted(sent, key=lambda one: one["hlc"]) if each["kind"] == "handed"]
    assert [each["to"] for each in hands] == ["evse-oem", "cso"]


def test_an_answer_that_comes_from_another_store_closes_the_case_here(tmp_path: Path, monkeypatch: Any) -> None:
    file = log(tmp_path)
    chargelore("escalate", file, "-o", tmp_path / "a.zip")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("CHARGELORE_HOME", str(tmp_path / "elsewhere"))
        assert chargelore("answer", file, *NEW).code == 0
        sent = chargelore("kb", "send").out
    (tmp_path / "sent.jsonl").write_text(sent, encoding="utf-8")
    assert chargelore("kb", "merge", tmp_path / "sent.jsonl").code == 0
    assert standing() == {"CP-77-1": "answered"}


def test_nobody_is_named_in_what_leaves_the_house(tmp_path: Path) -> None:
    chargelore("escalate", log(tmp_path), "-o", tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    for each in folder.iterdir():
        text = each.read_text(encoding="utf-8")
        assert not [secret for secret in (CARD, SERIAL, "CP-77") if secret in text], each.name


def test_a_case_that_a_watch_captured_can_be_escalated_by_its_name(tmp_path: Path) -> None:
    text = log(tmp_path).read_bytes()
    assert chargelore("watch", "--follow", "-", "--charger", "CP-77", stdin=text).code in (0, 1)
    said = chargelore("escalate", "CP-77-1", "--format", "json")
    assert said.code == 0, said.err
    assert said.json["charger"]["vendor"] == "Alfen"
    assert said.json["question"]["about"] == "0x7F3A"
    assert "CP-77" not in said.out
