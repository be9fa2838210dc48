"""A technician hands over what the charger's portal gave: a zip, a tar.gz or a sheet; each member is an input."""

from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from pathlib import Path

import pytest
from shell import chargelore

FAULT = (
    '2031-05-01 10:00:00 [2,"1","StatusNotification",'
    '{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted","timestamp":"2031-05-01T10:00:00Z"}]\n'
)


def archive(file: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file


@pytest.mark.parametrize("more", [(), ("--shards", "2")])
def test_each_member_of_a_zip_is_triaged_under_its_name(tmp_path: Path, more: tuple[str, ...]) -> None:
    file = archive(tmp_path / "box.zip", {"log/a.log": FAULT.encode(), "p.png": bytes(range(256)) * 9})
    said = chargelore("triage", file, "--format", "json", *more)
    first, second = map(json.loads, said.out.splitlines())
    assert said.code == 1
    assert first["input"]["file"] == f"{file}/log/a.log"
    assert [case["codes"][0]["fault"] for case in first["cases"]] == ["ground-fault-trip"]
    assert (second["input"]["format"], second["input"]["unreadable"]) == ("unread", 1)
    assert second["input"]["samples"][0]["why"] == "this is binary, not a text log"


def test_a_serial_number_in_a_members_name_is_not_shown(tmp_path: Path) -> None:
    file = archive(tmp_path / "box.zip", {"box-00:1B:63:84:45:E6.log": FAULT.encode()})
    assert "84:45" not in chargelore("triage", file, "--format", "json").out


def test_an_archive_comes_from_standard_input_too(tmp_path: Path) -> None:
    file = archive(tmp_path / "box.zip", {"a.log": FAULT.encode()})
    said = chargelore("triage", "-", "--format", "json", stdin=file.read_bytes())
    assert said.json["input"]["file"] == "-/a.log"
    assert said.json["input"]["frames"] == 1


def test_a_bomb_is_refused_in_one_line(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("zeros", "w") as part:
        for _ in range(300):
            part.write(bytes(1_000_000))
    file = tmp_path / "bomb.zip"
    file.write_bytes(out.getvalue())
    said = chargelore("triage", file, "--format", "json")
    assert said.code == 2
    assert "unpack to more than" in said.err
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("begin", "named"),
    [(b"7z\xbc\xaf\x27\x1c", "7-zip"), (b"Rar!\x1a\x07", "rar"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "old kind"),
     (b"\x40\x14\x11\x4a\x9f\xe4\xcf\x11\x99\x00\x50\x51\x44\x49\x46\x00", "PQDIF")],
)  # fmt: skip
def test_what_cannot_be_opened_is_named_with_the_way_out(tmp_path: Path, begin: bytes, named: str) -> None:
    file = tmp_path / "x"
    file.write_bytes(begin + bytes(range(256)) * 4)
    said = chargelore("triage", file)
    assert said.code == 2
    assert named in said.err
    assert "unpack it; export a table as CSV" in said.err


def test_a_pipe_with_a_name_loses_nothing_to_the_look_whether_it_is_an_archive(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(FAULT,))
    writer.start()
    said = chargelore("triage", pipe, "--format", "json")
    writer.join()
    assert said.json["input"]["frames"] == 1
