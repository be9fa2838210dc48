"""Read-only means it: no key of any screen writes to the store, a case, a draft or the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from every_screen import SCREENS, go, usual, world_of
from screens import LARGE, Here, app, press, sees, shown, trip, until
from textual.events import AppBlur, AppFocus
from textual.screen import Screen
from textual.widgets import Input

from chargelore.kb.errors import UseError
from chargelore.kb.finding import Finding
from chargelore.tui.app import Chargelore
from chargelore.tui.keys.common import EVERYWHERE

ALL_KEYS = ("bench", "case", "look-up, found")  # elsewhere the keys that every screen has are not pressed again
LEAVES = {"quit", "leave", "help_quit"}


def reading(folder: Path) -> Chargelore:
    return app(folder, [trip("CP-1"), trip("CP-2")], folder=folder, is_read_only=True)


def files(folder: Path) -> dict[str, bytes]:
    """All that is kept, with its bytes; what SQLite lays beside a database that is only being read says nothing."""
    found = {str(each): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}
    return {name: held for name, held in found.items() if not name.endswith("-shm") and (held or "-wal" not in name)}


async def bound(pilot: Here, left_out: frozenset[str] = frozenset()) -> list[str]:
    """Every key that any part of the screen binds, whether it is offered now or not."""
    found: dict[str, None] = {}
    for widget in (None, *pilot.app.screen.focus_chain):
        if widget is not None:
            widget.focus()
            await pilot.pause()
        for owner, bindings in pilot.app.screen._modal_binding_chain:
            if not isinstance(owner, Input):
                for key, some in bindings.key_to_bindings.items():
                    areas = {str(each.id).partition(".")[0] for each in some}
                    if not areas <= left_out and not any(each.action in LEAVES for each in some):
                        found.setdefault(key)
    return list(found)


@pytest.mark.parametrize("name", SCREENS)
async def test_no_key_of_any_screen_writes_in_read_only_mode(tmp_path: Path, name: str) -> None:
    async with world_of(tmp_path, usual(name), is_read_only=True, folder=tmp_path).run_test(size=LARGE) as pilot:
        if SCREENS[name].writes and SCREENS[name].steps:
            return  # its keys lead nowhere, as the test of the key above shows
        await go(pilot, SCREENS[name])
        keys, page = await bound(pilot, frozenset() if name in ALL_KEYS else EVERYWHERE), pilot.app.screen
        before, cases = files(tmp_path), dict(pilot.app.desk.watch.cases)
        for key in keys:
            await press(pilot, key)
            if pilot.app.screen is not page:
                await press(pilot, "ctrl+s", "y")
                page = await back(pilot, page, name)
        assert pilot.app.is_running
        assert files(tmp_path) == before
        assert pilot.app.desk.watch.cases == cases


async def back(pilot: Here, page: Screen[None], name: str) -> Screen[None]:
    """The screen in front again, or a new one of its kind where it was left."""
    while len(pilot.app.screen_stack) > 1 and pilot.app.screen is not page:
        await pilot.app.pop_screen()
    if pilot.app.screen is not page:
        await go(pilot, SCREENS[name])
    return pilot.app.screen


async def test_read_only_shows_and_its_footer_offers_no_write(tmp_path: Path) -> None:
    async with reading(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter")
        await sees(pilot, "READ-ONLY")
        assert "Record" not in shown(pilot).splitlines()[-1]
        assert "Why" in shown(pilot).splitlines()[-1]


def test_the_desk_itself_refuses(tmp_path: Path) -> None:
    desk = reading(tmp_path).desk
    for write in (
        lambda: desk.answer("CP-1-1", "rain", "no"),
        lambda: desk.tried("CP-1-1", "dry-the-plug"),
        lambda: desk.record(Finding(case="CP-1-1", fault="ground-fault-trip")),
        lambda: desk.gap("x", {}),
        lambda: desk.pins.pins(trip("CP-1"), trip("CP-1").signals[0]),
        desk.undo,
        desk.redo,
    ):
        with pytest.raises(UseError, match="--read-only"):
            write()
    assert desk.store.events() == ()


async def test_a_key_that_would_write_says_why_it_does_not(tmp_path: Path) -> None:
    async with reading(tmp_path).run_test(size=LARGE) as pilot:
        for keys in (("enter", "r"), ("t",), ("z",)):
            await press(pilot, "equals_sign", *keys)
            await sees(pilot, "Nothing is written here")


async def test_a_window_that_is_looked_at_for_the_first_time_has_its_cursor_in_the_list(tmp_path: Path) -> None:
    async with reading(tmp_path).run_test(size=LARGE) as pilot:
        pilot.app.screen.set_focus(None)
        pilot.app.post_message(AppBlur())
        pilot.app.post_message(AppFocus())
        await until(pilot, lambda: pilot.app.focused)
        await press(pilot, "enter")
        await sees(pilot, "Suspects")


async def test_a_look_up_in_vain_leads_to_no_key_that_would_write(tmp_path: Path) -> None:
    async with app(tmp_path, is_read_only=True).run_test(size=LARGE) as pilot:
        await press(pilot, "l", *"qqzzxx")
        await sees(pilot, "Nothing here knows “qqzzxx”.")
        assert "F3" not in shown(pilot)
