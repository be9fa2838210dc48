"""The confirmed cases that ship: of many makers, layers and kinds of fault, each with an answer on record."""

from __future__ import annotations

from pathlib import Path

from chargelore.engine.proving.recordings import HEALTHY, recordings
from chargelore.engine.read import read
from chargelore.kb.load import shipped
from chargelore.tui.cli.knowing.answersheet import sheet

FOLDER = Path(__file__).parent / "confirmed"
LISTED = recordings(FOLDER, shipped())


def test_every_confirmed_case_has_an_answer_on_record_and_every_answer_its_case() -> None:
    on_record = {each.case: each.confirmed for each in sheet(FOLDER / "answers.csv")}
    assert on_record == {each.name: each.cause or HEALTHY for each in LISTED}


def test_every_file_of_the_folder_is_a_case() -> None:
    files = {each.name for each in FOLDER.iterdir()} - {"README.md", "answers.csv", "confirmed.csv"}
    assert files == {each.name for each in LISTED}


def test_they_tell_of_many_kinds_of_fault_on_every_layer() -> None:
    knowledge = shipped()
    faults = {knowledge.causes[each.cause].fault for each in LISTED if each.cause}
    domains = {knowledge.faults[each].domain for each in faults}
    layers = {signal.layer for each in LISTED for signal in read(each.file)}
    assert len(LISTED) >= 40
    assert len(faults) >= 40
    assert len(domains) >= 14
    assert layers >= {"ocpp", "csms", "modbus", "firmware", "vehicle", "grid", "field"}
