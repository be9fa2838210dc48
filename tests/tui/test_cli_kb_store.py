"""`chargelore kb` on what people recorded: log, blame, at, merge, send, review, same, dispute, revert, rebuild."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chargelore.kb.clock import Stamp
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.events import LONGEST_LINE, Event, event, finding_event, to_line
from chargelore.kb.finding import Finding, StepTaken
from chargelore.kb.load import shipped
from chargelore.kb.model import FaultId, StepId
from chargelore.kb.statement import By, node_event
from chargelore.kb.store import Store
from chargelore.tui.cli.knowing.kb import kb
from chargelore.tui.cli.reporting.report import report

CAUSE, OTHER = (f"cause/{name}" for name in sorted(shipped().causes)[:2])
HOSTILE = "\x1b[2J=1+1"


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(kb, [str(each) for each in arguments], input=stdin, standalone_mode=False)


def said(*arguments: str | Path) -> Any:
    done = run(*arguments, "--format", "json")
    assert done.exception is None, done.exception
    return json.loads(done.output)


def refused(*arguments: str | Path) -> str:
    done = run(*arguments)
    assert isinstance(done.exception, ChargeloreError)
    return str(done.exception)


def finding(number: int = 1, ms: int = 1_770_000_000_000) -> Event:
    told = Finding(case=f"c{number}", fault=FaultId("trip"), cause=CAUSE.partition("/")[2])
    return finding_event(told, stamp=Stamp(ms + number, 0, "far"), author="bob")


def test_a_dispute_a_review_and_its_revert_are_in_the_log_and_in_the_blame() -> None:
    said("dispute", CAUSE, "--reason", HOSTILE)
    verdict = said("review", CAUSE, "--reject", "--replaced-by", OTHER)
    log = said("log", CAUSE)["events"]
    assert {"node", "edge", "dispute", "review"} <= {each["kind"] for each in log}
    fields = {each["field"]: each for each in said("blame", CAUSE)["fields"]}
    assert (fields["status"]["value"], fields["status"]["event"]) == ("deprecated", verdict["event"])
    assert fields["label"]["author"] == "pack:chargelore"
    back = said("revert", verdict["event"], "--reason", "too hasty")
    fields = {each["field"]: each for each in said("blame", CAUSE)["fields"]}
    assert (fields["status"]["value"], fields["status"]["event"]) == ("reviewed", back["event"])


def test_hostile_words_reach_neither_the_terminal_nor_a_spreadsheet() -> None:
    said("dispute", CAUSE, "--reason", HOSTILE)
    for form in ("table", "csv"):
        for command in (("log", CAUSE), ("at", "2099-01-01", CAUSE)):
            assert "\x1b" not in run(*command, "--format", form).output


def test_two_causes_become_one_and_come_apart_for_good() -> None:
    said("same", CAUSE, OTHER)
    assert "same already" in refused("same", OTHER, CAUSE)
    now = {each["what"]: each["value"] for each in said("at", "2099-01-01", CAUSE)["known"]}
    assert now["stands for it"] == OTHER
    said("unmerge", CAUSE)
    now = {each["what"]: each["value"] for each in said("at", "2099-01-01", CAUSE)["known"]}
    assert now["stands for it"] == CAUSE
    assert "never merged" in refused("unmerge", CAUSE)


def test_the_state_of_an_earlier_day_is_shown(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        store.merge(
            [finding(), node_event("cause/mouse", "A mouse", {}, By("bob", Stamp(1_780_000_000_000, 0, "far")))]
        )
    counts = {each["what"]: each["value"] for each in said("at", "2026-03-01", "--db", tmp_path / "a.db")["known"]}
    assert (counts["findings"], counts["nodes added"]) == (1, 0)
    counts = {each["what"]: each["value"] for each in said("at", "2026-07-01", "--db", tmp_path / "a.db")["known"]}
    assert (counts["findings"], counts["nodes added"]) == (1, 1)
    assert run("at", "2026-03-01", "cause/mouse", "--db", tmp_path / "a.db").return_value == 1


def test_what_is_sent_can_be_merged_as_lines_as_a_store_and_twice(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        store.merge([finding(n) for n in range(3)])
    assert run("send", tmp_path / "a.jsonl", "--db", tmp_path / "a.db").exception is None
    assert said("merge", tmp_path / "a.jsonl", "--db", tmp_path / "b.db") == {"read": 3, "new": 3}
    assert said("merge", tmp_path / "a.jsonl", tmp_path / "a.db", "--db", tmp_path / "b.db") == {"read": 6, "new": 0}
    lines = (tmp_path / "a.jsonl").read_bytes()
    assert "3 of 3" in run("merge", "-", "--db", tmp_path / "c.db", "--format", "table", stdin=lines).output
    with Store.open(tmp_path / "a.db") as here, Store.open(tmp_path / "b.db") as there:
        assert here.events() == there.events()
        assert here.projection().digest() == there.projection().digest()


def ahead() -> str:
    far = datetime.now(UTC) + timedelta(days=365)
    return to_line(event("note", "s", {}, stamp=Stamp(int(far.timestamp() * 1000), 0, "r"), author="a"))


BAD: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "a clock a year ahead": (ahead, "future"),
    "a changed event": (lambda: to_line(finding(7)).replace('"c7"', '"c8"'), "changed after it was written"),
    "the same id with other content": (
        lambda: to_line(finding(7)) + "\n" + to_line(finding(7)).replace("bob", "eve"), "changed after it was written",
    ),
    "a huge line": (lambda: '{"id": "' + "x" * (LONGEST_LINE + 10), "longer than"),
    "a NUL": (lambda: to_line(finding(7)).replace("bob", "b\\u0000b"), "no store can keep"),
    "a bare NUL byte": (lambda: "\0\0\0", "no event"),
    "no UTF-8": (lambda: b"\xff\xfe{}", "no UTF-8"),
    "no JSON": (lambda: "hello", "no event"),
    "a list": (lambda: "[]", "no event"),
    "deep nesting": (lambda: "[" * 100_000, "no event"),
    "a wrong time": (lambda: to_line(finding(7)).replace('"hlc":"', '"hlc":"x'), "time stamp"),
    "a huge version": (lambda: to_line(finding(7)).replace('"v":2', '"v":99999999999999999999'), "version"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_one_bad_line_and_nothing_of_the_file_is_taken(tmp_path: Path, name: str) -> None:
    make, says = BAD[name]
    bad, place, file = make(), tmp_path / "a.db", tmp_path / "in.jsonl"
    with Store.open(place) as store:
        store.merge([finding(1)])
        before = store.events()
    file.write_bytes(to_line(finding(2)).encode() + b"\n" + (bad if isinstance(bad, bytes) else bad.encode()) + b"\n")
    complaint = refused("merge", file, "--db", place)
    assert says in complaint
    assert complaint.startswith((f"{file}:2", f"{file}:3"))
    with Store.open(place) as store:
        assert store.events() == before


def test_a_finding_that_cannot_be_one_is_taken_in_and_told(tmp_path: Path) -> None:
    stamp, known = Stamp(1_770_000_000_000, 0, "far"), shipped()
    cause, name = sorted(known.causes)[0], sorted(known.evidence)[0]
    strange = Finding(
        case="c",
        fault=FaultId("trip"),
        cause=cause,
        steps=(StepTaken(id=StepId("dance"), worked=True),),
        evidence={name: "banana"},
    )
    broken = event("finding", "c", {"case": "c", "fault": "trip", "minutes": -3}, stamp=stamp, author="bob")
    (tmp_path / "in.jsonl").write_text(
        "\n".join(map(to_line, [finding(1), broken, finding_event(strange, stamp=stamp, author="bob")]))
    )
    done = run("merge", tmp_path / "in.jsonl")
    assert done.return_value == 1
    assert f"{broken.id} counts for nothing" in done.stderr
    assert f"step dance, answer banana to {name}" in done.stderr
    assert json.loads(done.stdout)["new"] == 3


def test_a_node_merged_into_itself_has_no_effect_and_cannot_be_said(tmp_path: Path) -> None:
    assert "same already" in refused("same", CAUSE, CAUSE)
    own = event("merge", CAUSE, {"into": CAUSE}, stamp=Stamp(1_770_000_000_000, 0, "r"), author="a")
    (tmp_path / "in.jsonl").write_text(to_line(own))
    said("merge", tmp_path / "in.jsonl")
    with Store.open() as store:
        assert not store.projection().aliases


def test_a_store_with_damaged_events_is_not_merged(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415  # only here: to spoil a file

    with Store.open(tmp_path / "a.db") as store:
        store.merge([finding(1), finding(2)])
    raw = sqlite3.connect(tmp_path / "a.db")
    raw.execute("UPDATE event SET author = 'eve' WHERE id = ?", (finding(1).id,))
    raw.commit()
    raw.close()
    assert "changed after" in refused("merge", tmp_path / "a.db", "--db", tmp_path / "b.db")
    assert run("rebuild", "--db", tmp_path / "a.db").return_value == 1
    assert "left out 1 event changed" in run("log", CAUSE, "--db", tmp_path / "a.db").stderr
    for name in ("ball", "metrics"):
        told = CliRunner().invoke(report, [name, "--db", str(tmp_path / "a.db")], standalone_mode=False)
        assert "left out 1 event changed" in told.stderr


def test_only_reviewers_review_and_only_owners_grant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open() as store:
        store.record_gap("E 7", {})
    monkeypatch.setenv("CHARGELORE_AUTHOR", "rita")
    with Store.open() as store:
        rita = store.author
    for command in (("review", CAUSE, "--accept"), ("same", CAUSE, OTHER), ("grant", rita, "owner")):
        assert "of this store may do that" in refused(*command)
    monkeypatch.delenv("CHARGELORE_AUTHOR")
    said("grant", rita, "reviewer")
    monkeypatch.setenv("CHARGELORE_AUTHOR", "rita")
    said("review", CAUSE, "--accept")
    assert "of this store may do that" in refused("grant", rita, "owner")


def test_a_review_says_one_thing() -> None:
    assert "both stand" in refused("review", CAUSE, "--accept", "--reject")
    assert "say what you find" in refused("review", CAUSE)


@pytest.mark.parametrize("person", ["nobody", "", "TNVO5KSLS6MBPSGZ", "tnvo5ksls6mbpsgz2"])
def test_a_role_is_granted_to_a_pseudonym_as_the_log_shows_it(person: str) -> None:
    assert "kb log" in refused("grant", person, "reviewer")
    said("grant", "tnvo5ksls6mbpsgz", "reviewer")


def test_a_source_without_events_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n \n")
    told = refused("merge", tmp_path / "empty.jsonl")
    assert "empty.jsonl: nothing was in it" in told
    assert "kb send" in told


def test_what_nobody_made_is_not_judged_and_the_nearest_is_named() -> None:
    assert CAUSE in refused("dispute", f"{CAUSE}x")
    assert "no event" in refused("revert", "nothing")
    assert "kinds" in refused("same", CAUSE, f"fault/{next(iter(shipped().faults))}")
    assert "no date" in refused("at", "yesterday")
    assert "--accept" in refused("review", CAUSE)
    assert run("log", "cause/nobody").return_value == 1


def test_the_tables_are_made_anew_with_the_shipped_knowledge() -> None:
    counts = said("rebuild")
    assert counts["nodes"] >= len(shipped().causes) + len(shipped().faults)
    assert (counts["damaged"], said("rebuild")["digest"]) == (0, counts["digest"])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in refused("merge", tmp_path / "none.jsonl")
    assert "cannot be written" in refused("send", tmp_path / "no" / "out.jsonl")


NAMES = "log blame at revert merge send rebuild review same unmerge dispute grant".split()  # noqa: SIM905  # words read better in a row


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_an_example(name: str) -> None:
    assert f"Example: chargelore kb {name}" in " ".join(run(name, "--help").output.split())


@pytest.mark.parametrize("guard", ["isolate-and-prove-dead", "take-out-of-service", "isolate-and-discharge"])
def test_what_makes_safe_is_not_rejected_with_nothing_as_safe_in_its_place(guard: str) -> None:
    assert "makes safe before" in refused("review", f"step/{guard}", "--reject")
    assert "nothing would take its place" in refused(
        "review", f"step/{guard}", "--reject", "--replaced-by", "step/look-into-plug"
    )
    assert "makes safe before" in refused("same", f"step/{guard}", "step/look-into-plug")
