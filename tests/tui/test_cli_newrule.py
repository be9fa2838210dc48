"""`rules new` from the chair of whoever has a few confirmed cases: a draft, or a reasoned refusal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cases import VEHICLE, WET, charges, log_of, recorded, trips, usual
from click.testing import CliRunner, Result

from chargelore.engine.grammar.rule import SHIPPED
from chargelore.kb.errors import ChargeloreError, InputError, UseError
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.model import CauseId, FaultId
from chargelore.kb.store import Store
from chargelore.tui.cli.ruling.rules import rules
from chargelore.tui.cli.ruling.spread import spread


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return usual(tmp_path / "recorded")


def said(*arguments: object) -> Result:
    return CliRunner().invoke(rules, ["new", *map(str, arguments)], standalone_mode=False)


def refused(*arguments: object) -> ChargeloreError:
    error = said(*arguments).exception
    assert isinstance(error, ChargeloreError)
    return error


def test_a_folder_with_confirmed_causes_is_enough_for_a_draft(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "drafts" / "wet-trip.yaml"
    out.parent.mkdir()
    done = said("--from", folder, "--cause", WET, "--out", out, "--format", "json")
    told = json.loads(done.output)
    assert (done.return_value, told["drafted"], told["rule"], told["file"]) == (0, True, "wet-trip", str(out))
    assert told["caught"] == [f"wet-{n}.log" for n in range(4)]
    assert told["held_out"]["caught"] == told["caught"]
    assert (told["missed"], told["strangers"], told["weak"]) == ([], [], False)
    assert out.read_text(encoding="utf-8") == told["yaml"]
    tested = CliRunner().invoke(rules, ["test", str(out.parent), "--format", "json"], standalone_mode=False)
    assert (tested.return_value, json.loads(tested.output)["failed"]) == (0, [])
    linted = CliRunner().invoke(rules, ["lint", str(out.parent), "--least", "error"], standalone_mode=False)
    assert linted.return_value == 0


def test_which_healthy_sessions_were_compared_is_told(folder: Path) -> None:
    told = said("--from", folder / "wet-0.log", folder / "wet-1.log", "--format", "table").output
    assert "confirmed.csv: good-0.log, good-1.log, good-2.log, good-3.log" in told


def test_without_a_healthy_session_nothing_is_drafted(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "ill", {"wet.log": (trips(9), WET)})
    assert "no healthy session" in refused("--from", folder).what


def test_cases_that_are_like_the_healthy_end_in_one_with_the_closest(tmp_path: Path) -> None:
    files = {f"wet-{n}.log": (trips(9 + n), WET) for n in range(3)} | {"same.log": (trips(10), "healthy")}
    done = said("--from", recorded(tmp_path / "same", files), "--format", "table")
    assert done.return_value == 1
    assert "No draft" in done.output
    assert "catches wet-0.log, wet-1.log, wet-2.log, and fires on same.log too" in done.output


def test_a_log_that_nobody_confirmed_needs_a_cause(tmp_path: Path) -> None:
    lone, good = tmp_path / "lone.log", tmp_path / "good.log"
    lone.write_text(log_of(trips(9)))
    good.write_text(log_of(charges(900)))
    assert "add --cause" in refused("--from", lone, "--healthy", good).mend
    told = json.loads(said("--from", lone, "--healthy", good, "--cause", WET, "--format", "json").output)
    assert (told["drafted"], told["weak"]) == (True, True)


def test_several_causes_are_named_so_that_one_can_be_chosen(folder: Path) -> None:
    error = refused("--from", folder)
    assert isinstance(error, UseError)
    assert VEHICLE in error.mend
    assert WET in error.mend


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--cause", "bad-luck"], "bad-luck is no cause"),
        (["--cause", "water-in-coupler", "--out", "Not A Rule.txt"], "is no name of a rule"),
        (["--cause", "terminal-offline"], "none of these cases was terminal-offline"),
    ],
)
def test_a_wrong_wish_is_told_in_a_sentence(folder: Path, arguments: list[str], complaint: str) -> None:
    assert complaint in refused("--from", folder, *arguments).what


def test_a_file_that_is_there_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.yaml").write_text("mine")
    assert "is there already" in refused("--from", folder, "--cause", WET, "--out", tmp_path / "kept.yaml").what
    assert (tmp_path / "kept.yaml").read_text() == "mine"


def test_a_copy_of_a_case_proves_nothing(tmp_path: Path) -> None:
    files = {"wet.log": (trips(9), WET), "copy.log": (trips(9), WET), "good.log": (charges(900), "healthy")}
    told = said("--from", recorded(tmp_path / "copied", files), "--format", "json")
    assert json.loads(told.output)["weak"] is True
    assert "copy.log holds the same as another and is left out." in told.output


def test_a_recording_cannot_be_ill_and_healthy(tmp_path: Path) -> None:
    lone = tmp_path / "lone.log"
    lone.write_text(log_of(trips(9)))
    assert "both sides" in refused("--from", lone, "--healthy", lone, "--cause", WET).what


def test_a_log_whose_list_says_something_else_is_refused(folder: Path) -> None:
    error = refused("--from", folder / "load-0.log", "--cause", WET)
    assert isinstance(error, InputError)
    assert f"turned out to be {VEHICLE}, not {WET}" in error.what


def test_cases_of_the_store_are_learned_from_by_their_codes(tmp_path: Path) -> None:
    good = tmp_path / "good.log"
    good.write_text(log_of(charges(900)))
    with Store.open() as store:
        for name in ("case-1", "case-2"):
            store.record_finding(
                Finding(
                    case=name, fault=FaultId("connector-lock-failure"), cause=CauseId("lock-motor-worn"),
                    charger=Machine(vendor="EVPoint", model="EV22"), codes=("EVSE_FAULT_ACT_LOCK_FAULT",),
                )
            )  # fmt: skip
    wrong = refused("--from", "case-1", "case-2", "--healthy", good, "--cause", WET)
    assert wrong.what == f"turned out to be lock-motor-worn, not {WET}"
    done = said("--from", "case-1", "case-2", "--healthy", good, "--format", "json")
    told = json.loads(done.output)
    assert (done.return_value, told["says"]) == (0, "fault connector-lock-failure")
    assert "neither a file nor a case" in refused("--from", "case-9", "--healthy", good).what


def test_a_log_whose_list_says_that_it_was_ill_is_not_taken_for_healthy(folder: Path) -> None:
    error = refused("--from", folder / "wet-0.log", "--healthy", folder / "wet-1.log")
    assert error.what == f"turned out to be {WET}, not healthy"


def test_words_in_a_row_belong_to_the_option_before_them() -> None:
    words = ["--from", "a", "b", "--healthy=c", "d", "--cause", "x", "--from", "e", "--", "f"]
    assert " ".join(spread(words, {"--from", "--healthy"})) == (
        "--from a --from b --healthy=c --healthy d --cause x --from e -- f"
    )


def test_the_page_for_authors_shows_what_the_command_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual(tmp_path / "recordings")
    (tmp_path / "copy-of-wet-0.log").write_bytes((tmp_path / "recordings" / "wet-0.log").read_bytes())
    monkeypatch.chdir(tmp_path)
    page = (SHIPPED / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ chargelore rules (new .*)\n((?:.+\n)+?)```", page, re.MULTILINE)
    assert len(shown) == 2
    for command, output in shown:
        told = CliRunner().invoke(rules, [*command.split(), "--format", "table"], standalone_mode=False)
        assert told.output == output
