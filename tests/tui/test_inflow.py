"""Signals reach the watch in their order and to the last one, and keys come between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from fake_watch import signal
from screens import SMALL, app, sees
from textual.events import Key

from chargelore.engine.signal import Signal
from chargelore.tui.inflow import Inflow
from chargelore.tui.pace import Pace


async def test_all_that_came_is_handed_over_in_its_order_before_the_source_counts_as_over() -> None:
    handed: list[Signal] = []
    inflow, sent = (
        Inflow(handed.append, Pace()),
        [signal(f"CP-{number % 7}", number % 60, "meter") for number in range(5_000)],
    )
    runs = asyncio.ensure_future(inflow.runs())
    for number, each in enumerate(sent):
        inflow.takes(each)
        if number % 900 == 0:
            await asyncio.sleep(0)
    inflow.ends()
    await runs
    assert handed == sent


async def test_a_turn_for_others_comes_while_signals_still_wait() -> None:
    handed: list[Signal] = []
    inflow, one = Inflow(handed.append, Pace()), signal("CP-1", 1, "meter")
    for _ in range(200_000):
        inflow.takes(one)
    inflow.ends()
    runs = asyncio.ensure_future(inflow.runs())
    while not handed:
        await asyncio.sleep(0)
    assert len(handed) < 200_000
    await runs
    assert len(handed) == 200_000


async def test_what_came_before_a_source_broke_is_on_the_bench(tmp_path: Path) -> None:
    async def start(feed: Callable[[Signal], None]) -> None:
        for _ in range(500):
            feed(signal("CP-3", 1, "meter"))
        feed(signal("CP-1", 1, "fault"))
        raise OSError("the wire is cut")

    async with app(tmp_path, cases=(), start=start).run_test(size=SMALL) as pilot:
        await sees(pilot, "CP-1 #2", "the wire is cut")
        assert pilot.app.desk.signals == 501


async def test_a_key_lets_signals_wait_and_loses_none(tmp_path: Path) -> None:
    async def start(feed: Callable[[Signal], None]) -> None:
        for _ in range(300):
            feed(signal("CP-3", 1, "meter"))
            await asyncio.sleep(0)

    async with app(tmp_path, cases=(), start=start).run_test(size=SMALL) as pilot:
        for letter in "abcdefgh":
            pilot.app.post_message(Key(letter, letter))
        await pilot.app.workers.wait_for_complete()
        assert pilot.app.desk.signals == 300
