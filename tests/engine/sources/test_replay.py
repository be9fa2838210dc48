"""Replay: order and pauses of a recording, at the speed asked for."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from chargelore.engine.signal import Signal
from chargelore.engine.sources.replay import replay

START = datetime(2026, 3, 2, tzinfo=UTC)


def recording(*seconds: float | None) -> list[Signal]:
    return [
        Signal(layer="ocpp", kind="heartbeat", at=None if second is None else START + timedelta(seconds=second))
        for second in seconds
    ]


async def paused(speed: float, *seconds: float | None) -> list[float]:
    pauses: list[float] = []

    async def sleep(wait: float) -> None:
        pauses.append(wait)

    played = [each async for each in replay(recording(*seconds), speed, sleep)]
    assert played == recording(*seconds)
    return pauses


@pytest.mark.parametrize(("speed", "pauses"), [(1, [10, 20]), (10, [1, 2]), (math.inf, [])])
async def test_the_pauses_of_a_recording_shrink_with_the_speed(speed: float, pauses: list[float]) -> None:
    assert await paused(speed, 0, 10, 30) == pauses


async def test_time_that_jumps_back_or_is_missing_costs_no_pause() -> None:
    assert await paused(1, 100, None, 40, 100, 105) == [5]


async def test_a_night_without_signals_is_cut_short() -> None:
    assert await paused(1, 0, 40_000) == [3600]
