"""Recordings of one charger by loggers whose clocks differ are put on one clock, and nothing is moved without proof."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.clocks.oneclock import on_one_clock
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.proving.abreast import side_by_side
from chargelore.engine.signal import Signal

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def recording(log: float, charger: str = "C1", times: int = 6, begin: float = 0.0, own: float = 40.0) -> list[Signal]:
    """What a logger heard whose clock is ahead by `log` seconds, of a charger whose own is ahead by `own`."""
    told = []
    for number in range(times):
        at = NOON + timedelta(seconds=begin + 60.0 * number)
        said = {"connectorId": 1, "status": "Available", "timestamp": (at + timedelta(seconds=own)).isoformat()}
        text = [2, f"{charger}-{number}", "StatusNotification", said]
        heard_at = at + timedelta(seconds=log)
        told += decode_frame(text, direction="charger", charger=charger, at=heard_at, line=number + 1)[:1]
    return told


@given(st.integers(-50_000, 50_000), st.integers(-50_000, 50_000))
def test_what_two_loggers_heard_is_in_the_order_in_which_it_happened(first: int, second: int) -> None:
    one = on_one_clock({"a": recording(first), "b": recording(second, begin=30.0)})
    heard = [name for name, _ in side_by_side(one.recordings)]
    if abs(first - second) > 1:
        assert one.moved == {"b": first - second}
        assert heard == ["a", "b"] * 6
    else:
        assert one.moved == {}


def test_the_time_that_was_written_is_kept_as_a_mark() -> None:
    one = on_one_clock({"a": recording(0), "b": recording(-7_200)})
    moved = list(one.recordings["b"])
    assert [each.at for each in moved] == [each.at for each in recording(0)]
    assert "written 2026-03-09T10:00:00+00:00" in moved[0].marks
    assert list(one.recordings["a"]) == recording(0)


@pytest.mark.parametrize(
    "other",
    [
        recording(7_200, charger="C2"),
        recording(7_200, charger=""),
        recording(7_200, times=2),
        recording(7_200, begin=86_400.0),
        [*recording(7_200), *recording(0, begin=3_600.0)],
        [],
    ],
)
def test_nothing_is_moved_without_proof(other: list[Signal]) -> None:
    one = on_one_clock({"a": recording(0), "b": other})
    assert one.moved == {}
    assert list(one.recordings["b"]) == other


def test_one_recording_alone_is_left_as_it_is() -> None:
    alone = {"a": recording(7_200)}
    assert on_one_clock(alone) == (alone, {})


def test_three_recordings_are_put_on_the_clock_of_the_first_though_it_shares_a_charger_with_one_only() -> None:
    third = recording(500, charger="C2")
    second = [*recording(100), *recording(100, charger="C2")]
    assert on_one_clock({"a": recording(0), "b": second, "c": third}).moved == {"b": -100.0, "c": -500.0}
