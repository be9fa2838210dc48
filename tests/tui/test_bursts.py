"""A burst of keys does nothing twice; long pastes and dragged windows end nothing."""

from __future__ import annotations

from pathlib import Path

from screens import LARGE, Here, app, press, sees, until
from textual.command import CommandPalette
from textual.events import Key, Paste
from textual.widgets import Input

from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.decide import ReasonPage
from chargelore.tui.screens.lookup import LookupPage


def burst(pilot: Here, *keys: str) -> None:
    """Keys that are all typed before the first is dealt with."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))


async def test_two_letters_of_one_burst_leave_the_jump_once(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "g", "enter")
        for _ in range(5):
            await press(pilot, "ctrl+o")
            burst(pilot, "a", "s", "d")
            await until(pilot, lambda: isinstance(pilot.app.screen, CasePage))
        await pilot.pause()
        assert isinstance(pilot.app.screen, CasePage)


async def test_enter_pressed_twice_records_once(tmp_path: Path) -> None:
    given: list[str] = []
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "l")
        page = ReasonPage(pilot.app.desk, ["why"], lambda reason, _share: given.append(reason))
        await pilot.app.push_screen(page)
        page.query_one(Input).value = "it is wrong"
        burst(pilot, "enter", "enter", "enter")
        await until(pilot, lambda: given)
        await pilot.pause()
        await pilot.pause()
        assert given == ["it is wrong"]
        assert isinstance(pilot.app.screen, LookupPage)


async def test_a_paste_that_is_too_long_is_cut_and_told(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "l")
        field = pilot.app.screen.query_one(Input)
        pilot.app.post_message(Paste("x" * 100_000))
        await sees(pilot, "of 100,000 letters fit in here")
        assert len(field.value) == field.max_length


async def test_the_commands_close_in_a_window_without_room_for_them(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
        await pilot.resize_terminal(20, 4)
        await press(pilot, "down", "pagedown")
        await until(pilot, lambda: not isinstance(pilot.app.screen, CommandPalette))
        await pilot.resize_terminal(*LARGE)
        await sees(pilot, "Cases and chargers")
