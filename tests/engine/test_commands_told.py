"""A command that is refused, not answered, or answered and then ignored is a symptom in every version of OCPP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from ocpp.messages import MessageType, get_validator
from ocpp_schemas import valid

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.signal import Signal
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
TOKEN = {"idToken": "CARD1", "type": "ISO14443"}
Command = tuple[str, dict[str, object]]
START: dict[str, Command] = {
    "1.6": ("RemoteStartTransaction", {"idTag": "CARD1", "connectorId": 1}),
    **dict.fromkeys(("2.0.1", "2.1"), ("RequestStartTransaction", {"idToken": TOKEN, "remoteStartId": 1, "evseId": 1})),
}
STOP: dict[str, Command] = {
    "1.6": ("RemoteStopTransaction", {"transactionId": 7}),
    **dict.fromkeys(("2.0.1", "2.1"), ("RequestStopTransaction", {"transactionId": "t7"})),
}
RESET: dict[str, Command] = {
    "1.6": ("Reset", {"type": "Soft"}),
    **dict.fromkeys(("2.0.1", "2.1"), ("Reset", {"type": "Immediate"})),
}
AWAY: dict[str, Command] = {
    "1.6": ("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"}),
    **dict.fromkeys(("2.0.1", "2.1"), ("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 1}})),
}
TRIGGER = dict.fromkeys(START, ("TriggerMessage", {"requestedMessage": "StatusNotification"}))
REPORT = dict.fromkeys(("2.0.1", "2.1"), ("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"}))
BOOT = {"chargePointVendor": "Acme", "chargePointModel": "One"}
BOOT_2 = {"reason": "RemoteReset", "chargingStation": {"vendorName": "Acme", "model": "One"}}

VERSIONS = ("1.6", "2.0.1", "2.1")
IGNORED = [
    (START, "remote-start-accepted-no-transaction"),
    (STOP, "remote-stop-accepted-goes-on"),
    (RESET, "reset-accepted-no-boot"),
    (AWAY, "availability-ignored"),
    (TRIGGER, "triggered-status-stays-away"),
    (REPORT, "report-stays-away"),
]
REFUSED = [
    (START, "remote-start-rejected"),
    (STOP, "command-refused"),
    (RESET, "command-refused"),
    (AWAY, "command-refused"),
    (TRIGGER, "trigger-rejected"),
]
CASES = [(version, *each) for each in IGNORED for version in VERSIONS if version in each[0]]


def sent(at: float, way: str, body: list[object], version: str) -> tuple[Signal, ...]:
    time = NOON + timedelta(seconds=at)
    return decode_frame(
        json.dumps(body), direction=way, version=version, charger="CP-1", at=time, line=round(at * 10) + 1
    )


def course(
    version: str, command: Command, status: str | None, follows: Command | None = None, after: float = 20
) -> Iterator[Signal]:
    """A boot, a command, its answer if any, what follows it if anything, and an hour of heartbeats."""
    action, payload = command
    get_validator(MessageType.Call, action, version).validate(payload)
    yield from sent(0, "charger", [2, "b", "BootNotification", BOOT if version == "1.6" else BOOT_2], version)
    yield from sent(
        1, "csms", [3, "b", {"status": "Accepted", "interval": 60, "currentTime": NOON.isoformat()}], version
    )
    yield from sent(10, "csms", [2, "c", action, payload], version)
    if status is not None:
        get_validator(MessageType.CallResult, action, version).validate({"status": status})
        yield from sent(11, "charger", [3, "c", {"status": status}], version)
    beats = [(60.0 * n, [2, f"h{n}", "Heartbeat", {}]) for n in range(1, 60)]
    told = [] if follows is None else [(after, [2, "f", follows[0], valid(*follows, version)])]
    for at, body in sorted((*beats, *told), key=lambda each: each[0]):
        yield from sent(at, "charger", body, version)
        yield from sent(at + 0.5, "csms", [3, body[1], {}], version)


def fired(told: Iterator[Signal]) -> set[str]:
    with Watch(knowledge(), rules()) as watch:
        for each in told:
            watch.feed(each)
        return set(watch.fired)


@pytest.mark.parametrize(("version", "command", "rule"), CASES)
def test_a_command_that_is_accepted_and_ignored_is_a_symptom(
    version: str, command: dict[str, Command], rule: str
) -> None:
    assert rule in fired(course(version, command[version], "Accepted"))


@pytest.mark.parametrize(("version", "command", "rule"), CASES)
def test_a_command_that_stays_unanswered_is_a_symptom_and_not_one_that_is_ignored(
    version: str, command: dict[str, Command], rule: str
) -> None:
    found = fired(course(version, command[version], None))
    assert "command-unanswered" in found
    assert rule not in found


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("command", "rule"), REFUSED)
def test_a_command_that_is_rejected_is_a_symptom(version: str, command: dict[str, Command], rule: str) -> None:
    found = fired(course(version, command[version], "Rejected"))
    assert rule in found
    assert not {name for _, name in IGNORED} & found


def begun(version: str, kind: str) -> Command:
    """A transaction begins or ends."""
    if version == "1.6":
        start = {"connectorId": 1, "idTag": "CARD1", "meterStart": 0, "timestamp": NOON.isoformat()}
        stop = {"transactionId": 7, "meterStop": 5, "timestamp": NOON.isoformat()}
        return ("StartTransaction", start) if kind == "Started" else ("StopTransaction", stop)
    return "TransactionEvent", {
        "eventType": kind, "timestamp": NOON.isoformat(), "triggerReason": "RemoteStart", "seqNo": 0,
        "transactionInfo": {"transactionId": "t7"}, "evse": {"id": 1},
    }  # fmt: skip


def answer_of(version: str, rule: str) -> Command:
    """What a charger does that carries out the command behind a rule."""
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Unavailable"}
    status_2 = {"evseId": 1, "connectorId": 1, "connectorStatus": "Unavailable", "timestamp": NOON.isoformat()}
    return {
        "remote-start-accepted-no-transaction": begun(version, "Started"),
        "remote-stop-accepted-goes-on": begun(version, "Ended"),
        "reset-accepted-no-boot": ("BootNotification", BOOT if version == "1.6" else BOOT_2),
        "availability-ignored": ("StatusNotification", status if version == "1.6" else status_2),
        "triggered-status-stays-away": ("StatusNotification", status if version == "1.6" else status_2),
        "report-stays-away": ("NotifyReport", {"requestId": 1, "generatedAt": NOON.isoformat(), "seqNo": 0}),
    }[rule]


@pytest.mark.parametrize(("version", "command", "rule"), CASES)
def test_a_command_that_is_carried_out_is_no_symptom(version: str, command: dict[str, Command], rule: str) -> None:
    assert rule not in fired(course(version, command[version], "Accepted", answer_of(version, rule)))
