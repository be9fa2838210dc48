"""A log that is followed live stands on the clock of whoever reads it, also where its own clock is off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargelore.engine.clocks import arrival
from chargelore.engine.listening import listening
from chargelore.engine.signal import Signal
from chargelore.engine.sourcefile import Followed
from chargelore.engine.sourcework import Hears

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def line(written: float, marks: tuple[str, ...] = ()) -> Signal:
    """A line of a charger's log, written so many seconds after noon by its clock."""
    at = NOON + timedelta(seconds=written)
    return Signal(layer="firmware", kind="log", charger="C1", at=at, fields={"text": "x"}, marks=marks)


def read(ahead: float, times: int = 20, delays: tuple[float, ...] = (0.0,), history: int = 0) -> list[Signal]:
    """The lines of a log whose clock is ahead, one every ten seconds, as they come out behind history."""
    state, out = arrival.START, []
    for number in range(history):
        state, told = arrival.step(state, line(ahead + 10.0 * (number - history)), _soon(number))
        out.append(told)
    for number in range(1, times + 1):
        arrived = NOON + timedelta(seconds=10.0 * number + delays[number % len(delays)])
        state, told = arrival.step(state, line(ahead + 10.0 * number), arrived)
        out.append(told)
    return out


def _soon(number: int) -> datetime:
    return NOON + timedelta(milliseconds=number)


def off(told: Signal, number: int) -> float:
    assert told.at is not None
    return (told.at - NOON).total_seconds() - 10.0 * number


@given(st.floats(-80_000, 80_000).filter(lambda ahead: abs(ahead) > 20), st.integers(0, 300))
def test_a_steady_offset_is_taken_away_once_it_is_known(ahead: float, history: int) -> None:
    out = read(ahead, history=history)
    assert abs(off(out[-1], 20)) <= 5.0
    assert f"written {line(ahead + 200.0).at.isoformat()}" in out[-1].marks  # type: ignore[union-attr]  # it has a time
    assert out[-1].slack == 5.0


@pytest.mark.parametrize("ahead", [0.0, 9.0, -9.0])
def test_a_log_whose_clock_is_right_is_left_as_it_is(ahead: float) -> None:
    assert read(ahead) == [line(ahead + 10.0 * number) for number in range(1, 21)]


def test_an_old_log_that_somebody_plays_is_left_as_it_is() -> None:
    assert read(-31_536_000.0) == [line(-31_536_000.0 + 10.0 * number) for number in range(1, 21)]


def test_history_that_is_read_in_a_burst_moves_nothing() -> None:
    assert all(not told.slack for told in read(0.0, times=0, history=500))


def test_lines_that_arrive_in_pieces_are_no_clock_that_is_behind() -> None:
    out = read(0.0, times=60, delays=(0.0, 4.0, 8.0))
    assert all(not told.slack for told in out)


def test_what_has_no_time_of_its_own_proves_nothing() -> None:
    state = arrival.START
    for number in range(20):
        told = line(7_200.0 + 10.0 * number, marks=(arrival.ARRIVED,))
        state, out = arrival.step(state, told, NOON + timedelta(seconds=10.0 * number))
        assert out is told
    assert state == arrival.START


def test_a_clock_that_is_set_right_meanwhile_is_followed() -> None:
    state, out = arrival.START, line(0.0)
    for number in range(60):
        ahead = 7_200.0 if number < 20 else 0.0
        arrived = NOON + timedelta(seconds=10.0 * number)
        state, out = arrival.step(state, line(ahead + 10.0 * number), arrived)
    assert out == line(590.0)


async def test_a_watch_mends_the_clock_of_a_log_that_it_follows_and_says_so(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    written = [line(7_200.0 + 10.0 * number).at for number in range(30)]
    log.write_text("".join(f"{at.isoformat()} relay {n}\n" for n, at in enumerate(written) if at), encoding="utf-8")
    heard, told = list[Signal](), list[str]()

    def now() -> datetime:
        return NOON + timedelta(seconds=10.0 * len(heard))

    source = Followed(file=str(log), charger="CP-1", from_start=True)
    async with listening((source,), Hears(on_signal=heard.append, tells=told.append, now=now)), asyncio.timeout(30):
        while len(heard) < 30:
            await asyncio.sleep(0.01)
    assert [each.at for each in heard[-10:]] == [NOON + timedelta(seconds=10.0 * number) for number in range(20, 30)]
    assert any("its clock is 2:00:00 ahead" in each for each in told)
