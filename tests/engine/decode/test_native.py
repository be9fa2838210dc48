"""Native codes: all forms seen in the field, and what says nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.decode.native import is_null, separated, transfer_codes
from chargelore.engine.signal import Signal


def codes(**payload: object) -> list[str]:
    signals = decode_frame([2, "1", "StatusNotification", {"connectorId": 1, **payload}])
    return [str(each.fields["code"]) for each in signals if each.kind == "code"]


@pytest.mark.parametrize(
    "code", ["", "0", "000000", "0,0,0,0", "null", "NoError", "No_Error", "none", "0x0000", "-", "OK"]
)
def test_words_for_nothing_are_no_codes(code: str) -> None:
    assert is_null(code)
    assert codes(errorCode="NoError", status="Available", vendorErrorCode=code) == []


@given(st.text(max_size=50))
def test_any_code_field_can_be_taken_apart(code: str) -> None:
    assert all(separated(code)) or is_null(code)


def test_codes_joined_with_commas_or_semicolons_are_several() -> None:
    assert separated("A004,F0D1") == ("A004", "F0D1")
    assert separated("CX001; CX002") == ("CX001", "CX002")


def test_a_sentence_with_commas_is_one_code() -> None:
    assert separated("Relay stuck, call service") == ("Relay stuck, call service",)


def test_a_vendor_code_counts_even_with_no_error() -> None:
    assert codes(errorCode="NoError", status="Available", vendorErrorCode="0x0200") == ["0x0200"]


def test_info_is_a_code_only_where_it_is_written_like_one() -> None:
    assert codes(errorCode="NoError", status="Preparing", info="EVConnected") == []
    assert codes(errorCode="NoError", status="Preparing", info="PILOT_FAULT_12V") == ["PILOT_FAULT_12V"]


def test_info_is_the_code_of_a_fault_that_has_no_other() -> None:
    assert codes(errorCode="OtherError", status="Faulted", info="door open") == ["OtherError", "door open"]
    assert codes(errorCode="NoError", status="Faulted", info="door open") == ["door open"]


def test_codes_inside_json_info_are_found() -> None:
    info = json.dumps({"code": 512, "detail": {"errorCode": "R2"}, "text": "x"})
    assert codes(errorCode="NoError", status="Available", info=info) == ["512", "R2"]


@pytest.mark.parametrize(
    ("subject", "data", "codes"),
    [
        ("ErrorReport", '{"errorCode":"E204","description":"RCD"}', ["E204"]),
        ("Fault", "E17", ["E17"]),
        ("alarms", "E17;E18", ["E17", "E18"]),
        ("getState", '{"errorCode":"E204"}', ["E204"]),
        ("payment", '{"code":"200"}', []),
        ("chargingProfile", "16", []),
        ("Fault", "no such thing happened here today", []),
        ("Fault", '{"errorCode":0,"code":"none"}', []),
        ("Fault", '{"errorCode":[1,2]', []),
    ],
)
def test_a_makers_error_in_a_data_transfer_is_a_code(subject: str, data: str, codes: list[str]) -> None:
    base = Signal(layer="ocpp", kind="data-transfer")
    payload = {"vendorId": "com.volta", "messageId": subject, "data": data}
    told = list(transfer_codes(base, payload))
    assert [each.fields["code"] for each in told] == codes
    assert all(each.fields["vendorId"] == "com.volta" for each in told)
