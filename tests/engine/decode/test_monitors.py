"""Events of a 2.x station hang together over messages: causes, monitors, and what stands until it is cleared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from ocpp_schemas import event, notify, valid

from chargelore.engine.decode import dialogue, monitors
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.signal import Signal
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
ACVOLTAGE = {"component": {"name": "ElectricalFeed", "evse": {"id": 1}}, "variable": {"name": "ACVoltage"}}


def told(*messages: dict[str, object], version: str = "2.0.1") -> list[Signal]:
    """The signals of NotifyEvents, a minute apart."""
    return list(signals([("NotifyEvent", each) for each in messages], version))


def signals(messages: Iterable[tuple[str, dict[str, object]]], version: str = "2.0.1") -> Iterable[Signal]:
    for number, (action, payload) in enumerate(messages):
        at = NOON + timedelta(minutes=number)
        frame = json.dumps([2, f"m{number}", action, payload])
        yield from decode_frame(frame, direction="charger", version=version, charger="CP-2", at=at, line=number + 1)


def joined(heard: Iterable[Signal]) -> list[Signal]:
    state, out = dialogue.START, list[Signal]()
    for signal in heard:
        state, more = dialogue.step(state, signal)
        out += more
    return out


def words(heard: Iterable[Signal]) -> list[tuple[str, object]]:
    return [(each.kind, each.fields["code"]) for each in heard if each.kind in ("code", "ended")]


def tripped(number: int = 1, **more: object) -> dict[str, object]:
    return event("RCD", "Tripped", number=number, more=more)


def test_a_cleared_event_ends_the_fault_and_says_how_long_it_stood() -> None:
    heard = joined(told(notify(tripped()), notify(tripped(2, cleared=True))))
    assert words(heard) == [("code", "RCD.Tripped"), ("ended", "RCD.Tripped")]
    assert heard[-1].fields["stood"] == 60.0


def test_a_variable_that_is_false_again_ends_its_fault_with_the_code_of_the_maker() -> None:
    broken = event("PowerContactor", "Problem", more={"techCode": "E17"})
    well = event("PowerContactor", "Problem", "false", number=2, more={"trigger": "Delta"})
    assert words(joined(told(notify(broken), notify(well)))) == [
        ("code", "E17"),
        ("code", "PowerContactor.Problem"),
        ("ended", "E17"),
        ("ended", "PowerContactor.Problem"),
    ]


def test_what_is_cleared_on_one_evse_stands_on_the_other() -> None:
    other = event("RCD", "Tripped", number=2, evse=2, more={"cleared": True})
    assert words(joined(told(notify(tripped()), notify(other)))) == [("code", "RCD.Tripped")]


def test_what_never_stood_cannot_end() -> None:
    assert words(joined(told(notify(tripped(cleared=True))))) == []


def test_a_periodic_repeat_is_no_new_fault_but_a_new_alert_is() -> None:
    again = notify(tripped(2, trigger="Periodic"))
    assert words(joined(told(notify(tripped()), again, again))) == [("code", "RCD.Tripped")]
    assert len(words(joined(told(notify(tripped()), notify(tripped(2)))))) == 2


def test_what_an_event_of_an_earlier_message_caused_is_no_fault_of_its_own() -> None:
    root, follows = notify(tripped(7)), notify(event("Connector", "Problem", number=8, more={"cause": 7}))
    third = notify(event("EVSE", "Problem", number=9, more={"cause": 8}))
    heard = joined(told(root, follows, third))
    assert words(heard) == [("code", "RCD.Tripped")]
    assert [each.fields.get("root") for each in heard if each.kind == "event"] == [None, "RCD.Tripped", "RCD.Tripped"]


def test_a_cause_that_nobody_heard_of_loses_no_fault() -> None:
    assert words(joined(told(notify(tripped(8, cause=7))))) == [("code", "RCD.Tripped")]


@pytest.mark.parametrize(
    ("kind", "fault"), [("UpperThreshold", "input-overvoltage"), ("LowerThreshold", "input-undervoltage")]
)
def test_the_monitor_says_on_which_side_a_value_passed_its_limit(kind: str, fault: str) -> None:
    monitor = {"id": 4, "transaction": False, "value": 253.0, "type": kind, "severity": 4}
    report = valid("NotifyMonitoringReport", {
        "requestId": 1, "generatedAt": "2026-01-05T08:00:00Z", "seqNo": 0,
        "monitor": [{**ACVOLTAGE, "variableMonitoring": [monitor]}],
    })  # fmt: skip
    passed = notify(event("ElectricalFeed", "ACVoltage", "258.1", more={"variableMonitoringId": 4}))
    heard = joined(signals([("NotifyMonitoringReport", report), ("NotifyEvent", passed)]))
    assert words(heard) == [("code", f"ElectricalFeed.ACVoltage={kind}")]
    with Watch(knowledge(), rules()) as watch:
        (case,) = {case for each in signals([("NotifyMonitoringReport", report), ("NotifyEvent", passed)])
                   for case in watch.feed(each)}  # fmt: skip
        assert [each.fault for each in watch.case(case).codes] == [fault]


def test_a_monitor_that_the_management_system_set_is_known_from_the_answer() -> None:
    asked = {**ACVOLTAGE, "value": 195.0, "type": "LowerThreshold", "severity": 3}
    ask = [2, "q", "SetVariableMonitoring", {"setMonitoringData": [asked, {**asked, "type": "UpperThreshold"}]}]
    result = {**ACVOLTAGE, "severity": 3}
    answer = [3, "q", {"setMonitoringResult": [
        {**result, "status": "Accepted", "type": "LowerThreshold", "id": 12},
        {**result, "status": "Rejected", "type": "UpperThreshold"},
    ]}]  # fmt: skip
    heard = [*decode_frame(ask, direction="csms"), *decode_frame(answer, direction="charger")]
    passed = notify(event("ElectricalFeed", "ACVoltage", "188", more={"variableMonitoringId": 12}))
    assert words(joined([*heard, *told(passed)])) == [("code", "ElectricalFeed.ACVoltage=LowerThreshold")]


def test_a_limit_that_was_set_for_information_is_no_fault() -> None:
    monitor = {"id": 4, "transaction": False, "value": 240.0, "type": "UpperThreshold", "severity": 8}
    payload = {
        "requestId": 1, "generatedAt": "2026-01-05T08:00:00Z", "seqNo": 0,
        "monitor": [{**ACVOLTAGE, "variableMonitoring": [monitor]}],
    }  # fmt: skip
    passed = notify(event("ElectricalFeed", "ACVoltage", "241", more={"variableMonitoringId": 4}))
    heard = joined(signals([("NotifyMonitoringReport", payload), ("NotifyEvent", passed)]))
    assert words(heard) == []
    (said,) = (each for each in heard if each.kind == "event")
    assert (said.fields["monitor.type"], said.fields["severity"]) == ("UpperThreshold", 8)


def test_memory_stays_bounded_however_much_a_station_tells() -> None:
    state = monitors.START
    for number in range(2_000):
        payload = {"eventData": [event("RCD", "Tripped", number=number, evse=number % 900)]}
        for signal in decode_frame([2, "1", "NotifyEvent", payload], direction="charger", line=number):
            state, _ = monitors.step(state, signal)
    assert len(state.told) <= monitors.MOST_EVENTS
    assert len(state.standing) <= monitors.MOST_STANDING


def test_a_watch_knows_which_of_its_codes_are_over() -> None:
    with Watch(knowledge(), rules()) as watch:
        (case,) = {case for each in told(notify(tripped())) for case in watch.feed(each)}
        assert [each.is_over for each in watch.case(case).codes] == [False]
        for each in told(notify(tripped()), notify(tripped(2, cleared=True)))[2:]:
            watch.feed(each)
        assert [each.is_over for each in watch.case(case).codes] == [True]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
def test_a_status_alone_gives_a_watch_no_fault(version: str) -> None:
    status = {"timestamp": "2026-01-05T08:00:00Z", "connectorStatus": "Faulted", "evseId": 1, "connectorId": 1}
    message = ("StatusNotification", valid("StatusNotification", status, version))
    with Watch(knowledge(), rules()) as watch:
        cases = {case for each in signals([message], version) for case in watch.feed(each)}
        assert all(not watch.case(case).codes for case in cases)
        assert all(hypothesis.probability < 0.5 for case in cases for hypothesis in watch.diagnosis(case).hypotheses)


def test_what_stands_and_what_was_queued_is_known_again_after_a_restart() -> None:
    """A fault that stood before the watch stopped is over when it is cleared behind it."""
    before, after = told(notify(tripped()), notify(tripped(2, cleared=True)))[:2], NOON + timedelta(minutes=1)
    with Watch(knowledge(), rules()) as watch:
        for each in before:
            watch.feed(each)
        text = watch.snapshot(after)
    with Watch(knowledge(), rules()) as again:
        again.resume(text, after)
        (case,) = again.cases
        for each in told(notify(tripped()), notify(tripped(2, cleared=True)))[2:]:
            again.feed(each)
        assert [each.is_over for each in again.case(case).codes] == [True]
