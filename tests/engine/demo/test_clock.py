"""The demo's clock: exact at any speed, and still while anybody is busy."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta

import pytest

from chargelore.engine.demo.clock import START, SimClock


def minutes(clock: SimClock) -> float:
    return (clock.now() - START) / timedelta(minutes=1)


@pytest.mark.parametrize("speed", [math.inf, 36_000])
async def test_sleepers_wake_in_the_order_of_event_time_at_any_speed(speed: float) -> None:
    clock, woke = SimClock(speed), list[tuple[str, float]]()

    async def sleeper(name: str, naps: tuple[float, ...]) -> None:
        for nap in naps:
            await clock.sleep(nap * 60)
            woke.append((name, minutes(clock)))

    await asyncio.gather(clock.acts(sleeper("a", (5, 5, 5))), clock.acts(sleeper("b", (2, 9))))
    assert woke == [("b", 2), ("a", 5), ("a", 10), ("b", 11), ("a", 15)]


async def test_time_stands_still_while_somebody_is_busy() -> None:
    clock, gate = SimClock(), asyncio.Event()
    slept = asyncio.Event()

    async def busy() -> float:
        slept.set()
        await gate.wait()
        return minutes(clock)

    async def sleeper() -> None:
        await clock.sleep(60)

    both = asyncio.gather(clock.acts(busy()), clock.acts(sleeper()))
    await slept.wait()
    for _ in range(50):
        await asyncio.sleep(0)
    assert minutes(clock) == 0
    gate.set()
    assert (await both)[0] == 0
    assert minutes(clock) == 1


async def test_whoever_listens_has_heard_everything_before_time_moves_on() -> None:
    clock, heard = SimClock(), list[float]()

    async def settled() -> None:
        heard.append(minutes(clock))

    async def sleeper() -> None:
        await clock.sleep(60)
        await clock.sleep(60)

    clock.settled = settled
    await clock.acts(sleeper())
    assert heard == [0, 1]


async def test_a_sleeper_that_is_told_to_stop_does_not_stop_time_for_the_others() -> None:
    clock = SimClock()
    stopped = asyncio.create_task(clock.acts(clock.sleep(30)))
    other = asyncio.create_task(clock.acts(clock.sleep(90)))
    await asyncio.sleep(0)
    stopped.cancel()
    await other
    assert stopped.cancelled()
    assert minutes(clock) == 1.5
