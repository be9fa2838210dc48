"""Whatever a person hands to `triage`: a clear sentence or a marked record, never a traceback, nothing lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from shell import Said, chargelore

FRAME = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"}]'


def triaged(file: Path) -> Said:
    said = chargelore("triage", file, "--format", "json")
    assert "Traceback" not in said.err + said.out
    return said


def written(folder: Path, content: bytes) -> Path:
    file = folder / "charger.log"
    file.write_bytes(content)
    return file


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    said = triaged(tmp_path / "missing.log")
    assert said.code == 2
    assert "missing.log" in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    assert triaged(tmp_path).code == 2


def test_an_empty_file_has_nothing_wrong_and_nothing_in_it(tmp_path: Path) -> None:
    said = triaged(written(tmp_path, b""))
    assert said.code in (0, 2)
    assert said.err or said.json["input"]["frames"] == 0


@pytest.mark.parametrize(
    "content",
    [
        os.urandom(100_000),
        b"\x00" * 50_000,
        b"\xff\xfe" + FRAME.encode("utf-16-le"),
        b"\xc3\x28 broken \xe2\x82 text\n" + FRAME.encode(),
        b"[" * 100_000,
        b'{"a":' * 50_000,
        FRAME.encode()[:-10],
        b"x" * 20_000_000,
        b'{"id": 1, "signals": "none"}',
        b'{"id": "c", "charger": null, "signals": [{"raw": null}, 7, {"raw": {"a": 1}, "channel": 5}]}',
    ],
    ids=[
        "noise",
        "zeros",
        "utf-16",
        "broken",
        "deep list",
        "deep object",
        "cut",
        "20 MB line",
        "odd case",
        "odd signals",
    ],
)
def test_any_content_ends_in_an_answer_or_one_sentence(tmp_path: Path, content: bytes) -> None:
    said = triaged(written(tmp_path, content))
    assert said.code in (0, 1, 2)
    assert said.err.strip() if said.code == 2 else isinstance(said.json["cases"], list)


def test_one_bad_line_does_not_hide_the_frame_after_it(tmp_path: Path) -> None:
    lines = b"\xff\xff[[[{\n" + FRAME.encode() + b"\n"
    said = triaged(written(tmp_path, lines))
    assert said.json["input"]["frames"] == 1
    assert said.json["cases"][0]["hypotheses"][0]["fault"] == "ground-fault-trip"


def test_markup_and_escape_sequences_of_a_charger_never_reach_the_terminal(tmp_path: Path) -> None:
    boot = {"chargePointVendor": "\x1b[31m[red]Evil\u202e", "chargePointModel": "\x07x"}
    hostile = json.dumps([2, "1", "BootNotification", boot])
    file = written(tmp_path, f"{hostile}\n{FRAME}\n".encode())
    said = chargelore("triage", file, "--format", "table")
    assert not any(sign in said.out for sign in ("\x1b", "\x07", "\u202e"))
    assert "[red]Evil" in said.out


def test_a_formula_in_a_vendors_text_is_a_text_in_csv(tmp_path: Path) -> None:
    frame = FRAME.replace("GroundFailure", "OtherError")
    path = "=HYPERLINK(1)"
    file = written(tmp_path, f"{path}: {frame}\n{frame}".encode())
    said = chargelore("triage", file, "--format", "csv")
    assert not any(cell.startswith("=") for line in said.out.splitlines() for cell in line.split(","))


def test_stdin_is_read_like_a_file() -> None:
    said = chargelore("triage", "-", "--format", "json", stdin=FRAME.encode())
    assert said.json["input"]["frames"] == 1


def test_a_wrong_option_is_bad_use() -> None:
    assert chargelore("triage", "--colour", "x.log").code == 2
    assert chargelore("triag").code == 2


def test_a_charger_that_only_its_serial_number_names_gets_its_cases(tmp_path: Path) -> None:
    boot = json.dumps(
        [2, "0", "BootNotification", {"chargePointVendor": "Volta", "chargePointSerialNumber": "SN-77123"}]
    )
    said = triaged(written(tmp_path, f"{boot}\n{FRAME}\n".encode()))
    assert said.json["cases"][0]["charger"]["id"].startswith("serial:")
    assert "77123" not in said.out


@pytest.mark.parametrize("content", [b'{"x"', b'{"id": "a", "charger": {', b"[[[", b'\xef\xbb\xbf{"signals"'])
def test_json_that_breaks_off_before_it_says_anything_is_told_with_its_place(tmp_path: Path, content: bytes) -> None:
    said = triaged(written(tmp_path, content))
    assert said.code == (2 if b'"a"' not in content else 0)
    assert "line 1, column " in said.err
    assert "breaks off" in said.err
    assert "export it whole" in said.err


def test_a_table_of_codes_can_be_piped_in_and_json_is_told_to_be_none(tmp_path: Path) -> None:
    table = b"id,vendor,code,native_text\n1,Acme,7,Overtemperature\n"
    assert chargelore("map", "-", "--format", "csv", stdin=table).code == 0
    said = chargelore("map", "-", stdin=b'{"x"')
    assert said.code == 2
    assert "standard input: line 1 is no row of names" in said.err
