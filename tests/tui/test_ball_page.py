"""The screen that says who holds the ball, and passes a case on by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_events import handed, opened, said
from screens import LARGE, SMALL, app, press, sees

from chargelore.kb.store import Store
from chargelore.tui.screens.ball import BallPage, PassPage


def booked(folder: Path) -> None:
    with Store.open(folder / "events.db") as store:
        for each in (opened(0), said("it [red]buzzed[/red]", 5), handed("utility", 60)):
            store.record(each)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_open_cases_stand_under_who_has_them(tmp_path: Path, size: tuple[int, int]) -> None:
    booked(tmp_path)
    async with app(tmp_path).run_test(size=size) as pilot:
        await press(pilot, "b")
        await sees(pilot, "grid operator: 1 case", "CP-7-1  “it [red]buzzed", "nobody has shown: grid (would")
        await press(pilot, "b", "escape")
        assert not isinstance(pilot.app.screen, BallPage)


async def test_with_no_case_on_the_book_it_says_how_one_comes_there(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "b")
        await sees(pilot, "Nobody has a case")
        await press(pilot, "P")
        await sees(pilot, "no case under the cursor")


async def test_a_case_is_passed_on_with_a_note_and_not_without(tmp_path: Path) -> None:
    booked(tmp_path)
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "b", "P", "1", "enter")
        assert isinstance(pilot.app.screen, PassPage)
        await sees(pilot, "Say in a note")
        await press(pilot, *"unplug", "enter")
        assert isinstance(pilot.app.screen, BallPage)
        await sees(pilot, "driver: 1 case")
    with Store.open(tmp_path / "events.db") as store:
        last = store.casebook()[-1]
        assert (last.body["to"], last.body["giver"], last.body["note"]) == ("driver", "utility", "unplug")


async def test_leaving_the_form_passes_nothing_on(tmp_path: Path) -> None:
    booked(tmp_path)
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "b", "P", "1", *"oops", "escape")
    with Store.open(tmp_path / "events.db") as store:
        assert len(store.casebook()) == 3
