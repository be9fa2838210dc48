"""The taxonomy: faults by domain, and on whose chargers a rule detects them, a code says them, or nothing does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from screens import LARGE, SMALL, Here, app, misses, press, row, sees

from chargelore.engine.coverage.heatmap import heat_map
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.kb.load import shipped
from chargelore.kb.model import Maker
from chargelore.tui.app import Chargelore
from chargelore.tui.lines.taxonomy import NARROWED, Leaf
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.taxonomy import TaxonomyPage

HUGE = (200, 60)


def with_makers(folder: Path, *names: str) -> Chargelore:
    made = app(folder)
    makers = {name: Maker(name=name) for name in names}
    made.desk.known = made.desk.knowledge = replace(made.desk.known, makers=makers)
    return made


def with_all(folder: Path) -> Chargelore:
    made = app(folder)
    made.desk.known = made.desk.knowledge = shipped()
    return made


async def opened(pilot: Here) -> TaxonomyPage:
    await press(pilot, "f4")
    page = pilot.app.screen
    assert isinstance(page, TaxonomyPage)
    await settled(pilot)
    return page


async def settled(pilot: Here) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_a_code_of_a_maker_makes_a_fault_visible_there_and_not_elsewhere(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with with_makers(tmp_path, "Acme", "Zeta").run_test(size=size) as pilot:
        page = await opened(pilot)
        await sees(pilot, "▾ connectivity · 1 fault")
        assert "[○v]  ·–" in row(pilot, "ground fault trip")
        await press(pilot, "right")
        assert page.maker == "Zeta"
        assert " ○v  [·–]" in row(pilot, "ground fault trip")


async def test_the_fault_under_the_cursor_is_told_in_full(tmp_path: Path) -> None:
    async with with_makers(tmp_path, "Acme").run_test(size=HUGE) as pilot:
        await opened(pilot)
        await press(pilot, "G")
        await sees(
            pilot, "DANGER", "who acts  operator", "a code says it, no rule looks for why", "Water in plug", "E7"
        )
        await sees(pilot, "└─ sometimes Cable cut", "├─ ◂ always    Did it rain", "└─ ✚ often     Dry the plug")


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_without_makers_the_tree_still_stands_and_says_so(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await opened(pilot)
        await press(pilot, "right")
        await sees(pilot, "no makers known")
        await sees(pilot, "ground fault trip")


async def test_without_faults_it_says_that_there_are_none(tmp_path: Path) -> None:
    made = app(tmp_path, ())
    made.desk.known = made.desk.knowledge = replace(made.desk.known, faults={}, causes={}, codes=(), evidence={})
    async with made.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await press(pilot, "space", "D", "enter")
        await sees(pilot, "No faults are known here")


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_all_that_ships_stands_on_the_map_as_the_engine_says(tmp_path: Path, size: tuple[int, int]) -> None:
    async with with_all(tmp_path).run_test(size=size) as pilot:
        page = await opened(pilot)
        assert page.book is not None
        assert page.book.found.cells == heat_map(shipped(), rules()).cells
        assert set(page.book.makers) == set(page.book.found.makers)
        await press(pilot, "G", *["right"] * 12)
        assert page.at == 12
        await sees(pilot, f"[{page.maker}]"[:20])


async def test_fewer_layers_detect_less_and_the_screen_names_them(tmp_path: Path) -> None:
    async with with_all(tmp_path).run_test(size=LARGE) as pilot:
        page = await opened(pilot)
        assert page.book is not None
        every = page.book.found.tally(page.book.found.faults, page.book.makers)["detects"]
        await press(pilot, "v")
        await settled(pilot)
        await sees(pilot, "ocpp only")
        assert page.book.layers == NARROWED[1]
        assert page.book.found.tally(page.book.found.faults, page.book.makers)["detects"] < every


async def test_a_domain_folds_under_the_cursor_and_enter_unfolds_it(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await opened(pilot)
        await press(pilot, "space")
        await sees(pilot, "▸ connectivity")
        await misses(pilot, "reconnect loop")
        await press(pilot, "enter")
        await sees(pilot, "reconnect loop")
        await press(pilot, "D")
        await misses(pilot, "ground fault trip")


async def test_the_filter_takes_the_state_at_the_chosen_maker(tmp_path: Path) -> None:
    async with with_makers(tmp_path, "Acme").run_test(size=SMALL) as pilot:
        page = await opened(pilot)
        await press(pilot, "slash", *"state:visible", "enter")
        assert [row.fault.id for row in page.listing.table.rows if isinstance(row, Leaf)] == ["ground-fault-trip"]
        await sees(pilot, "1 of 2")


async def test_escape_leaves_while_the_map_is_worked_out(tmp_path: Path) -> None:
    async with with_all(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "f4")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Bench)
        await pilot.app.workers.wait_for_complete()


async def test_the_maker_of_the_open_case_comes_first(tmp_path: Path) -> None:
    async with with_makers(tmp_path, "Acme", "Zeta").run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "f4")
        await settled(pilot)
        await sees(pilot, "[Acme]")
