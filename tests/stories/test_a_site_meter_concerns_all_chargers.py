"""A meter or recorder of a site tells every charger there what the supply did; alone it is a case of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import table_samples as samples
from shell import chargelore

FRAMES = (
    ("09:59:00", '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]'),
    ("10:00:20", '[2,"2","BootNotification",{"chargePointVendor":"Volta","chargePointModel":"Post"}]'),
    ("10:00:40", '[2,"3","StatusNotification",{"connectorId":1,"errorCode":"InternalError","status":"Faulted"}]'),
)
PLACES = """chargers:
  CP-1: {site: depot, feeder: A}
  CP-2: {site: depot, feeder: B}
  CP-9: {site: elsewhere}
meters:
  recorder: {site: depot}
"""


def depot(folder: Path) -> list[Path]:
    for name in ("CP-1", "CP-2", "CP-9"):
        lines = [f"2031-05-01 {at} {name}: send {frame}\n" for at, frame in FRAMES]
        (folder / f"{name}.log").write_text("".join(lines))
    (folder / "recorder.csv").write_text(samples.GRID_EVENTS)
    (folder / "places.yaml").write_text(PLACES)
    return [folder / f"{name}.log" for name in ("CP-1", "CP-2", "CP-9")] + [folder / "recorder.csv"]


def cases(folder: Path, *more: str) -> dict[str, dict[str, Any]]:
    said = chargelore("triage", *depot(folder), "--places", folder / "places.yaml", "--format", "json", *more)
    told = [json.loads(line) for line in said.out.splitlines()]
    return {case["charger"]["id"]: case for each in told for case in each["cases"]}


@pytest.mark.parametrize("more", [(), ("--shards", "3")])
def test_a_dip_joins_the_trouble_of_every_charger_of_its_site_and_of_no_other(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    found = cases(tmp_path, *more)
    assert "trouble-at-supply-dip" in found["CP-1"]["symptoms"]
    assert "trouble-at-supply-dip" in found["CP-2"]["symptoms"]
    assert "grid" in found["CP-1"]["layers"]["seen"]
    assert found["CP-9"]["layers"]["seen"] == ["ocpp"]
    assert found["CP-1"]["hypotheses"][0]["domain"] in ("power-input", "firmware-config")


def test_a_healthy_charger_gets_no_case_from_a_dip(tmp_path: Path) -> None:
    depot(tmp_path)
    (tmp_path / "CP-2.log").write_text(f"2031-05-01 09:59:00 CP-2: send {FRAMES[0][1]}\n")
    logs = (tmp_path / "CP-2.log", tmp_path / "recorder.csv")
    said = chargelore("triage", *logs, "--places", tmp_path / "places.yaml", "--format", "json")
    told = [json.loads(line) for line in said.out.splitlines()]
    assert [len(each["cases"]) for each in told] == [0, 1]


def test_a_meter_alone_tells_of_feed_in_and_says_what_its_means_cannot_show(tmp_path: Path) -> None:
    (tmp_path / "meter.csv").write_text(samples.SUPPLY)
    said = chargelore("triage", tmp_path / "meter.csv", "--format", "json")
    first = said.json["cases"][0]["hypotheses"][0]
    assert first["cause"] == "solar-feed-in-raises-voltage"
    assert "a dip" in said.json["input"]["hint"]


def test_a_meter_that_stands_nowhere_is_told_apart_from_a_charger(tmp_path: Path) -> None:
    places = tmp_path / "p.yaml"
    places.write_text("chargers:\n  CP-1: {site: depot}\nmeters:\n  m: {feeder: A}\n")
    (tmp_path / "a.log").write_text("x\n")
    said = chargelore("triage", tmp_path / "a.log", "--places", places)
    assert said.code == 2
    assert "site" in said.err
