"""However many shards play a log, and in whatever order, their parts together are what one watch finds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest
from fleet_log import fleet_log
from hearsay import report
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.grammar.rule import shipped
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.heard.reportability import Model, Sheet
from chargelore.engine.matching.late import USUAL
from chargelore.engine.read import read
from chargelore.engine.shard.deal import Deal, alone, share_of
from chargelore.engine.shard.play import share
from chargelore.engine.triage import Triaged, joined, triaged
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge


def together(opened: Callable[[], Watch], file: Path, deals: Iterable[Deal]) -> Triaged:
    return joined(share(opened, {"": partial(read, file)}, deal).part for deal in deals)[""]


def opened() -> Watch:
    return Watch(knowledge(), shipped(), lateness=USUAL)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("fleet") / "fleet.log"
    file.write_text(fleet_log(chargers=9, lines=500))
    return file


@pytest.fixture(scope="module")
def whole(log: Path) -> object:
    with opened() as watch:
        return triaged(read(log), watch)


@pytest.mark.parametrize("shards", [1, 2, 5, 8])
def test_shards_together_find_what_one_watch_finds_in_the_same_order(log, whole, shards):
    deals = [Deal(shards, number) for number in range(shards)]
    assert together(opened, log, deals) == whole
    assert together(opened, log, deals[::-1]) == whole
    assert len(whole.cases) > 5
    assert whole.strain.late > 0


def test_chargers_of_one_site_stay_together(log, whole):
    deals = [Deal(2, number, party=lambda _: "one site") for number in range(2)]
    shares = [share(opened, {"": partial(read, log)}, deal) for deal in deals]
    assert sorted(len(each.part.cases) for each in shares) == [0, len(whole.cases)]
    assert together(opened, log, deals) == whole


def test_the_child_of_inference_and_the_plain_chainer_find_the_same(log, whole):
    def plainly() -> Watch:
        return Watch(knowledge(), shipped(), lateness=USUAL, inference="chain")

    assert together(plainly, log, [Deal(3, number) for number in range(3)]) == whole
    assert any(found.case.conclusions for found in whole.cases)


def test_what_one_charger_says_of_its_model_counts_in_every_shard(log, tmp_path):
    """A meter value of one charger takes back what was learned: that the model never sends any."""
    learned = {Model("Acme", "One", each): report({"start": 300, "status": 900}) for each in "12"}

    def knowing() -> Watch:
        return Watch(knowledge(), shipped(), lateness=USUAL, hearing=Hearing(Sheet(models=learned)))

    said = "2031-05-01 07:{}:00,000 INFO:ocpp:CP-1: receive message {}\n"
    boot = {"chargePointVendor": "Acme", "chargePointModel": "One", "firmwareVersion": "1"}
    meter = {"connectorId": 1, "meterValue": [{"sampledValue": [{"value": "5"}]}]}
    frames = (
        json.dumps([2, f"x{name}", name, each]) for name, each in (("BootNotification", boot), ("MeterValues", meter))
    )
    told = tmp_path / "told.log"
    told.write_text("".join(said.format(58 + at, each) for at, each in enumerate(frames)) + log.read_text())
    for file in (log, told):
        with knowing() as watch:
            whole = triaged(read(file), watch)
        assert together(knowing, file, [Deal(4, number) for number in range(4)]) == whole
    unasked = [len(each.diagnosis.unasked) for each in whole.cases]
    assert min(unasked) == 0 < max(unasked)


@given(st.text(), st.integers(1, 64))
def test_every_charger_has_one_share(name, shards):
    mine = [number for number in range(shards) if Deal(shards, number).is_mine(name)]
    assert len(mine) == 1


def test_a_share_is_the_same_on_every_machine():
    assert [share_of(name, 8) for name in ("CP-1", "CP-2", "CP-3", "Säule 8")] == [2, 0, 6, 1]
    assert alone("") == alone("charger")
