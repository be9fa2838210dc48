"""The zip holds the page, the JSON and the evidence: the same bytes for the same case, bounded, and it names nobody."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import jsonschema
import msgspec
import planted
import trouble
from trouble import KEY, case, matter, signal

from chargelore.engine.case import Case
from chargelore.engine.escalating.bundle import bundle
from chargelore.engine.escalating.enclosing import MOST_BYTES, enclosed
from chargelore.engine.escalating.packing import packed
from chargelore.engine.firing import Firing
from chargelore.engine.read import read
from chargelore.kb.model import EvidenceId, Tlp

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "escalation.schema.json").read_text(encoding="utf-8"))


def zipped(one: Case, tlp: Tlp = "AMBER") -> bytes:
    return bundle(packed(matter(one), KEY, tlp), enclosed(one, KEY, tlp))


def files(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_case_is_the_same_zip() -> None:
    signals = [signal(place, text=f"line {place}") for place in range(50)]
    assert zipped(case(*signals)) == zipped(case(*signals))
    assert zipped(case(*signals)) != zipped(case(*signals[1:]))


def test_its_files_stand_in_order_and_have_no_times_or_owners() -> None:
    with ZipFile(BytesIO(zipped(case(signal(5, text="x"))))) as archive:
        infos = archive.infolist()
    assert [each.filename for each in infos] == ["SHA256SUMS", "packet.json", "packet.md", "signals.jsonl"]
    assert {each.date_time for each in infos} == {(1980, 1, 1, 0, 0, 0)}


def test_its_checksums_are_those_of_its_files() -> None:
    found = files(zipped(case(signal(5, text="x"))))
    told = dict(reversed(line.split("  ")) for line in found.pop("SHA256SUMS").decode().splitlines())
    assert told == {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


def test_its_json_is_as_the_schema_says_and_counts_the_evidence() -> None:
    told = json.loads(files(zipped(case(signal(5, text="x"))))["packet.json"])
    jsonschema.validate(told, SCHEMA)
    assert told["evidence"] == {"file": "signals.jsonl", "signals": 2, "left_out": 0}


def test_nothing_planted_is_in_any_of_its_files() -> None:
    said = planted.words()
    signals = [signal(place, text=each, idTag=planted.CARD) for place, each in enumerate(said)]
    found = files(zipped(replace(case(*signals), words=tuple(said)), "RED"))
    assert {name: leaks for name, content in found.items() if (leaks := planted.leaks(content))} == {}
    assert b"4711" not in found["signals.jsonl"]


def test_other_chargers_behind_a_symptom_go_by_pseudonyms_too() -> None:
    neighbour = msgspec.structs.replace(signal(7, text="CP-0815 trips as well"), charger="CP-0815")
    firing = Firing(
        id="f", rule="r", version="1", symptom=EvidenceId("trips-at-plug-in"), charger="CP-4711", connector=1, at=None,
        signals=(neighbour,),
    )  # fmt: skip
    lines = enclosed(replace(case(), firings=(firing,)), KEY, "AMBER").lines
    assert len(lines) == 2
    assert "0815" not in lines[1]


def test_its_evidence_can_be_read_like_any_log(tmp_path: Path) -> None:
    place = tmp_path / "signals.jsonl"
    place.write_bytes(files(zipped(case(signal(5, text="plugged in"), signal(6, kind="heartbeat"))))["signals.jsonl"])
    reading = read(place)
    signals = list(reading)
    assert [each.kind for each in signals] == ["log", "heartbeat"]
    assert {(each.vendor, each.firmware) for each in reading.introduced} == {("Acme", "1.4.0.12")}


def test_too_many_signals_leave_those_nearest_to_the_fault() -> None:
    signals = [signal(place, text="x" * 9_000 + f" {place}") for place in range(1_500)]
    one = replace(case(*signals), opened_at=signals[-1].at)
    kept = enclosed(one, KEY, "AMBER")
    assert sum(map(len, kept.lines)) <= MOST_BYTES
    assert 0 < kept.left_out < 1_500
    assert json.loads(kept.lines[-1])["fields"]["text"].endswith(" 1499")
    assert kept.left_out + len(kept.lines) == 1_501


def test_the_words_of_people_are_no_evidence_unless_red_was_asked_for() -> None:
    one = case(signal(5, kind="observation", layer="field", text="the landlord cut it"))
    assert b"landlord" not in files(zipped(one))["signals.jsonl"]
    assert b"landlord" in files(zipped(one, "RED"))["signals.jsonl"]


def test_what_was_dropped_from_a_long_case_is_counted() -> None:
    signals = [signal(place / 10, text=str(place)) for place in range(10_000)]
    assert enclosed(case(*signals), KEY, "AMBER").left_out == 8_000


def test_a_charger_without_a_name_keeps_none() -> None:
    one = replace(case(), charger=replace(trouble.ACME, id=""))
    assert packed(matter(one), KEY).head.charger.name == "charger"
