"""A person has no log but an export: it is read as it is, or after saying which column holds what; nothing is lost."""

from __future__ import annotations

import gzip
from pathlib import Path

from shell import chargelore

HEAD = "Since;Post;Light\n"
ROWS = "2031-05-01 10:00:00;Yard;Available\n2031-05-01 10:05:00;Yard;Faulted\n"
STRANGE = HEAD + "2031-05-01 10:00:00;Yard;green\n2031-05-01 10:05:00;Yard;red\n"


def test_a_strange_export_is_answered_with_the_mapping_and_read_with_it(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(STRANGE)
    asked = chargelore("triage", export, "--format", "json")
    assert asked.code == 0
    assert "--columns 'time=Since,charger=?" in asked.err
    export.write_text(HEAD + ROWS)
    told = chargelore("triage", export, "--format", "json", "--columns", "time=Since,charger=Post,status=Light")
    assert told.json["input"]["format"] == "status-table"
    assert told.json["input"]["last_at"] == "2031-05-01T10:05:00+00:00"
    assert told.json["input"]["frames"] == 0


def test_a_mapping_that_does_not_fit_is_bad_use(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(HEAD + ROWS)
    for wrong in ("status=Lamp", "colour=Light", "status"):
        said = chargelore("triage", export, "--columns", wrong)
        assert said.code == 2
        assert "Traceback" not in said.err


def test_a_row_that_nobody_can_read_is_counted_and_shown(tmp_path: Path) -> None:
    export = tmp_path / "states.csv"
    rows = "2031-05-01 10:00:00;CP-A;Available\n2031-05-01 10:01:00;CP-A;Faulted;too;many;cells\n"
    export.write_text("Time;Charger;Status\n" + rows * 2)
    given = chargelore("triage", export, "--format", "json").json["input"]
    assert given["unreadable"] == 2
    assert [each["line"] for each in given["samples"]] == [3, 5]
    shown = chargelore("triage", export, "--format", "table").out
    assert "line 3 cannot be read (6 cells where the head has 3)" in shown


def test_a_packed_export_is_unpacked_on_the_way(tmp_path: Path) -> None:
    export = tmp_path / "states"
    rows = "2031-05-01 10:00:00;CP-A;1;Faulted;GroundFailure\n"
    export.write_bytes(gzip.compress(b"Time;Charger;Connector;Status;Error code\n" + rows.encode()))
    said = chargelore("triage", export, "--format", "json")
    assert said.code == 1
    assert said.json["cases"][0]["charger"]["id"] == "CP-A"
