"""One frame in, signals out: the kinds, fields and marks that rules rely on."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.decode.actions import CSMS_REQUESTS, KIND_OF_CHARGER_REQUEST
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import KINDS, Signal

NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
PAYLOADS = st.dictionaries(
    st.sampled_from(["connectorId", "evseId", "status", "errorCode", "meterValue", "eventData", "info", "evse", "x"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
)
ACTIONS = st.sampled_from([*KIND_OF_CHARGER_REQUEST, *CSMS_REQUESTS, "DataTransfer", "NobodyKnowsThis"])


def call(action: str, payload: object, uid: object = "1") -> str:
    return json.dumps([2, uid, action, payload])


def only(text: str) -> Signal:
    (signal,) = decode_frame(text)
    return signal


@given(ACTIONS, PAYLOADS, st.sampled_from(["", "1.6", "2.0.1", "2.1"]))
def test_any_payload_of_any_action_makes_signals_of_known_kinds(action: str, payload: object, version: str) -> None:
    signals = decode_frame([2, "1", action, payload], version=version, charger="CP1", at=NOON, line=3)
    assert signals
    for signal in signals:
        assert signal.kind in KINDS
        assert (signal.charger, signal.at, signal.line) == ("CP1", NOON, 3)
        assert all(isinstance(value, str | int | float | bool | None) for value in signal.fields.values())
        json.dumps(dict(signal.fields), allow_nan=False).encode()


@given(st.text())
def test_any_text_is_decoded_or_kept_as_unreadable(text: str) -> None:
    assert decode_frame(text)


def test_what_is_no_frame_is_kept_whole() -> None:
    signal = only("hello there")
    assert signal.kind == "unreadable"
    assert signal.raw == "hello there"
    assert "off-spec" in signal.marks


def test_a_boot_tells_vendor_model_and_firmware_in_both_versions() -> None:
    old = only(
        call("BootNotification", {"chargePointVendor": "Volt", "chargePointModel": "M1", "firmwareVersion": "3.2"})
    )
    station = {"vendorName": "Volt", "model": "M1", "firmwareVersion": "3.2"}
    new = only(call("BootNotification", {"reason": "PowerUp", "chargingStation": station}))
    for signal in (old, new):
        assert signal.kind == "boot"
        assert [signal.fields[name] for name in ("vendor", "model", "firmware")] == ["Volt", "M1", "3.2"]
    assert new.fields["reason"] == "PowerUp"


def test_a_healthy_status_carries_no_code() -> None:
    signal = only(call("StatusNotification", {"connectorId": 2, "errorCode": "NoError", "status": "Available"}))
    assert (signal.kind, signal.connector) == ("status", 2)


def test_a_fault_brings_its_codes_as_signals_of_their_own() -> None:
    payload = {
        "connectorId": 1,
        "errorCode": "GroundFailure",
        "status": "Faulted",
        "vendorErrorCode": "E7;E9",
        "info": "leak",
    }
    status, *codes = decode_frame(call("StatusNotification", payload))
    assert status.fields["errorCode"] == "GroundFailure"
    assert [(each.fields["code"], each.fields["channel"]) for each in codes] == [
        ("GroundFailure", "ocpp.errorCode"),
        ("E7", "ocpp.vendorErrorCode"),
        ("E9", "ocpp.vendorErrorCode"),
    ]
    assert all(each.kind == "code" and each.connector == 1 for each in codes)


def test_a_status_printed_in_bold_is_read_all_the_same() -> None:
    assert (
        only(call("StatusNotification", {"status": "**Available**", "errorCode": "NoError"})).fields["status"]
        == "Available"
    )


def test_a_clock_that_was_never_set_is_marked() -> None:
    payload = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": "1970-01-01T00:00:09Z"}
    assert "1970" in only(call("StatusNotification", payload)).marks


def test_each_meter_value_is_a_signal() -> None:
    values = [{"sampledValue": [{"value": str(energy)}]} for energy in (100, 160)]
    signals = decode_frame(call("MeterValues", {"connectorId": 1, "transactionId": 4, "meterValue": values}))
    assert [signal.fields["energy"] for signal in signals] == [100, 160]
    assert all(signal.fields["transactionId"] == 4 for signal in signals)


def test_of_a_stop_with_history_the_last_meter_value_counts() -> None:
    history = [{"sampledValue": [{"value": "1", "context": "Transaction.Begin"}]}, {"sampledValue": [{"value": "9"}]}]
    meter, stop = decode_frame(
        call("StopTransaction", {"transactionId": -1, "meterStop": 9, "transactionData": history})
    )
    assert (meter.kind, meter.fields["energy"]) == ("meter", 9)
    assert (stop.kind, stop.fields["transactionId"]) == ("stop", -1)


def test_the_largest_transaction_id_stays_exact() -> None:
    assert only(call("StopTransaction", {"transactionId": 2**63 - 1})).fields["transactionId"] == 2**63 - 1


@pytest.mark.parametrize(("event", "kind"), [("Started", "start"), ("Updated", "transaction"), ("Ended", "stop")])
def test_a_transaction_event_is_start_transaction_or_stop_with_its_meter(event: str, kind: str) -> None:
    payload = {
        "eventType": event,
        "triggerReason": "ChargingStateChanged",
        "transactionInfo": {"transactionId": "t-1", "chargingState": "Charging", "stoppedReason": "EVDisconnected"},
        "evse": {"id": 2, "connectorId": 1},
        "meterValue": [{"sampledValue": [{"value": 7.5, "unitOfMeasure": {"unit": "Wh", "multiplier": 3}}]}],
    }
    signal, meter = decode_frame(call("TransactionEvent", payload))
    assert (signal.kind, signal.connector) == (kind, 2)
    assert signal.fields["transactionId"] == "t-1"
    assert signal.fields["reason"] == "EVDisconnected"
    assert (meter.kind, meter.fields["energy"]) == ("meter", 7500)


def test_a_notified_event_names_component_and_variable_and_brings_its_tech_code() -> None:
    data = {
        "eventId": 1,
        "trigger": "Alerting",
        "actualValue": "true",
        "techCode": "CX011",
        "component": {"name": "Connector", "evse": {"id": 1}},
        "variable": {"name": "Problem"},
    }
    event, code, named = decode_frame(call("NotifyEvent", {"eventData": [data]}))
    assert (event.kind, event.connector) == ("event", 1)
    assert (event.fields["component"], event.fields["variable"]) == ("Connector", "Problem")
    assert (code.fields["code"], code.fields["channel"]) == ("CX011", "ocpp.techCode")
    assert (named.fields["code"], named.fields["channel"]) == ("Connector.Problem", "ocpp.notifyEvent")


@pytest.mark.parametrize("data", [{"actualValue": "false"}, {"variable": {"name": "Available"}}, {"cleared": True}])
def test_a_part_that_is_well_again_or_only_speaks_has_no_name_in_the_device_model(data: dict[str, object]) -> None:
    about = {"actualValue": "true", "component": {"name": "RCD"}, "variable": {"name": "Tripped"}, **data}
    assert [each.kind for each in decode_frame(call("NotifyEvent", {"eventData": [about]}))] == ["event"]


def test_a_cleared_event_brings_no_code() -> None:
    data = {"techCode": "CX011", "cleared": True, "component": {"name": "A"}, "variable": {"name": "B"}}
    assert [each.kind for each in decode_frame(call("NotifyEvent", {"eventData": [data]}))] == ["event"]


def test_a_request_of_the_management_system_is_a_command() -> None:
    profile = {
        "chargingSchedule": {
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6}, {"startPeriod": 60, "limit": 0}]
        }
    }
    signal = only(call("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile}))
    assert (signal.kind, signal.fields["from"]) == ("command", "csms")
    periods = "csChargingProfiles.chargingSchedule.chargingSchedulePeriod"
    assert signal.fields[f"{periods}.limit"] == 6
    assert signal.fields[f"{periods}[1].limit"] == 0


def test_an_unknown_action_goes_by_who_sent_it() -> None:
    text = call("MakeCoffee", {"cups": 2})
    assert [decode_frame(text, direction=side)[0].kind for side in (None, "charger", "csms")] == [
        "call",
        "call",
        "command",
    ]


def test_an_answer_alone_is_an_orphan_with_its_payload() -> None:
    signal = only('[3,"7",{"status":"Rejected"}]')
    assert (signal.kind, signal.fields["status"], signal.fields["uid"]) == ("orphan", "Rejected", "7")


def test_an_error_answer_tells_code_and_description() -> None:
    signal = only('[4,"7","NotSupported","no such profile",{}]')
    assert (signal.fields["error"], signal.fields["description"]) == ("NotSupported", "no such profile")


def test_settings_in_an_answer_are_known_by_name() -> None:
    keys = [
        {"key": "HeartbeatInterval", "value": "3600", "readonly": True},
        {"key": "NumberOfConnectors", "value": "2"},
    ]
    fields = only(json.dumps([3, "7", {"configurationKey": keys, "unknownKey": ["Nope"]}])).fields
    assert (fields["key.HeartbeatInterval"], fields["key.NumberOfConnectors"]) == ("3600", "2")
    assert fields["readonly.HeartbeatInterval"] is True
    assert fields["unknownKey"] == "Nope"
