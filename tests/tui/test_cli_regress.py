"""`kb regress`: confirmed cases are put to the knowledge once more, and what became of each answer is said in words."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cases import charges, recorded, trips
from click.testing import CliRunner, Result
from small_shelf import rules, shelf, without_wet

from chargelore.kb.errors import InputError, KnowledgeError, UseError
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.model import EvidenceId, FaultId
from chargelore.kb.store import Store
from chargelore.tui.cli.knowing.kb import kb


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return recorded(tmp_path / "cases", {"rain.log": (trips(5), "wet"), "good.log": (charges(1200), "healthy")})


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return shelf(tmp_path / "before")


@pytest.fixture
def turned(tmp_path: Path) -> Path:
    """Knowledge in which a cut cable shows what water showed."""
    return shelf(tmp_path / "turned", wet="rarely", cut="always")


def said(*arguments: object, rules_in: Path, form: str = "table") -> Result:
    if not (rules_in / "rules").exists():
        rules(rules_in / "rules")
    asked = ("regress", *arguments, "--rules", rules_in / "rules", "--jobs", 1, "--format", form)
    return CliRunner().invoke(kb, [*map(str, asked)], standalone_mode=False)


def told(*arguments: object, rules_in: Path) -> Any:
    return json.loads(said(*arguments, rules_in=rules_in, form="json").output)


def test_a_right_cause_that_falls_is_told_in_words_and_ends_in_one(
    tmp_path: Path, cases: Path, before: Path, turned: Path
) -> None:
    done = said(before, turned, "--cases", cases, rules_in=tmp_path)
    assert done.return_value == 1
    worse = next(line for line in done.output.splitlines() if line.startswith("worse"))
    assert "rain.log: the right cause fell from place 1 to 2; first place was `Water in the plug`," in worse
    assert "now `Cable cut`," in worse
    assert "2 cases: 1 worse, 1 the same; right in the first place 1 of 2 (before 2 of 2)" in done.output


def test_knowledge_that_does_not_differ_changes_no_answer(tmp_path: Path, cases: Path, before: Path) -> None:
    done = said(before, shelf(tmp_path / "after"), "--cases", cases, rules_in=tmp_path)
    assert (done.return_value, done.output.splitlines()[0][:23]) == (0, "2 cases: 2 the same; ri")


def test_a_right_cause_that_rises_is_better_and_ends_in_zero(
    tmp_path: Path, cases: Path, before: Path, turned: Path
) -> None:
    done = said(turned, before, "--cases", cases, rules_in=tmp_path)
    assert done.return_value == 0
    assert "better rain.log: the right cause rose from place 2 to 1" in done.output


def test_who_accepts_a_case_by_name_goes_on(tmp_path: Path, cases: Path, before: Path, turned: Path) -> None:
    done = said(before, turned, "--cases", cases, "--accept", "rain.log", rules_in=tmp_path)
    assert done.return_value == 0
    assert "(accepted)" in done.output


def test_accepting_a_case_that_is_none_is_bad_use(tmp_path: Path, cases: Path, before: Path) -> None:
    done = said(before, before, "--cases", cases, "--accept", "rain", rules_in=tmp_path)
    assert isinstance(done.exception, UseError)
    assert "there is no case rain" in str(done.exception)


def test_recorded_answers_are_read_back_and_guard_the_next_change(
    tmp_path: Path, cases: Path, before: Path, turned: Path
) -> None:
    sheet = tmp_path / "answers.csv"
    assert said(before, before, "--cases", cases, "--record", sheet, rules_in=tmp_path).return_value == 0
    rows = {row["case"]: row for row in csv.DictReader(sheet.read_text().splitlines())}
    assert (rows["rain.log"]["place"], rows["rain.log"]["first"]) == ("1", "wet")
    assert said(sheet, before, "--cases", cases, rules_in=tmp_path).return_value == 0
    assert said(sheet, turned, "--cases", cases, rules_in=tmp_path).return_value == 1
    assert said(sheet, turned, "--cases", cases, "--record", sheet, rules_in=tmp_path).return_value == 0
    assert said(sheet, turned, "--cases", cases, rules_in=tmp_path).return_value == 0


def test_a_case_without_a_recorded_answer_is_asked_for_and_so_is_one_that_is_gone(
    tmp_path: Path, cases: Path, before: Path
) -> None:
    sheet = tmp_path / "answers.csv"
    said(before, before, "--cases", cases, "--record", sheet, rules_in=tmp_path)
    other = recorded(tmp_path / "other", {"rain.log": (trips(5), "wet"), "new.log": (trips(9), "wet")})
    done = said(sheet, before, "--cases", other, rules_in=tmp_path)
    assert done.return_value == 1
    assert "new    new.log: has no recorded answer; it is now: `Water in the plug`" in done.output
    assert "gone   good.log: has a recorded answer, and is no case any more" in done.output


def test_a_confirmed_cause_that_left_the_knowledge_is_said_to_have_left(
    tmp_path: Path, cases: Path, before: Path
) -> None:
    done = said(before, without_wet(tmp_path / "after"), "--cases", cases, rules_in=tmp_path)
    assert done.return_value == 1
    assert "the right cause stood at place 1, and `wet` is no longer in the knowledge" in done.output


def test_a_cause_that_got_a_successor_is_right_under_its_new_name(tmp_path: Path, cases: Path, before: Path) -> None:
    after = without_wet(tmp_path / "after", successor="water-in-plug")
    [change] = told(before, after, "--cases", cases, rules_in=tmp_path)["changes"]
    assert (change["became"], change["after"]["place"]) == ("other", 1)


def test_a_step_that_costs_nothing_divides_by_nothing(tmp_path: Path, cases: Path, before: Path) -> None:
    free = shelf(tmp_path / "free")
    text = (free / "all.yaml").read_text()
    (free / "all.yaml").write_text(text.replace("minutes: 10", "minutes: 0"))
    done = said(before, free, "--cases", cases, rules_in=tmp_path)
    assert (done.exception, done.return_value) == (None, 0)


def test_causes_that_replace_one_another_in_a_circle_are_refused_with_their_line(
    tmp_path: Path, cases: Path, before: Path
) -> None:
    circle = without_wet(tmp_path / "circle", successor="water-in-plug")
    text = (circle / "all.yaml").read_text()
    turned = text.replace("label: Rain in the plug\n", "label: Rain\n    status: deprecated\n    replaced_by: wet\n")
    (circle / "all.yaml").write_text(turned)
    done = said(before, circle, "--cases", cases, rules_in=tmp_path)
    assert isinstance(done.exception, KnowledgeError)
    assert "replaced in a circle" in str(done.exception)
    assert "all.yaml:" in str(done.exception)


def test_a_sound_charger_that_is_accused_is_worse(tmp_path: Path, before: Path) -> None:
    sound = recorded(tmp_path / "sound", {"good.log": (trips(40), "healthy")})
    sheet = tmp_path / "answers.csv"
    sheet.write_text("case,confirmed,place,verdict,first,chance,step\ngood.log,healthy,1,no case,,,\n")
    done = said(sheet, before, "--cases", sound, rules_in=tmp_path)
    assert done.return_value == 1
    assert "a sound charger is now accused; first place was nobody, now `Water in the plug`" in done.output


def test_a_finding_in_the_store_is_asked_again_and_its_own_count_does_not_help_it(
    tmp_path: Path, before: Path, turned: Path
) -> None:
    place = tmp_path / "events.db"
    with Store.open(place) as store:
        store.record_finding(
            Finding(
                case="site-1",
                fault=FaultId("ground-fault-trip"),
                cause="wet",
                charger=Machine(vendor="Volta"),
                codes=("GroundFailure",),
                evidence={EvidenceId("trips-at-plug-in"): "yes", EvidenceId("rain-before"): "unknown"},
            )
        )
    done = said(before, turned, "--db", place, rules_in=tmp_path)
    assert done.return_value == 1
    assert "worse  site-1: the right cause fell from place 1 to 2" in done.output


def test_without_any_confirmed_case_it_says_where_they_come_from(tmp_path: Path, before: Path) -> None:
    done = said(before, before, "--db", tmp_path / "empty.db", rules_in=tmp_path)
    assert isinstance(done.exception, InputError)
    assert "nobody has confirmed a case here" in str(done.exception)


def test_a_build_server_reads_which_case_got_worse(tmp_path: Path, cases: Path, before: Path, turned: Path) -> None:
    said(before, turned, "--cases", cases, "--junit", tmp_path / "junit.xml", rules_in=tmp_path)
    suite = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314  # our own file
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    [failed] = [each for each in suite if len(each)]
    assert (failed.get("name"), failed.get("classname")) == ("rain.log", "worse")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a,b\n", "answers.csv:1"),
        ("case,confirmed,place,verdict,first,chance,step\nx,wet,first,diagnosed,wet,,\n", "answers.csv:2"),
        ("case,confirmed,place,verdict,first,chance,step\nx,wet,1,diagnosed,wet,2 in 1,\n", "answers.csv:2"),
        ("case,confirmed,place,verdict,first,chance,step\nx,wet\n", "answers.csv:2"),
        ("case,confirmed,place,verdict,first,chance,step\nx,wet,²,diagnosed,wet,,\n", "answers.csv:2"),
    ],
    ids=["other columns", "no place", "no chance", "cut", "odd digit"],
)
def test_a_sheet_that_is_damaged_is_refused_with_its_line(
    tmp_path: Path, cases: Path, before: Path, text: str, where: str
) -> None:
    sheet = tmp_path / "answers.csv"
    sheet.write_text(text)
    done = said(sheet, before, "--cases", cases, rules_in=tmp_path)
    assert isinstance(done.exception, InputError)
    assert where in str(done.exception)


def test_both_processes_of_two_give_the_answers_of_one(tmp_path: Path, before: Path) -> None:
    many = recorded(tmp_path / "many", {f"rain-{n}.log": (trips(4 + n), "wet") for n in range(3)})
    sheets = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for jobs, sheet in enumerate(sheets, 1):
        rules(tmp_path / f"rules-{jobs}")
        asked = ("regress", before, before, "--cases", many, "--rules", tmp_path / f"rules-{jobs}", "--jobs", jobs)
        CliRunner().invoke(kb, [*map(str, asked), "--record", str(sheet)], standalone_mode=False)
    assert sheets[0].read_bytes() == sheets[1].read_bytes()
    assert len(sheets[0].read_text().splitlines()) == 4
