"""`chargelore escalate` and `answer`: places, previews, and a sentence for everything that cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from escalations import log
from escalations import ran as chargelore
from shell import Said
from site_log import boot, site_log, trips

from chargelore.kb.errors import StoreError
from chargelore.kb.store import Store

HEALTHY = '2031-05-01 10:00:00,000 INFO ocpp CP-1: received [2,"1","Heartbeat",{}]\n'
CAUSE = ("--new-cause", "Relay driver sticks")


def escalated(tmp_path: Path, **more: Any) -> Path:
    file = log(tmp_path, **more)
    assert chargelore("escalate", file, "-o", tmp_path / "packet.zip").code == 0
    return file


def listed() -> Any:
    return chargelore("answer", "--format", "json").json["escalated"]


def refused(said: Said, *words: str) -> None:
    """One sentence, exit 2, and nothing kept of it."""
    assert said.code == 2, said.out + said.err
    assert "Traceback" not in said.err
    for each in words:
        assert each in said.err


def test_a_preview_is_the_page_and_keeps_nothing(tmp_path: Path) -> None:
    said = chargelore("escalate", log(tmp_path), "--format", "table")
    assert said.code == 0
    assert said.out.startswith("# Escalation ")
    assert listed() == []


def test_making_safe_is_no_step_that_is_still_worth_its_minutes(tmp_path: Path) -> None:
    file = tmp_path / "trips.log"
    file.write_text(site_log([boot(0), *trips(600)]))
    worth = chargelore("escalate", file, "--format", "json").json["worth_it"]
    assert worth
    assert not any("out of service" in each or "lock off" in each for each in worth)


def test_what_nobody_at_hand_may_do_is_no_step_that_is_still_worth_its_minutes(tmp_path: Path) -> None:
    file = tmp_path / "trips.log"
    file.write_text(site_log([boot(0), *trips(600)]))
    worth = chargelore("escalate", file, "--format", "json").json["worth_it"]
    alone = chargelore("escalate", file, "--access", "remote", "--format", "json").json["worth_it"]
    assert any("plug and socket" in each for each in worth)
    assert not any("plug and socket" in each for each in alone)


def test_it_is_read_from_stdin_and_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    said = chargelore("escalate", "-", "--record", "--format", "json", stdin=log(tmp_path).read_bytes())
    assert said.json["question"]["kind"] == "code"
    assert [each["state"] for each in listed()] == ["open"]


@pytest.mark.parametrize("name", ["a.md", "a.json", "a.zip", "folder"])
def test_each_place_gets_its_form(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    said = chargelore("escalate", log(tmp_path), "-o", out, "--no-record", "--format", "json")
    assert said.code == 0, said.err
    made = Path(said.json["escalated"][0]["file"])
    assert made.exists()
    assert listed() == []
    if name == "folder":
        assert sorted(each.name for each in made.iterdir()) == [
            "SHA256SUMS", "packet.json", "packet.md", "signals.jsonl",
        ]  # fmt: skip
    if name == "a.json":
        assert json.loads(made.read_text(encoding="utf-8"))["tlp"] == "AMBER"


def test_a_log_without_trouble_has_nothing_to_escalate(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(HEALTHY, encoding="utf-8")
    assert chargelore("escalate", tmp_path / "a.log", "-o", tmp_path / "a.zip").code == 1
    assert not (tmp_path / "a.zip").exists()


def test_several_cases_need_a_choice_or_a_folder(tmp_path: Path) -> None:
    both = tmp_path / "both.log"
    both.write_text(log(tmp_path, "CP-1").read_text() + log(tmp_path, "CP-2").read_text(), encoding="utf-8")
    refused(chargelore("escalate", both, "-o", tmp_path / "a.zip"), "2 cases", "--case")
    assert chargelore("escalate", both, "--case", "CP-2-1", "-o", tmp_path / "a.zip").code == 0
    refused(chargelore("escalate", both, "--case", "CP-9-1"), "CP-9-1 is no case of this log", "CP-1-1")
    said = chargelore("escalate", both, "-o", tmp_path / "all", "--format", "json")
    assert len(said.json["escalated"]) == len(list((tmp_path / "all").iterdir())) == 2


def test_the_same_case_is_kept_as_escalated_once_until_it_is_answered(tmp_path: Path) -> None:
    file = escalated(tmp_path)
    again = chargelore("escalate", file, "-o", tmp_path / "b.zip", "--format", "json")
    assert again.json["escalated"][0]["recorded"] is False
    assert "was escalated before" in again.err
    assert (tmp_path / "b.zip").read_bytes() == (tmp_path / "packet.zip").read_bytes()
    assert len(listed()) == 1


def test_a_case_that_is_over_is_not_escalated_until_that_is_taken_back(tmp_path: Path) -> None:
    file, packet = log(tmp_path), tmp_path / "packet.zip"
    case = chargelore("triage", file, "--format", "json").json["cases"][0]["case"]
    over = chargelore("finding", case, "--log", file, "--fixed-by", "a new board was put in", "--format", "json").json
    refused(chargelore("escalate", file, "-o", packet), "is over since", "kb revert")
    assert not packet.exists()
    assert listed() == []
    assert chargelore("escalate", file, "-o", packet, "--no-record").code == 0
    assert chargelore("kb", "revert", over["event"]).code == 0
    assert chargelore("escalate", file, "-o", packet).code == 0
    assert [each["state"] for each in listed()] == ["open"]


def test_a_packet_is_written_where_no_store_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("CHARGELORE_HOME", str(tmp_path / "home"))
    said = chargelore("escalate", log(tmp_path), "-o", tmp_path / "a.md")
    assert said.code == 0, said.err
    assert "not kept" in said.err
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("# Escalation ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("CP-9-1",), ("neither a file nor a case",)),
        (("LOG", "-o", "x.docx"), (".zip, .md or .json",)),
        (("LOG", "-o", "no/such/place.zip"), ("cannot be written",)),
        (("LOG", "--tried", "dance"), ("dance is no step",)),
        (("LOG", "--tlp", "purple"), ("purple",)),
    ],
)
def test_what_cannot_be_escalated_is_a_sentence(
    arguments: tuple[str, ...], words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = log(tmp_path)
    monkeypatch.chdir(tmp_path)
    refused(chargelore("escalate", *[str(file) if each == "LOG" else each for each in arguments]), *words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("CP-9-1", *CAUSE), ("CP-9-1", "never seen here")),
        (("CP-77-1",), ("names one cause",)),
        (("CP-77-1", *CAUSE, "--cause", "x"), ("names one cause",)),
        (("CP-77-1", "--new-cause", "  "), ("says nothing",)),
        (("CP-77-1", "--new-cause", "?!"), ("says nothing",)),
        (("CP-77-1", "--cause", "no-such-cause"), ("is no cause of this knowledge base",)),
        (("CP-77-1", *CAUSE, "--fault", "no-such-fault"), ("no-such-fault is no fault",)),
        (("CP-77-1", *CAUSE, "--said-at", "2199-01-01"), ("2199-01-01 has not come yet",)),
        (("CP-77-1", *CAUSE, "--said-at", "soon"), ("is no day",)),
        (("CP-77-1", *CAUSE, "--firmware", "all"), ("is no range of firmware",)),
        (("CP-77-1", *CAUSE, "--vendor", "Other"), ("own charger is not among those",)),
    ],
)
def test_an_answer_that_cannot_be_kept_is_a_sentence(
    arguments: tuple[str, ...], words: tuple[str, ...], tmp_path: Path
) -> None:
    escalated(tmp_path)
    refused(chargelore("answer", *arguments), *words)
    assert [each["state"] for each in listed()] == ["open"]
    assert '"kind":"node"' not in chargelore("kb", "send").out


def test_an_answer_whose_consequences_cannot_be_kept_is_not_kept_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    escalated(tmp_path)
    before = standing_events()

    def fails(*_: object) -> None:
        raise StoreError("the disk is full", where="store", mend="make room")

    monkeypatch.setattr("chargelore.tui.cli.troubles.answer._handed_back", fails)
    [case] = [each["case"] for each in listed()]
    said = chargelore("answer", case, *CAUSE)
    assert said.code != 0
    assert "the disk is full" in said.err
    assert standing_events() == before


def standing_events() -> list[str]:
    with Store.open() as store:
        return [each.id for each in store.events()]


def test_new_causes_in_other_letters_are_causes_of_their_own(tmp_path: Path) -> None:
    escalated(tmp_path)
    named = [
        chargelore("answer", "CP-77-1", "--new-cause", each, "--beside", "--format", "json").json["cause"]
        for each in ("Реле залипает", "Кабель оборван", "继电器粘连")
    ]
    assert len(set(named)) == 3


def test_a_second_answer_that_differs_is_refused_until_it_may_stand_beside(tmp_path: Path) -> None:
    escalated(tmp_path)
    first = chargelore("answer", "CP-77-1", *CAUSE, "--said-by", "desk", "--format", "json").json["event"]
    other = ("--new-cause", "Meter cable is loose")
    refused(chargelore("answer", "CP-77-1", *other), "desk answered this signature", first, "--beside")
    assert chargelore("answer", "CP-77-1", *other, "--beside").code == 0
    (row,) = listed()
    assert set(row["answer"].split("; ")) == {"Relay driver sticks", "Meter cable is loose"}


def test_the_same_answer_again_is_kept_once(tmp_path: Path) -> None:
    escalated(tmp_path)
    assert chargelore("answer", "CP-77-1", *CAUSE, "--format", "json").json["is_new"] is True
    again = chargelore("answer", "CP-77-1", *CAUSE, "--format", "json")
    assert (again.code, again.json["is_new"]) == (0, False)
    assert chargelore("kb", "send").out.count('"kind":"answered"') == 1


def test_a_case_can_be_named_by_the_reference_that_its_maker_quotes(tmp_path: Path) -> None:
    escalated(tmp_path)
    assert chargelore("answer", listed()[0]["reference"], *CAUSE).code == 0
    assert [each["state"] for each in listed()] == ["answered"]


def test_two_troubles_of_one_name_are_told_apart_by_their_reference(tmp_path: Path) -> None:
    escalated(tmp_path)
    escalated(tmp_path, code="0x0BAD", hour=13)
    refused(chargelore("answer", "CP-77-1", *CAUSE), "several troubles", listed()[0]["reference"])


def test_a_charger_that_does_not_say_who_it_is_needs_a_maker_in_its_answer(tmp_path: Path) -> None:
    text = log(tmp_path).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "a.log").write_text("".join(text[1:]), encoding="utf-8")
    refused(chargelore("answer", tmp_path / "a.log", *CAUSE), "nobody knows whose charger", "--vendor")


def test_what_names_somebody_in_an_answer_is_kept_as_a_pseudonym(tmp_path: Path) -> None:
    escalated(tmp_path)
    chargelore("answer", "CP-77-1", *CAUSE, "--said-by", "jo.canary@example.org", "--source", "call +49 170 9876543")
    assert "canary" not in chargelore("kb", "send").out
    assert "9876543" not in chargelore("kb", "send").out


def test_a_step_that_the_maker_names_is_what_to_do_next_time(tmp_path: Path) -> None:
    file = escalated(tmp_path)
    chargelore("answer", "CP-77-1", *CAUSE, "--source", "ticket 7", "--resolution", "update-charger-firmware")
    found = chargelore("triage", file, "--format", "json").json["cases"][0]
    assert found["next"][0]["step"] == "update-charger-firmware"


@pytest.mark.parametrize(
    ("words", "steps"),
    [
        ("Swap the IMD board", ["take-out-of-service", "isolate-and-prove-dead", "maker-says-swap-the-imd-board-"]),
        ("firmware 5.8.2", ["maker-says-firmware-5-8-2-"]),
    ],
)
def test_what_the_maker_says_in_words_is_planned_next_time_and_is_safe_first(
    tmp_path: Path, words: str, steps: list[str]
) -> None:
    file = escalated(tmp_path)
    chargelore("answer", "CP-77-1", *CAUSE, "--source", "ticket 7", "--resolution", words)
    visit = chargelore("triage", file, "--format", "json").json["cases"][0]["visit"]
    planned = [each for stop in visit["stops"] for each in stop["steps"]]
    assert len(planned) == len(steps)
    assert all(each["step"].startswith(name) for each, name in zip(planned, steps, strict=True))
    assert planned[-1]["label"] == words
    assert planned[-1]["cures"] > 0.4


def test_triage_says_in_its_table_what_the_maker_answered(tmp_path: Path) -> None:
    file = escalated(tmp_path)
    chargelore("answer", "CP-77-1", *CAUSE, "--said-by", "desk", "--said-at", "2026-01-02")
    said = chargelore("triage", file, "--format", "table")
    assert "MAKER: answered such a case before: Relay driver sticks (desk, 2026-01-02)" in said.out


def test_what_was_escalated_and_how_it_stands_fit_80_columns(tmp_path: Path) -> None:
    file = log(tmp_path)
    written = chargelore("escalate", file, "-o", tmp_path / "packet.zip", "--format", "table").out
    chargelore("answer", file, *CAUSE, "--said-by", "the desk of the maker in the north " * 5)
    stands = chargelore("answer", "--format", "table").out
    for each in (written, stands):
        assert max(len(line) for line in each.splitlines() if not line.startswith("  file: ")) <= 80
    assert "  question: " in written
    assert "  state: answered" in stands


def test_the_path_of_a_packet_stands_whole_on_a_line_so_that_it_can_be_copied(tmp_path: Path) -> None:
    out = tmp_path / ("a folder with a long name " * 5) / "packet.md"
    out.parent.mkdir()
    said = chargelore("escalate", log(tmp_path), "-o", out, "--format", "table")
    assert f"  file: {out}" in said.out.splitlines()
