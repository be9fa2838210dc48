"""Faults of OCPP 2.x come from events on variables that mean one, and every message of the device model is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ocpp_schemas import event, notify, valid

from chargelore.engine.decode import dialogue
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.door import redacted
from chargelore.engine.signal import Signal

VERSIONS = ("2.0.1", "2.1")


def decoded(action: str, payload: dict[str, object], version: str = "2.0.1") -> tuple[Signal, ...]:
    frame = json.dumps([2, "1", action, valid(action, payload, version)])
    return decode_frame(frame, direction="charger", version=version)


def codes(*told: dict[str, object], version: str = "2.0.1") -> list[str]:
    signals = decoded("NotifyEvent", notify(*told, version=version), version)
    return [str(each.fields["code"]) for each in signals if each.kind == "code"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("component", "variable", "value"),
    [
        ("RCD", "Tripped", "true"),
        ("Connector", "Problem", "true"),
        ("EVSE", "Overload", "true"),
        ("FloodSensor", "Active", "true"),
        ("OverCurrentProtection", "Operated", "true"),
        ("DataLink", "Fallback", "true"),
    ],
)
def test_a_variable_that_means_trouble_is_a_code_while_it_is_true(
    component: str, variable: str, value: str, version: str
) -> None:
    assert codes(event(component, variable, value), version=version) == [f"{component}.{variable}"]
    assert codes(event(component, variable, "false"), version=version) == []


@pytest.mark.parametrize("component", ["ChargingStation", "EVSE", "Connector"])
def test_that_a_part_is_faulted_is_no_cause(component: str) -> None:
    assert codes(event(component, "AvailabilityState", "Faulted")) == []


@pytest.mark.parametrize(
    ("component", "variable", "value"),
    [
        ("AreaVentilation", "Active", "true"),
        ("BayOccupancySensor", "Active", "true"),
        ("RCDRecloser", "Operated", "true"),
    ],
)
def test_a_part_that_merely_works_is_no_trouble(component: str, variable: str, value: str) -> None:
    assert codes(event(component, variable, value)) == []


def test_what_the_vehicle_complains_of_is_a_code_and_what_it_merely_does_is_none() -> None:
    assert codes(event("ConnectedEV", "ChargingState", "BatteryTemperature")) == [
        "ConnectedEV.ChargingState=BatteryTemperature"
    ]
    assert codes(event("ConnectedEV", "ChargingState", "VehicleChargingEnabled")) == []


def test_a_measured_value_is_trouble_when_a_monitor_alerts_and_not_when_it_only_changes() -> None:
    high = event("ElectricalFeed", "ACVoltage", "262.1")
    assert codes(high) == ["ElectricalFeed.ACVoltage"]
    assert codes({**high, "severity": 8}, version="2.1") == []
    assert codes({**high, "severity": 4}, version="2.1") == ["ElectricalFeed.ACVoltage"]
    assert codes({**high, "trigger": "Delta"}) == []
    assert codes({**high, "trigger": "Periodic"}) == []
    assert codes(event("EVSE", "Power", "7400")) == []


def test_the_code_of_the_maker_stands_beside_the_name_of_the_part() -> None:
    told = event("PowerContactor", "Problem", more={"techCode": "E17", "techInfo": "relay 3 does not open"})
    signals = decoded("NotifyEvent", notify(told))
    assert [(each.fields["code"], each.fields["text"]) for each in signals[1:]] == [
        ("E17", "relay 3 does not open"),
        ("PowerContactor.Problem", "relay 3 does not open"),
    ]


def test_a_cleared_event_brings_no_code_of_any_kind() -> None:
    assert codes(event("PowerContactor", "Problem", more={"techCode": "E17", "cleared": True})) == []
    assert codes(event("PowerContactor", "Problem", "false", more={"techCode": "E17"})) == []


def test_of_a_chain_of_causes_in_one_message_the_root_counts_whatever_the_order() -> None:
    root = event("RCD", "Tripped", number=7)
    between = event("PowerContactor", "Tripped", number=8, more={"cause": 7})
    last = event("Connector", "Problem", number=9, more={"cause": 8, "techCode": "E9"})
    assert codes(root, between, last) == codes(last, between, root) == ["RCD.Tripped"]
    told = decoded("NotifyEvent", notify(last, root, between))[0]
    assert (told.fields["root"], told.fields["root.eventId"]) == ("RCD.Tripped", 7)
    assert "consequence" in told.marks


def test_causes_that_go_round_in_a_circle_or_lead_nowhere_lose_no_fault() -> None:
    one = event("RCD", "Tripped", number=1, more={"cause": 2})
    other = event("EVSE", "Problem", number=2, more={"cause": 1})
    assert codes(event("RCD", "Tripped", number=1, more={"cause": 1})) == ["RCD.Tripped"]
    assert codes(event("RCD", "Tripped", number=1, more={"cause": 99})) == ["RCD.Tripped"]
    assert [each.kind for each in decoded("NotifyEvent", notify(one, other))] == ["event", "event"]


def test_a_cause_that_tells_of_no_trouble_takes_nothing_away() -> None:
    quiet = event("Connector", "AvailabilityState", "Faulted", number=1)
    assert codes(quiet, event("RCD", "Tripped", number=2, more={"cause": 1})) == ["RCD.Tripped"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_status_alone_tells_no_fault(version: str) -> None:
    status = {"timestamp": "2026-01-05T08:00:00Z", "connectorStatus": "Faulted", "evseId": 1, "connectorId": 1}
    assert [each.kind for each in decoded("StatusNotification", status, version)] == ["status"]


def reported(*data: tuple[str, str, str, str]) -> dict[str, object]:
    told = [
        {
            "component": {"name": component, "evse": {"id": 2}},
            "variable": {"name": variable},
            "variableAttribute": [{"type": "Target", "value": "9"}, {"type": "Actual", "value": value}],
            "variableCharacteristics": {"dataType": kind, "supportsMonitoring": True, "unit": "V"},
        }
        for component, variable, value, kind in data
    ]
    return {"requestId": 1, "generatedAt": "2026-01-05T08:00:00Z", "seqNo": 0, "reportData": told}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_report_of_the_device_model_becomes_readings(version: str) -> None:
    told = decoded("NotifyReport", reported(("ElectricalFeed", "ACVoltage", "229.5", "decimal")), version)
    call, reading = told
    assert (call.kind, call.fields["requestId"], call.fields["ElectricalFeed.ACVoltage"]) == ("call", 1, 229.5)
    assert (reading.kind, reading.connector) == ("reading", 2)
    assert (reading.fields["name"], reading.fields["value"], reading.fields["unit"]) == (
        "ElectricalFeed.ACVoltage",
        229.5,
        "V",
    )


def test_a_report_tells_what_is_wrong_now() -> None:
    told = decoded(
        "NotifyReport", reported(("RCD", "Tripped", "true", "boolean"), ("RCD", "Problem", "false", "boolean"))
    )
    assert [each.fields["code"] for each in told if each.kind == "code"] == ["RCD.Tripped"]


def test_what_names_a_device_or_a_vehicle_passes_the_door_as_a_pseudonym() -> None:
    report = reported(
        ("FiscalMetering", "SerialNumber", "METER77123", "string"), ("RCD", "Problem", "false", "boolean")
    )
    for signal in decoded("NotifyReport", report):
        assert "METER77123" not in str(redacted(signal, b"key"))
    told = notify(event("ConnectedEV", "VehicleId", "WVWZZZ77"), event("RCD", "Tripped", number=2))
    for signal in decoded("NotifyEvent", told):
        assert "WVWZZZ77" not in str(redacted(signal, b"key"))


def test_each_monitor_of_a_report_is_known_by_its_number() -> None:
    monitor = {
        "component": {"name": "ElectricalFeed"},
        "variable": {"name": "ACVoltage"},
        "variableMonitoring": [
            {"id": 4, "transaction": False, "value": 253.0, "type": "UpperThreshold", "severity": 4},
            {"id": 5, "transaction": False, "value": 195.5, "type": "LowerThreshold", "severity": 4},
        ],
    }
    payload = {"requestId": 1, "generatedAt": "2026-01-05T08:00:00Z", "seqNo": 0, "monitor": [monitor]}
    told = decoded("NotifyMonitoringReport", payload)
    assert [(each.fields["monitor.id"], each.fields["monitor.type"]) for each in told] == [
        (4, "UpperThreshold"),
        (5, "LowerThreshold"),
    ]


def test_an_alarm_of_the_grid_in_2_1_is_a_code_until_it_ends() -> None:
    alarm = {"controlType": "HVMustTrip", "gridEventFault": "OverVoltage", "timestamp": "2026-01-05T08:00:00Z"}
    assert [each.kind for each in decoded("NotifyDERAlarm", alarm, "2.1")] == ["call", "code"]
    assert [each.kind for each in decoded("NotifyDERAlarm", {**alarm, "alarmEnded": True}, "2.1")] == ["call"]


@pytest.mark.parametrize(
    ("status", "kinds"), [("Failed", ["call", "code"]), ("Rejected", ["call", "code"]), ("Settled", ["call"])]
)
def test_a_payment_that_fails_in_2_1_is_a_code(status: str, kinds: list[str]) -> None:
    paid = {"pspRef": "p", "status": status, "settlementAmount": 1.5, "settlementTime": "2026-01-05T08:00:00Z"}
    assert [each.kind for each in decoded("NotifySettlement", paid, "2.1")] == kinds


def test_batteries_that_are_swapped_tell_charge_and_health_but_not_who_they_are() -> None:
    battery = {"evseId": 3, "serialNumber": "BAT4711007", "soC": 81.5, "soH": 93.0}
    token = {"idToken": "CARD0815", "type": "ISO14443"}
    payload = {"batteryData": [battery], "eventType": "BatteryIn", "idToken": token, "requestId": 1}
    call, charge, health = decoded("BatterySwap", payload, "2.1")
    assert call.fields["eventType"] == "BatteryIn"
    assert (charge.fields["value"], health.fields["value"], charge.connector) == (81.5, 93.0, 3)
    assert all("BAT4711007" not in str(redacted(each, b"key")) for each in (call, charge, health))


def test_a_stream_of_values_in_2_1_is_dated_by_the_station() -> None:
    frame = [6, "1", "NotifyPeriodicEventStream", {"id": 4, "pending": 0, "basetime": "2026-01-05T08:00:00Z",
             "data": [{"t": 0.0, "v": "229.5"}, {"t": 2.5, "v": "230"}]}]  # fmt: skip
    call, *told = decode_frame(frame, direction="charger")
    assert call.fields["pending"] == 0
    assert [(each.fields["value"], each.fields["timestamp"]) for each in told] == [
        (229.5, "2026-01-05T08:00:00+00:00"),
        (230.0, "2026-01-05T08:00:02.500000+00:00"),
    ]


@pytest.mark.parametrize("reason", ["GroundFault", "OvercurrentFault", "PowerLoss", "PowerQuality", "EmergencyStop"])
def test_a_transaction_that_a_fault_ends_says_which(reason: str) -> None:
    payload = {
        "eventType": "Ended", "timestamp": "2026-01-05T08:00:00Z", "triggerReason": "AbnormalCondition", "seqNo": 2,
        "transactionInfo": {"transactionId": "t1", "stoppedReason": reason}, "evse": {"id": 1},
    }  # fmt: skip
    assert [each.fields.get("code") for each in decoded("TransactionEvent", payload)] == [None, reason]


@pytest.mark.parametrize(
    ("action", "payload", "version"),
    [
        ("ReservationStatusUpdate", {"reservationId": 5, "reservationUpdateStatus": "Expired"}, "2.0.1"),
        ("NotifyDisplayMessages", {"requestId": 5, "messageInfo": [
            {"id": 1, "priority": "InFront", "state": "Faulted", "message": {"format": "UTF8", "content": "see app"}}
        ]}, "2.0.1"),
        ("NotifyEVChargingNeeds", {"evseId": 1, "chargingNeeds": {"requestedEnergyTransfer": "AC_three_phase",
            "acChargingParameters": {"energyAmount": 9000, "evMinCurrent": 6, "evMaxCurrent": 16, "evMaxVoltage": 230}
        }}, "2.0.1"),
        ("NotifyPriorityCharging", {"transactionId": "t", "activated": True}, "2.1"),
        ("NotifyDERStartStop", {"controlId": "c", "started": True, "timestamp": "2026-01-05T08:00:00Z"}, "2.1"),
    ],
)  # fmt: skip
def test_what_only_informs_is_kept_whole_and_is_no_fault(action: str, payload: dict[str, object], version: str) -> None:
    (call,) = decoded(action, payload, version)
    assert call.kind == "call"
    assert set(payload) <= {name.partition(".")[0] for name in call.fields} | {"connector"}


names = st.sampled_from(["RCD", "EVSE", "ElectricalFeed", "ConnectedEV", "Connector", "", None, 7])
variables = st.sampled_from(["Tripped", "Problem", "ACVoltage", "ChargingState", "Active", "", None, []])
odd_events = st.fixed_dictionaries(
    {},
    optional={
        "eventId": st.one_of(st.integers(0, 5), st.text(max_size=2), st.none(), st.lists(st.integers(), max_size=1)),
        "cause": st.one_of(st.integers(0, 5), st.text(max_size=2), st.none()),
        "component": st.one_of(st.fixed_dictionaries({"name": names}), names),
        "variable": st.one_of(st.fixed_dictionaries({"name": variables}), variables),
        "actualValue": st.sampled_from(["true", "false", True, 3, "262", None, {}]),
        "cleared": st.sampled_from([True, False, "true", None]),
        "trigger": st.sampled_from(["Alerting", "Delta", "Periodic", 3]),
        "techCode": st.sampled_from(["E1", "", None, 4, "E1,E2"]),
        "variableMonitoringId": st.integers(0, 3),
    },
)


@given(st.lists(st.lists(odd_events, max_size=5), max_size=6))
def test_whatever_events_say_each_is_kept_and_the_state_stays_a_value(messages: list[list[dict[str, object]]]) -> None:
    state, heard, told = dialogue.START, 0, 0
    for line, data in enumerate(messages, 1):
        for signal in decode_frame([2, str(line), "NotifyEvent", {"eventData": data}], direction="charger", line=line):
            heard += signal.kind == "event"
            state, out = dialogue.step(state, signal)
            told += sum(each.kind == "event" for each in out)
    assert told == heard == sum(max(1, len(data)) for data in messages)


@pytest.mark.parametrize(
    ("version", "kind"), [("1.6", "InvalidCentralSystemCertificate"), ("2.0.1", "InvalidCsmsCertificate")]
)
def test_a_security_event_that_says_what_is_wrong_is_a_code_and_one_of_any_day_is_none(version: str, kind: str) -> None:
    said = {"type": kind, "timestamp": "2026-01-05T08:00:00Z", "techInfo": "not yet valid"}
    frame = [2, "1", "SecurityEventNotification", said]
    event, code = decode_frame(frame, direction="charger", version=version)
    assert (event.kind, code.fields["code"], code.fields["text"]) == ("security", kind, "not yet valid")
    day = [2, "1", "SecurityEventNotification", {**said, "type": "SettingSystemTime"}]
    assert [each.kind for each in decode_frame(day, direction="charger", version=version)] == ["security"]
