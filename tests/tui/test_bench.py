"""The bench shows what can be done now, follows live chargers, filters, pauses, and helps when it is empty."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from fake_watch import signal
from screens import LARGE, SMALL, TOO_SMALL, app, misses, press, row, seen, sees, trip

from chargelore.engine.infer import Standing
from chargelore.engine.signal import Signal
from chargelore.tui.screens.case import CasePage


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_open_case_stands_above_the_chargers_that_are_well(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path, chargers=[seen("CP-2")]).run_test(size=size) as pilot:
        text = await sees(pilot, "Chargers without a case", "not in this knowledge", "Ask for rain")
        assert text.index("Can be done from here") < text.index("CP-1 #2") < text.index("Chargers without a case")
        assert "▲" in row(pilot, "Water in plug")
        assert "2 in 3" in row(pilot, "▲ CP-1 #2")


async def test_an_empty_bench_says_what_to_do(tmp_path: Path) -> None:
    async with app(tmp_path, cases=()).run_test(size=SMALL) as pilot:
        await pilot.pause()
        await sees(pilot, "No chargers and no cases yet")
        await sees(pilot, "chargelore demo")


async def test_a_thousand_chargers_fit_on_the_bench(tmp_path: Path) -> None:
    chargers = [seen(f"CP-{number:04}") for number in range(1000)]
    cases = [trip(f"CP-{number:04}") for number in range(0, 1000, 20)]
    async with app(tmp_path, cases, chargers).run_test(size=SMALL) as pilot:
        await pilot.pause()
        await sees(pilot, "1,000 chargers")
        began = monotonic()
        await press(pilot, "G")
        await sees(pilot, "CP-0999")
        assert monotonic() - began < 5


async def test_a_filter_narrows_the_bench_and_stays_when_one_comes_back(tmp_path: Path) -> None:
    chargers = [seen("CP-7", "Charging"), seen("CP-8", "Available"), seen("CP-9", "Charging")]
    async with app(tmp_path, chargers=chargers).run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"status:char", "space", "exclamation_mark", *"cp-9", "enter")
        await sees(pilot, "1 of 4")
        await sees(pilot, "CP-7")
        await misses(pilot, "CP-9")
        await press(pilot, "l", "escape")
        await sees(pilot, "1 of 4")
        await press(pilot, "escape")
        await sees(pilot, "CP-9")


async def test_faults_only_leaves_out_the_chargers_that_are_well(tmp_path: Path) -> None:
    async with app(tmp_path, chargers=[seen("CP-2")]).run_test(size=SMALL) as pilot:
        await press(pilot, "f")
        await misses(pilot, "CP-2")
        await press(pilot, "f")
        await sees(pilot, "CP-2")


async def test_the_cursor_stays_on_its_case_when_others_come(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("CP-5"), trip("CP-9")]).run_test(size=SMALL) as pilot:
        await press(pilot, "j")
        pilot.app.desk.feed(signal("CP-1", 1, "fault"))
        pilot.app.beat()
        await pilot.pause()
        assert pilot.app.screen.listing.table.current.case.id == "CP-9-1"


async def test_live_signals_open_a_case_on_the_bench(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def start(feed: Callable[[Signal], None]) -> None:
        feed(signal("CP-1", 1, "fault"))
        await go_on.wait()

    async with app(tmp_path, cases=(), start=start).run_test(size=SMALL) as pilot:
        await pilot.pause()
        pilot.app.beat()
        await pilot.pause()
        await sees(pilot, "LIVE")
        await sees(pilot, "CP-1 #2")
        go_on.set()
        await pilot.app.workers.wait_for_complete()
        pilot.app.screen.draw_top()
        await pilot.pause()
        await sees(pilot, "ENDED")


async def test_a_paused_bench_stays_still_and_counts_what_is_new(tmp_path: Path) -> None:
    async with app(tmp_path, cases=()).run_test(size=SMALL) as pilot:
        await press(pilot, "equals_sign")
        for second in range(37):
            pilot.app.desk.feed(signal("CP-1", second, "fault" if second == 3 else "meter"))
        pilot.app.beat()
        await pilot.pause()
        await sees(pilot, "PAUSED · 37 new")
        await misses(pilot, "CP-1 #2")
        await press(pilot, "equals_sign")
        pilot.app.beat()
        await pilot.pause()
        await sees(pilot, "CP-1 #2")


async def test_a_signal_that_breaks_the_engine_is_counted_and_nothing_else_happens(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        pilot.app.desk.feed(signal("CP-1", 1, "unreadable"))
        pilot.app.beat()
        await pilot.pause()
        await sees(pilot, "1 not worked through")


async def test_an_inference_child_that_broke_is_told_calmly(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await misses(pilot, "inference")
        pilot.app.desk.watch.standing = Standing("durable", restarts=2, set_aside=1, why="ended by SIGSEGV")
        pilot.app.desk.feed(signal("CP-1", 1, "meter"))
        pilot.app.beat()
        await pilot.pause()
        await sees(pilot, "2 inference restarts")
        await sees(pilot, "Inference child restarted 2 times; 1 case done by the plain chainer")


async def test_a_source_that_breaks_leaves_the_screen_open_and_says_why(tmp_path: Path) -> None:
    async def start(_feed: Callable[[Signal], None]) -> None:
        raise OSError("no route to charger")

    async with app(tmp_path, start=start).run_test(size=LARGE) as pilot:
        await pilot.pause()
        await pilot.pause()
        await sees(pilot, "no route to charger")
        await sees(pilot, "CP-1 #2")


async def test_a_window_that_is_too_small_says_how_large_it_must_be(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=TOO_SMALL) as pilot:
        await pilot.pause()
        await sees(pilot, "80×24")
        await sees(pilot, "60×20")
        await press(pilot, "enter", "l", "f")
        await misses(pilot, "CP-1")
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        await sees(pilot, "CP-1 #2")


async def test_enter_opens_a_case_and_q_comes_back_and_then_leaves(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CasePage)
        await press(pilot, "q")
        assert not isinstance(pilot.app.screen, CasePage)
        await press(pilot, "q")
        assert not pilot.app.is_running
