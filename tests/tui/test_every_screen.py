"""Every screen works at every size and in both languages: in an empty world, on a usual day, and in a huge world."""

from __future__ import annotations

from pathlib import Path

import pytest
from every_screen import SCREENS, opened, world_of
from laid_out import lies_well
from screens import LARGE, SMALL, TOO_SMALL, misses, sees

from chargelore.tui.places import Place
from chargelore.tui.ways import WAYS, page_at

GERMAN = "de"

HUGE = (200, 60)
EVERY = [(name, world) for name, each in SCREENS.items() for world in each.says]


@pytest.mark.parametrize(("name", "world"), EVERY, ids=[f"{name}, {world}" for name, world in EVERY])
async def test_every_screen_works_at_every_size(tmp_path: Path, name: str, world: str) -> None:
    says = SCREENS[name].says[world]
    async with opened(tmp_path, name, world, SMALL) as pilot:
        for size in (SMALL, LARGE, HUGE):
            await pilot.resize_terminal(*size)
            await sees(pilot, says)
            await lies_well(pilot)
        await pilot.resize_terminal(*TOO_SMALL)
        await sees(pilot, "needs 80×24", "60×20")
        await pilot.resize_terminal(*SMALL)
        await misses(pilot, "needs 80×24")
        pilot.app.speak(GERMAN)
        await sees(pilot, "Tasten")
        await lies_well(pilot)


@pytest.mark.parametrize("kind", WAYS)
async def test_a_screen_that_is_left_as_it_opens_breaks_nothing(tmp_path: Path, kind: str) -> None:
    async with world_of(tmp_path, "normal").run_test(size=SMALL) as pilot:
        page = page_at(Place(kind, "CP-1-1"), pilot.app.desk, pilot.app.screen)
        assert page is not None
        pilot.app.push_screen(page)
