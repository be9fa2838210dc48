"""The bench shows what can be done now, follows live chargers, filters, pauses, and helps when it is empty."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from fake_watch import signal
from screens import LARGE, SMALL, TOO_SMALL, app, press, row, seen, shown, trip

from chargelore.engine.infer import Standing
from chargelore.engine.signal import Signal
from chargelore.tui.screens.case import CasePage


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_open_case_stands_above_the_chargers_that_are_well(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path, chargers=[seen("CP-2")]).run_test(size=size) as pilot:
        await pilot.pause()
        text = shown(pilot)
        assert text.index("Can be done from here") < text.index("CP-1 #2") < text.index("Chargers without a case")
        assert "▲" in row(pilot, "Water in plug")
        assert "3 in 4" in row(pilot, "▲ CP-1 #2")
        assert "not in this knowledge base" in text
        assert "Ask for rain" in text


async def test_an_empty_bench_says_what_to_do(tmp_path: Path) -> None:
    async with app(tmp_path, cases=()).run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "No chargers and no cases yet" in shown(pilot)
        assert "chargelore demo" in shown(pilot)


async def test_a_thousand_chargers_fit_on_the_bench(tmp_path: Path) -> None:
    chargers = [seen(f"CP-{number:04}") for number in range(1000)]
    cases = [trip(f"CP-{number:04}") for number in range(0, 1000, 20)]
    async with app(tmp_path, cases, chargers).run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "1,000 chargers" in shown(pilot)
        began = monotonic()
        await press(pilot, "G")
        assert "CP-0999" in shown(pilot)
        assert monotonic() - began < 5


async def test_a_filter_narrows_the_bench_and_stays_when_one_comes_back(tmp_path: Path) -> None:
    chargers = [seen("CP-7", "Charging"), seen("CP-8", "Available"), seen("CP-9", "Charging")]
    async with app(tmp_path, chargers=chargers).run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"status:char", "space", "exclamation_mark", *"cp-9", "enter")
        assert "1 of 4" in shown(pilot)
        assert "CP-7" in shown(pilot)
        assert "CP-9" not in shown(pilot)
        await press(pilot, "l", "escape")
        assert "1 of 4" in shown(pilot)
        await press(pilot, "escape")
        assert "CP-9" in shown(pilot)


async def test_faults_only_leaves_out_the_chargers_that_are_well(tmp_path: Path) -> None:
    async with app(tmp_path, chargers=[seen("CP-2")]).run_test(size=SMALL) as pilot:
        await press(pilot, "f")
        assert "CP-2" not in shown(pilot)
        await press(pilot, "f")
        assert "CP-2" in shown(pilot)


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
        assert "LIVE" in shown(pilot)
        assert "CP-1 #2" in shown(pilot)
        go_on.set()
        await pilot.app.workers.wait_for_complete()
        pilot.app.screen.draw_top()
        await pilot.pause()
        assert "ENDED" in shown(pilot)


async def test_a_paused_bench_stays_still_and_counts_what_is_new(tmp_path: Path) -> None:
    async with app(tmp_path, cases=()).run_test(size=SMALL) as pilot:
        await press(pilot, "equals_sign")
        for second in range(37):
            pilot.app.desk.feed(signal("CP-1", second, "fault" if second == 3 else "meter"))
        pilot.app.beat()
        await pilot.pause()
        assert "PAUSED · 37 new" in shown(pilot)
        assert "CP-1 #2" not in shown(pilot)
        await press(pilot, "equals_sign")
        pilot.app.beat()
        await pilot.pause()
        assert "CP-1 #2" in shown(pilot)


async def test_a_signal_that_breaks_the_engine_is_counted_and_nothing_else_happens(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        pilot.app.desk.feed(signal("CP-1", 1, "unreadable"))
        pilot.app.beat()
        await pilot.pause()
        assert "1 not worked through" in shown(pilot)


async def test_an_inference_child_that_broke_is_told_calmly(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        assert "inference" not in shown(pilot)
        pilot.app.desk.watch.standing = Standing("durable", restarts=2, set_aside=1, why="ended by SIGSEGV")
        pilot.app.desk.feed(signal("CP-1", 1, "meter"))
        pilot.app.beat()
        await pilot.pause()
        assert "2 inference restarts" in shown(pilot)
        assert "Inference child restarted 2 times; 1 case done by the plain chainer" in shown(pilot)


async def test_a_source_that_breaks_leaves_the_screen_open_and_says_why(tmp_path: Path) -> None:
    async def start(_feed: Callable[[Signal], None]) -> None:
        raise OSError("no route to charger")

    async with app(tmp_path, start=start).run_test(size=LARGE) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert "no route to charger" in shown(pilot)
        assert "CP-1 #2" in shown(pilot)


async def test_a_window_that_is_too_small_says_how_large_it_must_be(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=TOO_SMALL) as pilot:
        await pilot.pause()
        assert "80×24" in shown(pilot)
        assert "60×20" in shown(pilot)
        await press(pilot, "enter", "l", "f")
        assert "CP-1" not in shown(pilot)
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert "CP-1 #2" in shown(pilot)


async def test_enter_opens_a_case_and_q_comes_back_and_then_leaves(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, CasePage)
        await press(pilot, "q")
        assert not isinstance(pilot.app.screen, CasePage)
        await press(pilot, "q")
        assert not pilot.app.is_running
