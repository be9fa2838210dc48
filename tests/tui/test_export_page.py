"""The screen that exports the knowledge: what goes and what stays is told before it is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from screens import LARGE, SMALL, Here, app, press, sees
from textual.widgets import Input

from chargelore.kb.home import home
from chargelore.kb.release import MANIFEST
from chargelore.tui.screens.export import ExportPage

HUGE = (200, 60)


async def opened(pilot: Here) -> ExportPage:
    await press(pilot, "X")
    assert isinstance(pilot.app.screen, ExportPage)
    assert "Held back" in await counted(pilot)
    return pilot.app.screen


async def counted(pilot: Here) -> str:
    for _ in range(20):
        if "Rows that go" in await sees(pilot, "Rows that go"):
            break
    page = pilot.app.screen
    assert isinstance(page, ExportPage)
    return str(page.query_one("#export-sum").visual)


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_rows_and_what_is_held_back_stand_there_before_anything_is_written(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        page = await opened(pilot)
        told = dict(page.views[page.what][1].rows)
        assert told["codes"] > 1000
        assert f"{told['codes']:,}  codes" in await counted(pilot)
        assert not (home() / "exports").exists()


async def test_it_is_written_with_the_counts_that_were_told_and_its_path_is_copied(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=(200, 40)) as pilot:
        page = await opened(pilot)
        await press(pilot, "tab", "2", "ctrl+s")
        for _ in range(20):
            if "Written:" in await sees(pilot, "Written:"):
                break
        place = home() / "exports" / "chargelore-json-clear"
        assert pilot.app.clipboard == str(place)
        manifest = json.loads((place / MANIFEST).read_text())
        assert manifest["counts"] == dict(page.views[page.what][1].rows)
        assert manifest["format"] == "json"
        assert manifest["audience"] == "TLP:CLEAR"
        assert sum(each["count"] for each in manifest["withheld"]) == sum(
            each.count for each in page.views[page.what][1].withheld
        )


async def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "x" / "chargelore-csv-clear"
    other.mkdir(parents=True)
    (other / "mine.txt").write_text("mine")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        page = await opened(pilot)
        page.query_one("#export-folder", Input).value = str(tmp_path / "x")
        await press(pilot, "ctrl+s")
        for _ in range(20):
            if "Not written" in await sees(pilot, "Not written"):
                break
        await sees(pilot, "Not written")
        assert [each.name for each in other.iterdir()] == ["mine.txt"]
