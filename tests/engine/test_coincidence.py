"""Recordings without a dated message in common are put on one clock where what both tell proves it, and only there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.clocks.coincidence import apart, moments
from chargelore.engine.clocks.oneclock import on_one_clock
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Signal

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
SESSIONS = (0, 2_900, 7_100, 19_000, 26_500)  # seconds after noon at which vehicles begin to charge
CODES = (1_200, 5_555, 9_990, 15_000)


def ocpp(charger: str = "C1") -> list[Signal]:
    """What the management system logged."""
    told: list[Signal] = []
    for number, begin in enumerate(SESSIONS):
        for after, status in ((-60, "Preparing"), (0, "Charging"), (1_500, "Available")):
            at = NOON + timedelta(seconds=begin + after)
            payload = {"connectorId": 1, "status": status, "errorCode": "NoError", "timestamp": at.isoformat()}
            told += decode_frame([2, f"{number}{status}", "StatusNotification", payload], charger=charger, at=at)
    for at in CODES:
        told.append(code(at, charger))
    return sorted(told, key=lambda each: each.at or NOON)


def code(at: float, charger: str = "C1", ahead: float = 0.0) -> Signal:
    fields = {"code": f"E{round(at) % 7}", "channel": "x"}
    time = NOON + timedelta(seconds=at + ahead)
    return Signal(layer="firmware", kind="code", charger=charger, at=time, fields=fields)


def meter(ahead: float, charger: str = "") -> list[Signal]:
    """A site meter, read every half minute, that writes times which are ahead."""
    told = []
    for number in range(-10, 1_000):
        at = 30.0 * number
        charging = any(begin <= at < begin + 1_500 for begin in SESSIONS)
        fields = {"name": "power", "value": 11_400.0 if charging else 350.0 + number % 9, "unit": "W"}
        time = NOON + timedelta(seconds=at + ahead)
        told.append(Signal(layer="grid", kind="reading", charger=charger, at=time, fields=fields))
    return told


@pytest.mark.parametrize("zone", [3_600.0, 7_200.0, -18_000.0, 19_800.0])
def test_a_site_meter_in_local_time_is_put_on_the_clock_of_the_messages(zone: float) -> None:
    one = on_one_clock({"csms": ocpp(), "meter.csv": meter(zone)})
    assert one.moved == {"meter.csv": -zone}
    assert [each.at for each in one.recordings["meter.csv"]] == [each.at for each in meter(0)]


def test_the_charger_s_own_log_in_local_time_is_known_by_the_codes_that_both_print() -> None:
    log = [code(at, ahead=7_200) for at in CODES]
    one = on_one_clock({"csms": ocpp(), "charger.log": log})
    assert one.moved == {"charger.log": -7_200.0}
    assert 0 < max(each.slack for each in one.recordings["charger.log"]) <= 60.0


@pytest.mark.parametrize(
    "other",
    [
        meter(0),
        meter(7_200)[:90],
        [code(at, ahead=7_200) for at in CODES[:2]],
        [code(at, "C9", 7_200) for at in CODES],
        [code(at, ahead=4_321) for at in CODES],
        [code(600.0 * number) for number in range(60)],
        [],
    ],
)
def test_nothing_is_moved_that_is_not_proven(other: list[Signal]) -> None:
    one = on_one_clock({"csms": ocpp(), "other": other})
    assert one.moved == {}
    assert list(one.recordings["other"]) == other


def test_a_clock_off_like_the_charger_s_own_is_found_where_its_messages_tell_how_much() -> None:
    log = [code(at, ahead=-431) for at in CODES]
    assert apart(moments(ocpp()), moments(log)) is None
    found = apart(moments(ocpp()), moments(log), also=[431.0])
    assert found is not None
    assert (found.by, found.shared) == (431.0, len(CODES))


times = st.lists(st.integers(0, 90_000), max_size=30, unique=True)


@given(times, times)
def test_a_fit_is_never_claimed_without_three_things_that_fall_together(one: list[int], other: list[int]) -> None:
    first, second = ({"on": sorted(map(float, each))} for each in (one, other))
    found = apart(first, second)
    if found is not None:
        near = [at for at in second["on"] if any(abs(at + found.by - each) <= 60 for each in first["on"])]
        assert len(near) == found.shared >= 3
