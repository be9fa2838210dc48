"""`chargelore report reportability` from a technician's chair: what chargers tell, in three formats, harmless."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hearsay import WALL, report

from chargelore.engine.heard.reportability import Model, Sheet
from chargelore.kb.errors import InputError, UseError
from chargelore.kb.events import HEARD, retract_event
from chargelore.kb.history import sentence_of
from chargelore.kb.store import Store
from chargelore.tui.cli.reporting.report import report as command
from chargelore.tui.live import remember

NEWER = Model("Acme", "Wall", "2.2")


def said(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["reportability", *map(str, arguments)], standalone_mode=False)


@pytest.fixture
def _learned() -> None:
    meters = report({"meter": 1240, "meter.power": 1240, "start": 120})
    with Store.open() as store:
        remember(store, Sheet(models={WALL: meters}))


def test_with_nothing_learned_it_says_how_to_learn() -> None:
    assert said("--format", "table").output.startswith("Nothing was heard yet")
    assert json.loads(said("--format", "json").output) == {"reports": []}


@pytest.mark.usefixtures("_learned")
def test_what_is_never_sent_stands_with_its_proof() -> None:
    table = said("--format", "table").output
    assert "Acme Wall 2.1: 4 chargers, 1,360 signals" in table
    assert "sends      meter 1,240: power" in table
    assert "`temperature`" in table
    assert "0 of 1,240 meter values of 4 chargers" in table
    (one,) = json.loads(said("--format", "json").output)["reports"]
    assert {"item": "meter.soc", "occasions": 1240, "of": "meter values", "chargers": 4} in one["never"]
    assert "diagnostics-status" in one["not_known"]


@pytest.mark.usefixtures("_learned")
def test_every_item_is_a_row_of_the_csv() -> None:
    rows = {each["item"]: each for each in csv.DictReader(io.StringIO(said("--format", "csv").output))}
    assert (rows["meter.power"]["state"], rows["meter.power"]["times"]) == ("sent", "1240")
    assert (rows["meter.soc"]["state"], rows["meter.soc"]["occasions"]) == ("never", "1240")
    assert rows["diagnostics-status"]["state"] == "not known"


def test_a_log_is_shown_by_charger_and_hostile_names_are_harmless(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    about = {"chargePointVendor": "Ac\x1b[31mme", "chargePointModel": "=cmd", "chargePointSerialNumber": "SN-1"}
    frame = json.dumps([2, "1", "BootNotification", about])
    log.write_text(f'2024-05-01 12:00:00 {frame}\n2024-05-01 12:00:01 [2,"2","Heartbeat",{{}}]\n', encoding="utf-8")
    table = said(log, "--format", "table").output
    assert "\x1b" not in table
    assert "sends      heartbeat 1" in table
    assert "layers     ocpp (last 2024-05-01 12:00)" in table
    rows = list(csv.DictReader(io.StringIO(said(log, "--format", "csv").output)))
    assert {each["model"] for each in rows} == {"'=cmd"}
    assert Store.open().heard() == ()


def test_learning_needs_a_file_and_a_file_must_be_there(tmp_path: Path) -> None:
    assert isinstance(said("--learn").exception, UseError)
    assert isinstance(said(tmp_path / "none.log").exception, InputError)


@pytest.mark.usefixtures("_learned")
def test_what_somebody_told_can_be_taken_back() -> None:
    with Store.open() as store:
        (told,) = store.events(HEARD)
        store.record(retract_event(told.id, "wrong log", stamp=store.stamp(), author=store.author))
        assert store.heard() == ()


@pytest.mark.usefixtures("_learned")
def test_two_stores_that_merge_know_what_both_heard_once(tmp_path: Path) -> None:
    with Store.open() as mine, Store.open(tmp_path / "other.db") as other:
        remember(other, Sheet(models={NEWER: report({"meter": 5})}))
        other.merge(mine.events())
        other.merge(mine.events())
        assert len(other.heard()) == 2
        assert remember(other, Sheet(models={NEWER: report({"meter": 5})})) == 0


@pytest.mark.usefixtures("_learned")
def test_the_history_of_a_store_says_what_was_heard() -> None:
    with Store.open() as store:
        (told,) = store.events(HEARD)
    assert sentence_of(told) == "heard what its chargers say: 3 kinds of signal and fields"
