"""Translating codes: the namespace comes from the decoder, from the vendorId, or from the maker of the charger."""

from __future__ import annotations

from chargelore.engine.case import Charger
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Signal
from chargelore.engine.translate import fault_signals, seen_codes
from chargelore.kb.codes import Codes
from chargelore.kb.load import shipped

CODES = Codes(shipped())
SOMEBODYS = Charger(id="CP-1", vendor="Nobody", model="One")


def code(value: str, **fields: str) -> Signal:
    return Signal(layer="ocpp", kind="code", charger="CP-1", fields={"code": value, **fields})


def faults(signal: Signal, charger: Charger = SOMEBODYS) -> list[object]:
    return [each.fields["fault"] for each in fault_signals(signal, seen_codes(signal, charger, CODES))]


def status(**payload: object) -> list[Signal]:
    frame = [2, "7", "StatusNotification", {"connectorId": 1, "status": "Faulted", "timestamp": "", **payload}]
    decoded = decode_frame(frame, direction="up", version="1.6", charger="CP-1", at=None, line=1)
    return [each for each in decoded if each.kind == "code"]


def test_a_vendor_id_names_the_list_that_a_code_is_from() -> None:
    assert faults(code("A001", vendorId="com.evgo.mrec")) == ["partial-insertion"]
    assert faults(code("A001")) == []


def test_a_vendor_id_that_nobody_knows_leaves_the_code_to_the_maker() -> None:
    zaptec = Charger(id="CP-1", vendor="Zaptec", model="Zaptec Go")
    assert faults(code("4096", vendorId="something else", channel="ocpp.vendorErrorCode"), zaptec) == [
        "ground-fault-trip"
    ]


def test_a_normal_stop_is_known_but_no_fault() -> None:
    seen = seen_codes(code("Local", vendor="OCPP 1.6", channel="ocpp.reason"), SOMEBODYS, CODES)
    assert [each.fault for each in seen] == ["normal-stop"]
    assert faults(code("Local", vendor="OCPP 1.6", channel="ocpp.reason")) == []


def test_a_code_that_nobody_mapped_is_kept_as_it_came() -> None:
    seen = seen_codes(code("E-4711", text="strange"), SOMEBODYS, CODES)
    assert [(each.code, each.text, each.fault) for each in seen] == [("E-4711", "strange", None)]


def test_everests_two_reports_of_one_fault_name_the_same_fault() -> None:
    first = status(errorCode="OtherError", vendorId="https://chargex.inl.gov", vendorErrorCode="CX014")
    cause = "evse_board_support/MREC14PilotFault"
    second = status(errorCode="OtherError", vendorId="EVerest", info=f"caused_by:{cause}", vendorErrorCode=cause)
    for report in (first, second):
        assert "control-pilot-out-of-range" in {fault for each in report for fault in faults(each)}
