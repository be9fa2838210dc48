"""World: the whole demo on this machine: chargers through a tap to a management system, and one over Modbus."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from chargelore.engine.demo.clock import SimClock
from chargelore.engine.demo.csms import Csms
from chargelore.engine.demo.faults import ROLES
from chargelore.engine.demo.stage import Role, Stage
from chargelore.engine.demo.wallbox import SimWallbox
from chargelore.engine.signal import Signal
from chargelore.engine.sources.copies import Health
from chargelore.engine.sources.tap import Tap

SECONDS_APART = 3  # chargers do not all start in the same second


async def world(
    speed: float,
    on_signal: Callable[[Signal], None],
    stop: asyncio.Event | None = None,
    roles: Sequence[Role] = ROLES,
) -> Health:
    """Play the demo; `speed` seconds of event time pass in one second, `inf` waits for nothing.

    Without `stop` it ends by itself when the last fault has played; with it the healthy chargers go on until it is
    set. Signals carry the script's time whatever the speed. Returns what the tap counted.
    """
    clock = SimClock(speed)
    async with AsyncExitStack() as until:
        csms = await until.enter_async_context(Csms(clock.stamp))
        tap = await until.enter_async_context(Tap("127.0.0.1:0", csms.url, on_signal, now=clock.now))
        wallbox = await until.enter_async_context(SimWallbox())
        until.callback(clock.stops)
        clock.settled = tap.drained
        stage = Stage(clock=clock, csms=csms, tap=tap.address, wallbox=wallbox, on_signal=on_signal)
        await _played(stage, roles, stop)
        await tap.drained()
    return tap.health


async def _played(stage: Stage, roles: Sequence[Role], stop: asyncio.Event | None) -> None:
    """Everybody plays; whatever is still playing at the end, or when one breaks, is told to stop."""
    tasks = {
        asyncio.create_task(stage.clock.acts(_on_cue(stage, role, place))): role for place, role in enumerate(roles)
    }
    faulty = [task for task, role in tasks.items() if role.expects is not None]
    try:
        if stop is None:
            await asyncio.gather(*faulty)
        else:
            await _until(stop, faulty)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _until(stop: asyncio.Event, faulty: Sequence[asyncio.Task[None]]) -> None:
    """Wait for `stop`; a script that breaks before is not kept quiet."""
    stopped = asyncio.create_task(stop.wait())
    playing = {stopped, *faulty}
    try:
        while not stopped.done():
            done, playing = await asyncio.wait(playing, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.gather(*done)
    finally:
        stopped.cancel()


async def _on_cue(stage: Stage, role: Role, place: int) -> None:
    await stage.clock.sleep(place * SECONDS_APART)
    await role.plays(stage, role.who)
