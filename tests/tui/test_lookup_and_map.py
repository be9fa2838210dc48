"""`lookup` and `map` as a person and a program use them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from shell import chargelore

from chargelore.kb.store import Store

TABLE = """id,vendor,model,firmware,channel,code,native_text
a,Nobody,,,,E1,RCD tripped
=b,Nobody,,,,E2,"=cmd|' /C calc'!A0"
c,Nobody,,,,E3,\x1b[31mEmergency stop\x1b[0m [red]pressed[/red]
"""


def test_a_hit_is_json_with_exit_code_0() -> None:
    said = chargelore("lookup", "GroundFailure", "--format", "json")
    assert said.code == 0
    assert said.json["query"] == "GroundFailure"
    assert said.json["hits"][0]["fault"] == "ground-fault-trip"


def test_words_need_no_quotes_and_the_scope_narrows() -> None:
    said = chargelore("lookup", "emergency", "stop", "--vendor", "Easee", "--format", "table")
    assert said.code == 0
    assert "emergency-stop-active" in said.out


def test_faults_are_named_in_the_language_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    german = chargelore("lookup", "GroundFailure", "--language", "de", "--format", "json").json["hits"][0]
    assert (german["fault"], german["label"]) == ("ground-fault-trip", "Fehlerstromschutz ausgelöst")
    monkeypatch.setenv("CHARGELORE_LANGUAGE", "de")
    assert "Not-Halt betätigt" in chargelore("lookup", "Not-Halt", "--format", "table").out


def test_a_language_that_nobody_wrote_is_told_in_english() -> None:
    said = chargelore("lookup", "GroundFailure", "--language", "tlh", "--format", "json")
    assert said.json["hits"][0]["label"] == "Ground fault protection tripped"


def test_a_miss_says_so_ends_with_1_and_is_kept_as_a_gap() -> None:
    said = chargelore("lookup", "XQ-4711", "--vendor", "Nobody", "--format", "json")
    assert (said.code, said.json["hits"]) == (1, [])
    assert "noted as missing" in said.err
    with Store.open() as store:
        assert store.gaps() == {"XQ-4711": 1}
        assert store.events("gap")[0].body["scope"]["vendor"] == "Nobody"


def test_a_miss_on_a_disk_that_cannot_be_written_is_still_an_answer(tmp_path: Path) -> None:
    said = chargelore("lookup", "XQ-4711", "--db", tmp_path / "none" / "x.db", "--format", "json")
    assert said.code == 1
    assert "could not be noted" in said.err
    assert "Traceback" not in said.err


def test_a_table_is_mapped_to_at_most_three_ranks_a_row(tmp_path: Path) -> None:
    place = tmp_path / "codes.csv"
    place.write_text(TABLE, encoding="utf-8")
    lines = json.loads(chargelore("map", place, "--format", "json").out)
    assert {line["id"] for line in lines} == {"a", "=b", "c"}
    first = next(line for line in lines if line["id"] == "a")
    assert (first["rank"], first["fault"], first["mrec"]) == (1, "ground-fault-trip", "CX002")
    assert all(line["rank"] <= 3 for line in lines)


def test_cells_that_a_spreadsheet_would_run_and_escape_codes_are_made_harmless(tmp_path: Path) -> None:
    place = tmp_path / "codes.csv"
    place.write_text(TABLE, encoding="utf-8")
    for form in ("csv", "table"):
        said = chargelore("map", place, "--format", form)
        assert said.code == 0
        assert "\x1b" not in said.out
    rows = list(csv.DictReader(io.StringIO(chargelore("map", place, "--format", "csv").out)))
    assert {row["id"] for row in rows} == {"a", "'=b", "c"}
    assert {row["is_fault"] for row in rows} <= {"true", "false"}


def test_a_table_without_rows_maps_to_nothing(tmp_path: Path) -> None:
    place = tmp_path / "codes.csv"
    place.write_text("id,code,native_text\n")
    assert json.loads(chargelore("map", place, "--format", "json").out) == []


def test_a_bad_table_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    place = tmp_path / "codes.csv"
    place.write_bytes(b"\xff\xfe\x00")
    for wrong in (place, tmp_path / "none.csv", tmp_path):
        said = chargelore("map", wrong)
        assert (said.code, said.out) == (2, "")
        assert said.err.count("\n") == 1
        assert "Traceback" not in said.err


def test_a_review_is_a_draft_for_each_maker_and_never_overwrites_unasked(tmp_path: Path) -> None:
    place, draft = tmp_path / "codes.csv", tmp_path / "draft.yaml"
    place.write_text("vendor,code,native_text\nAcme,E1,RCD tripped\n", encoding="utf-8")
    said = chargelore("map", place, "--review", draft)
    assert (said.code, said.out) == (0, "")
    assert "1 codes of Acme" in said.err
    assert "fault: ground-fault-trip" in draft.read_text(encoding="utf-8")
    refused = chargelore("map", place, "--review", draft)
    assert refused.code == 2
    assert "--force" in refused.err
    assert chargelore("map", place, "--review", draft, "--force").code == 0
    place.write_text("vendor,code,native_text\nAcme,E1,RCD\nBest & Co/../x,E1,RCD\n", encoding="utf-8")
    assert chargelore("map", place, "--review", draft).code == 0
    assert {each.name for each in tmp_path.glob("draft*")} == {"draft.yaml", "draft-acme.yaml", "draft-best-co-x.yaml"}


def test_a_draft_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    place = tmp_path / "codes.csv"
    place.write_text("vendor,code,native_text\nAcme,E1,RCD\n", encoding="utf-8")
    said = chargelore("map", place, "--review", tmp_path / "none" / "x.yaml")
    assert said.code == 2
    assert "cannot be written" in said.err


def test_a_ragged_table_is_mapped_and_told_of(tmp_path: Path) -> None:
    place = tmp_path / "codes.csv"
    place.write_text("vendor,code,native_text\nAcme,E1,RCD tripped,more\n", encoding="utf-8")
    said = chargelore("map", place, "--format", "json")
    assert json.loads(said.out)[0]["mrec"] == "CX002"
    assert "codes.csv:2: has 4 cells" in said.err
