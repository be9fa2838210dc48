"""`triage --seen`: a technician's nose and eyes are witnesses like the charger's log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shell import chargelore

FRAME = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]'
BOTH = f"2031-05-01 10:00:00 CP-1: send {FRAME}\n"


def test_without_a_log_what_was_seen_is_triaged_alone() -> None:
    said = chargelore("triage", "--seen", "Brandgeruch an der Steckdose", "--format", "json")
    assert said.code == 1
    assert said.json["input"]["format"] == "witness"
    assert "says-burnt-or-hot-contact" in said.json["cases"][0]["symptoms"]


@pytest.mark.parametrize("more", [(), ("--shards", "2")])
def test_several_sights_and_a_file_of_them_join_the_log(tmp_path: Path, more: tuple[str, ...]) -> None:
    log, notes = tmp_path / "a.log", tmp_path / "notes.txt"
    log.write_text(BOTH)
    notes.write_text("# Tuesday\n10:06 Klemme N verschmort\n\nbreaker-found=tripped\n")
    said = chargelore("triage", log, "--seen", "10:05 no smell", "--seen-from", notes, "--format", "json", *more)
    case = said.json["cases"][0]
    assert case["opened_at"] == "2031-05-01T10:06:00+00:00"
    assert case["answers"] == {"says-burnt-or-hot-contact": "yes", "breaker-found": "tripped"}
    assert {"ocpp", "field"} <= set(case["layers"]["seen"])


def test_beside_several_logs_it_says_of_which_charger(tmp_path: Path) -> None:
    for name in ("CP-1", "CP-2"):
        (tmp_path / name).write_text(BOTH.replace("CP-1", name))
    places = tmp_path / "places.yaml"
    places.write_text("chargers:\n  CP-1: {site: depot}\n  CP-2: {site: depot}\n")
    logs = (tmp_path / "CP-1", tmp_path / "CP-2")
    assert chargelore("triage", *logs, "--seen", "it smells").code == 2
    assert "of any of these logs" in chargelore("triage", *logs, "--places", places, "--seen", "it smells").err
    assert "names no day" in chargelore("triage", *logs, "--places", places, "--seen", "10:01 @CP-2 it smells").err
    sight = "2031-05-01 10:01 @CP-2 it smells"
    said = chargelore("triage", *logs, "--places", places, "--seen", sight, "--format", "json")
    told = [json.loads(line) for line in said.out.splitlines()]
    assert [(each["input"]["file"].rpartition("/")[2], len(each["cases"])) for each in told] == [
        ("CP-1", 0),
        ("CP-2", 1),
        ("seen", 0),
    ]


def test_nothing_at_all_is_bad_use() -> None:
    said = chargelore("triage")
    assert said.code == 2
    assert "--seen" in said.err
