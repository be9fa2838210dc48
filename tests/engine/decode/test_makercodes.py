"""Codes in lines of text come out in the namespace of whoever writes them so; ordinary words are no codes."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.logs.makercodes import written_in
from chargelore.engine.read import read
from chargelore.engine.signal import Signal

BUS_ERROR = "Error raised, type: evse_board_support/MREC14PilotFault, sub_type: , description: x"


def signals(text: str) -> list[Signal]:
    return list(read(io.BytesIO(text.encode())))


@pytest.mark.parametrize(
    ("line", "vendor", "code", "channel"),
    [
        (BUS_ERROR, "EVerest", "evse_board_support/MREC14PilotFault", "api:everest_error"),
        ("$ST 07^2F", "OpenEVSE", "7", "api:state"),
        ("$AT 0A 06 16 0120", "OpenEVSE", "10", "api:state"),
        ("go-eCharger/000001/err 3", "go-e", "3", "api:err"),
        ("CableCheckRes says FAILED_SequenceError", "ISO 15118-2", "FAILED_SequenceError", "v2g:ResponseCode"),
    ],
)
def test_a_code_in_a_line_has_its_namespace(line: str, vendor: str, code: str, channel: str) -> None:
    (found,) = (each for each in signals(f"10:00:00 begin\n{line}\n") if each.kind == "code")
    assert (found.fields["vendor"], found.fields["code"], found.fields["channel"]) == (vendor, code, channel)


@pytest.mark.parametrize(
    "line",
    [
        "$ST 03^2B",
        "$AT fe 06 16 0120",
        "go-eCharger/000001/err 0",
        "see docs/Errors or evse/State",
        "FAILED to connect",
    ],
)
def test_what_is_no_trouble_gives_no_code(line: str) -> None:
    assert [each for each in signals(f"10:00:00 begin\n{line}\n") if each.kind == "code"] == []


@given(st.text(max_size=80))
def test_any_text_can_be_asked(text: str) -> None:
    assert all(each.code in text or each.vendor == "OpenEVSE" for each in written_in(text))


@pytest.mark.parametrize(
    "carrier",
    [
        "<131>1 2031-05-01T10:00:00.100Z box-1 evsed 231 - - ",
        '<131>1 2031-05-01T10:00:00Z box-1 evsed - ID7 [x@1 a="b"] ',
        "<131>May  1 10:00:00 box-1 evsed[231]: ",
        "May  1 10:00:00 box-1 evsed: ",
    ],
)
def test_syslog_of_either_kind_carries_a_line_with_its_time(carrier: str) -> None:
    found = signals(f'{carrier}error code 0x21 on connector 1\n{carrier}Sent [2,"m1","Heartbeat",{{}}]\n')
    assert [each.kind for each in found] == ["log", "code", "heartbeat"]
    assert found[1].fields["code"] == "0x21"
    assert all(each.at is not None and (each.at.month, each.at.hour) == (5, 10) for each in found)


def test_registers_as_a_polling_program_prints_them_are_readings_of_the_bus() -> None:
    found = [each for each in signals("-- Polling slave 1...\n[100]: \t3\n[101]: \t-7\n") if each.layer == "modbus"]
    assert [(each.fields["address"], each.fields["value"]) for each in found] == [(100, 3), (101, -7)]


def test_a_kubernetes_line_is_read_as_what_it_carries() -> None:
    line = '{"stream":"stderr","logtag":"F","log":"ERROR valve stuck\\n","time":"2031-05-01T10:00:00.1Z"}'
    (found,) = signals(f"{line}\n")
    assert (found.fields["text"], found.fields["level"]) == ("valve stuck", "error")
    assert found.at is not None
    assert found.at.year == 2031
