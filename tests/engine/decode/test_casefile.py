"""Case files: signals gathered by hand, each on its channel."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.read import Reading, read
from chargelore.engine.signal import KINDS, Signal
from chargelore.kb.errors import InputError

CHARGER = {"vendor": "Volta", "model": "Post 22", "firmware": "4.1"}
RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


def opened(*signals: object, note: str = "", **more: object) -> Reading:
    case = {"id": "c1", "charger": CHARGER, "protocol": "ocpp1.6", "note": note, "signals": list(signals), **more}
    return read(io.BytesIO(json.dumps(case).encode()))


def only(channel: str, raw: object, **more: object) -> Signal:
    (signal,) = opened({"channel": channel, "raw": raw, **more})
    return signal


def test_a_case_introduces_its_charger() -> None:
    reading = opened()
    (charger,) = reading.introduced
    assert reading.format == "case-file"
    assert (charger.id, charger.vendor, charger.model, charger.firmware) == ("c1", "Volta", "Post 22", "4.1")


def test_the_note_is_what_a_person_observed() -> None:
    (signal,) = opened(note="It hums.")
    assert (signal.kind, signal.layer, signal.fields) == ("observation", "field", {"text": "It hums.", "name": "note"})


@pytest.mark.parametrize(
    ("channel", "layer", "kind"),
    [
        ("cp.log", "firmware", "log"),
        ("cp.syslog", "firmware", "log"),
        ("csms.log", "csms", "log"),
        ("ems.log", "csms", "log"),
        ("proxy.log", "csms", "log"),
        ("csms.ui", "csms", "observation"),
        ("display", "firmware", "observation"),
        ("reporter", "field", "observation"),
        ("measurement", "field", "observation"),
        ("meter", "grid", "reading"),
        ("modbus.register", "modbus", "reading"),
        ("goe.api", "firmware", "reading"),
        ("ccs.log", "vehicle", "log"),
        ("never.heard.of", "firmware", "log"),
    ],
)
def test_a_text_takes_layer_and_kind_from_its_channel(channel: str, layer: str, kind: str) -> None:
    signal = only(channel, "something is said")
    assert (signal.layer, signal.kind, signal.fields["text"]) == (layer, kind, "something is said")


def test_a_frame_is_a_frame_as_list_as_text_and_in_a_log_line() -> None:
    frame = [2, "1", "Heartbeat", {}]
    line = f"2031-05-01 10:00:00 recv CP-A: {json.dumps(frame)}"
    for channel, raw in (("ocpp.cp_to_cs", frame), ("ocpp.cp_to_cs", json.dumps(frame)), ("csms.log", line)):
        signal = only(channel, raw)
        assert (signal.kind, signal.layer, signal.charger) == ("heartbeat", "ocpp", "c1")


def test_the_channel_says_who_sent_an_answer() -> None:
    assert only("ocpp.cs_to_cp", [3, "1", {"status": "Accepted"}]).fields["from"] == "csms"


def test_a_frame_that_lost_its_beginning_is_read_from_its_action_on() -> None:
    signal = only(
        "ocpp.cp_to_cs", 'StatusNotification", {"connectorId": 2, "errorCode": "NoError", "status": "Faulted"}'
    )
    assert (signal.kind, signal.connector, signal.fields["status"]) == ("status", 2, "Faulted")
    assert "cut" in signal.marks


def test_the_time_of_a_signal_is_taken_from_its_entry() -> None:
    signal = only("cp.log", "relay on", ts="2031/05/01 10:00:09")
    assert signal.at is not None
    assert (signal.at.year, signal.at.second) == (2031, 9)


@given(st.lists(st.fixed_dictionaries({"channel": st.text(max_size=9), "raw": RAW}) | RAW, max_size=5))
def test_any_entries_make_signals(entries: list[object]) -> None:
    assert all(signal.kind in KINDS for signal in opened(*entries))


def test_a_case_file_cut_short_is_read_as_far_as_it_goes() -> None:
    case = {"id": "c1", "signals": [{"channel": "cp.log", "raw": f"line {number}"} for number in range(9)]}
    found = list(read(io.BytesIO(json.dumps(case)[:-60].encode())))
    assert len(found) >= 6
    assert all("cut" in signal.marks for signal in found)


def test_signals_that_are_no_list_are_refused_with_a_cure() -> None:
    with pytest.raises(InputError, match="signals"):
        read(io.BytesIO(b'{"id": "c1", "signals": "none"}'))


def test_a_log_of_json_lines_is_no_case_file() -> None:
    reading = read(io.BytesIO(b'{"ts": 1, "msg": "the \\"signals\\" are fine"}\n{"ts": 2, "msg": "x"}\n'))
    assert reading.format != "case-file"


@pytest.mark.parametrize("channel", ["firmware.log", "ocpp.info", "display"])
def test_words_that_look_like_a_program_and_a_level_are_kept(channel: str) -> None:
    case = json.dumps({"charger": {"id": "c"}, "signals": [{"channel": channel, "raw": "pilot error"}]})
    assert [each.fields["text"] for each in read(io.BytesIO(case.encode()))] == ["pilot error"]


def test_an_object_of_a_makers_interface_is_read_like_its_text() -> None:
    body = {"car": 1, "err": 8, "amp": 16, "frc": 0}
    said, written = (list(opened({"channel": "api", "raw": raw})) for raw in (body, json.dumps(body)))
    assert [each.fields["code"] for each in said if each.kind == "code"] == ["8"]
    assert [(each.kind, dict(each.fields)) for each in said] == [(each.kind, dict(each.fields)) for each in written]
