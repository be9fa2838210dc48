"""The screen of the ask list: worked out beside the keys, stopped by Esc, and every row says what stands behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hearsay import report as heard
from screens import LARGE, SMALL, Here, app, press, sees, shown

from chargelore.engine.heard.reportability import Model, Sheet
from chargelore.engine.telemetry.predicted import Effort
from chargelore.kb.finding import Finding, Machine
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.lines.asks import row_lines
from chargelore.tui.live import remember
from chargelore.tui.screens.asks import AsksPage
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.reading import Reading

HUGE = (200, 60)
WALL = Model("Acme", "Wall", "2.1")


def met(folder: Path) -> None:
    """A model of which enough is known, and one that was never heard."""
    told_of = heard({"meter": 1240, "meter.power": 1240, "start": 220, "status": 900, "boot": 9, "boot.reason": 9})
    causes = sorted(shipped().causes.values(), key=lambda each: each.id)
    with Store.open(folder / "events.db") as store:
        remember(store, Sheet(models={WALL: replace(told_of, layers={"ocpp": None})}))
        for number, cause in enumerate(causes[:14]):
            machine = Machine(vendor="ACME" if number % 2 else "Quiet[red]", model="Wall")
            store.record_finding(Finding(case=f"c-{number}", fault=cause.fault, cause=cause.id, charger=machine))


async def opened(pilot: Here, replays: int = 20) -> AsksPage:
    page = AsksPage(pilot.app.desk, Effort(replays, 20, "test"))
    await pilot.app.push_screen(page)
    return page


async def worked_out(pilot: Here, page: AsksPage) -> str:
    for _ in range(1500):
        if page.working is None:
            break
        await pilot.pause(0.02)
    await pilot.pause()
    return shown(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_an_empty_store_is_told_what_the_list_needs(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await press(pilot, "A")
        page = pilot.app.screen
        assert isinstance(page, AsksPage)
        assert "five findings with a cause" in " ".join((await worked_out(pilot, page)).split())
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Bench)


@pytest.mark.parametrize("size", [SMALL, HUGE])
async def test_a_row_says_what_it_would_save_and_enter_what_stands_behind_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    met(tmp_path)
    async with app(tmp_path).run_test(size=size) as pilot:
        page = await opened(pilot)
        text = await worked_out(pilot, page)
        assert "Acme Wall: a fault takes" in text
        assert page.list is not None
        assert page.list.models[0].asks[0].family.label[:20] in text
        assert [each.lacks for each in page.list.left_out] == ["heard"]
        assert any("Quiet[red] Wall" in "".join(map(str, row_lines(each, 80))) for each in page.listing.rows)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Reading)
        await sees(pilot, "minutes saved")
        await press(pilot, "end")  # of a small screen it may be the second page
        await sees(pilot, "It would answer")


async def test_escape_stops_the_work_and_then_goes_back(tmp_path: Path) -> None:
    met(tmp_path)
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        page = await opened(pilot, 100_000)
        await sees(pilot, "esc stops it")
        await press(pilot, "escape")
        assert "Stopped. R works it out anew." in await sees(pilot, "Stopped.")
        assert page.list is None
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Bench)
        await pilot.app.workers.wait_for_complete()
