"""`chargelore signals`: what a watch captured, by charger, time, layer and kind; hostile text stays text."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from io import StringIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from relayed import BEGIN, message, reading
from shell import chargelore

from chargelore.engine.case import Charger
from chargelore.engine.decode.signallines import signals
from chargelore.engine.decode.slicing import lines_in
from chargelore.engine.relay.item import Heard, signals_of
from chargelore.engine.relay.journal import Record
from chargelore.engine.relay.mover import rows_of
from chargelore.engine.signal import Signal
from chargelore.kb.store import Store

ANSI, FORMULA = "\x1b[31mred\x1b[0m", '=HYPERLINK("http://evil.example")'
TRIP = b'[2,"9","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted","info":"%s"}]'


def kept(*records: Record) -> None:
    with Store.open() as store:
        store.keep_signals(row for record in records for row in rows_of(record))


def heard(seq: int, item: Heard) -> Record:
    return Record(run="run", seq=seq, at=item.at, signals=signals_of(item))


@pytest.fixture
def _some() -> None:
    kept(
        *(heard(seq, message(seq, f"CP-{seq % 2}")) for seq in range(1, 7)), heard(7, message(7, "CP-7", payload=TRIP))
    )


def listed(*arguments: str) -> list[dict[str, object]]:
    said = chargelore("signals", *arguments, "--format", "json")
    assert (said.code, said.err) == (0, "")
    return [json.loads(line) for line in said.out.splitlines()]


@pytest.mark.usefixtures("_some")
def test_only_what_was_asked_for_is_listed_in_the_order_of_capture() -> None:
    at = [(BEGIN + timedelta(seconds=number)).isoformat() for number in range(8)]
    assert [each["seq"] for each in listed()] == [1, 2, 3, 4, 5, 6, 7, 7]
    assert [each["seq"] for each in listed("CP-1")] == [1, 3, 5]
    assert [each["seq"] for each in listed("--from", at[3], "--to", at[5])] == [3, 4]
    assert [each["kind"] for each in listed("--kind", "code")] == ["code"]
    assert listed("--layer", "modbus") == []
    assert [each["seq"] for each in listed("--from", "2026-05-04", "--to", "2026-05-04")] == [1, 2, 3, 4, 5, 6, 7, 7]
    assert listed("--from", "2026-05-05") == []


@pytest.mark.parametrize(
    "arguments",
    [("--from", "yesterday"), ("--kind", "nonsense"), ("--layer", "x"), ("--from", "2026-02-02", "--to", "2026-01-01")],
)
def test_a_wrong_question_is_told_in_a_sentence(arguments: tuple[str, ...]) -> None:
    said = chargelore("signals", *arguments)
    assert (said.code, said.out) == (2, "")
    assert arguments[0] in said.err or arguments[1] in said.err
    assert "Traceback" not in said.err


def test_a_store_without_signals_is_no_error() -> None:
    assert listed() == []
    assert "No signals" in chargelore("signals", "--format", "table").out


def test_the_table_shows_no_control_characters_and_a_sheet_runs_no_formula() -> None:
    hostile = Signal(layer="ocpp", kind="log", charger=FORMULA, at=BEGIN, fields={"text": ANSI}, raw=ANSI)
    kept(Record(run="run", seq=1, at=BEGIN, signals=(hostile,)))
    assert "\x1b" not in chargelore("signals", "--format", "table").out
    (_, row) = csv.reader(StringIO(chargelore("signals", "--format", "csv").out))
    assert row[1].startswith("'=")
    assert "\x1b" not in "".join(row)
    assert "\x1b" not in chargelore("signals", "--format", "json").out


@pytest.mark.usefixtures("_some")
def test_triage_reads_what_is_listed_and_finds_the_fault() -> None:
    said = chargelore("triage", "-", stdin=chargelore("signals", "CP-7", "--format", "json").out.encode())
    told = said.json
    assert (told["input"]["format"], told["input"]["frames"], told["input"]["unreadable"]) == ("signals", 1, 0)
    assert told["cases"][0]["hypotheses"][0]["fault"] == "ground-fault-trip"
    assert said.code == 1


def test_who_a_charger_is_goes_along() -> None:
    who = Charger(id="CP-7", vendor="Acme", model="Wall 2")
    kept(Record(run="run", seq=1, at=BEGIN, who=who), heard(2, message(7, "CP-7", payload=TRIP)))
    assert [each["kind"] for each in listed("CP-7")] == ["charger", "status", "code"]
    said = chargelore("triage", "-", stdin=chargelore("signals", "--format", "json").out.encode())
    (case,) = said.json["cases"]
    assert (case["charger"]["vendor"], case["charger"]["model"]) == ("Acme", "Wall 2")


@given(st.lists(st.text(max_size=8), min_size=1, max_size=6), st.data())
def test_a_record_cut_at_both_ends_invents_no_signal(texts: list[str], data: st.DataObject) -> None:
    whole = [reading(number, text=text) for number, text in enumerate(texts)]
    numbered = [{"run": "r", "seq": 1, "part": 0} | msgspec.to_builtins(each) for each in whole]
    lines = "".join(json.dumps(each) + "\n" for each in numbered).encode("utf-8", "replace")
    begin, end = sorted(data.draw(st.tuples(*[st.integers(0, len(lines))] * 2)))
    found = list(signals(lines_in([lines[begin:end]])))
    sound = [each for each in found if each.kind != "unreadable"]
    assert len(found) - len(sound) <= 2
    assert all(each in whole for each in sound)
    assert list(signals(lines_in([lines]))) == whole
