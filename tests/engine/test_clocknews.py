"""A clock that is off becomes a signal that rules can use, once, when it is sure; a clock that is right is no news."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.signal import Signal
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def frame(at: float, number: int, way: str, body: list[object]) -> tuple[Signal, ...]:
    time = NOON + timedelta(seconds=at)
    return decode_frame(json.dumps(body), direction=way, charger="CP-1", at=time, line=number)


def talk(ahead: float = 0.0, csms: float | None = 0.0, pace: float = 0.0, times: int = 12) -> Iterator[Signal]:
    """Statuses and heartbeats every ten minutes; clocks ahead by so many seconds, one gaining so many a day."""
    for number in range(times):
        at = 600.0 * number
        dated = (NOON + timedelta(seconds=at + ahead + pace * at / 86_400)).isoformat()
        status = {"connectorId": 1, "status": "Available", "errorCode": "NoError", "timestamp": dated}
        yield from frame(at, number, "charger", [2, f"s{number}", "StatusNotification", status])
        yield from frame(at, number, "csms", [3, f"s{number}", {}])
        if csms is not None:
            now = (NOON + timedelta(seconds=at + csms)).isoformat()
            yield from frame(at, number, "charger", [2, f"h{number}", "Heartbeat", {}])
            yield from frame(at, number, "csms", [3, f"h{number}", {"currentTime": now}])


def symptoms(told: Iterator[Signal]) -> set[str]:
    with Watch(knowledge(), rules()) as watch:
        for each in told:
            watch.feed(each)
        fired = set(watch.fired)
    return {rule for rule in fired if "clock" in rule}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (talk(), set()),
        (talk(ahead=-430), {"charger-clock-off"}),
        (talk(ahead=90), set()),
        (talk(ahead=7_200), {"charger-clock-in-local-time"}),
        (talk(ahead=7_200, csms=None), set()),
        (talk(ahead=3_600, csms=3_600), set()),
        (talk(csms=900), {"backend-clock-off"}),
        (talk(pace=200, times=60), {"charger-clock-drifts"}),
        (talk(ahead=-1_773_057_000), {"charger-clock-never-set", "clock-at-epoch"}),
    ],
)
def test_rules_hear_how_a_clock_stands(told: Iterator[Signal], expected: set[str]) -> None:
    assert symptoms(told) == expected


def test_a_clock_is_told_once_and_again_when_it_is_set_right() -> None:
    wrong = list(talk(ahead=-430, times=10))
    after = [each for number in range(60) for each in _right(6_000.0 + 60 * number, 100 + number)]
    with Watch(knowledge(), rules()) as watch:
        for each in (*wrong, *after):
            watch.feed(each)
        told = [each for case in watch.cases.values() for each in case.signals if each.kind == "clock"]
    assert [each.fields["looks"] for each in told] == ["behind", "right"]


def _right(at: float, number: int) -> tuple[Signal, ...]:
    dated = (NOON + timedelta(seconds=at)).isoformat()
    status = {"connectorId": 1, "status": "Available", "errorCode": "NoError", "timestamp": dated}
    return frame(at, number, "charger", [2, f"r{number}", "StatusNotification", status])


def test_messages_that_all_waited_alike_for_a_moment_are_no_clock() -> None:
    early = [each for number in range(3) for each in _old(number)]
    with Watch(knowledge(), rules()) as watch:
        for each in early:
            watch.feed(each)
        assert not [rule for rule in watch.fired if "clock" in rule]


def _old(number: int) -> tuple[Signal, ...]:
    status = {"connectorId": 1, "status": "Available", "errorCode": "NoError", "timestamp": "2026-03-09T09:00:00Z"}
    return frame(float(number), number, "charger", [2, f"o{number}", "StatusNotification", status])


def test_a_register_that_holds_the_time_tells_of_the_clock_too() -> None:
    with Watch(knowledge(), rules()) as watch:
        for number in range(10):
            at = NOON + timedelta(seconds=10 * number)
            fields = {"name": "clock", "value": (at + timedelta(hours=2)).timestamp(), "unit": "s"}
            watch.feed(Signal(layer="modbus", kind="reading", charger="CP-1", at=at, fields=fields))
        (clock,) = watch.clock("CP-1")
    assert (clock.looks, clock.ahead, clock.pairs) == ("time-zone", 7_200.0, 10)
