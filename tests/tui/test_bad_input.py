"""Bad luck with the store, a rule file or the clipboard is told on the screen it meets; none of it ends the program."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import case_events
import pytest
from every_screen import SCREENS, go, opened, usual, world_of
from screens import LARGE, press, sees, shown, until
from textual.events import Paste
from textual.widgets import Input
from textual.worker import WorkerCancelled

from chargelore.kb.store import Store

LINES = ("bench", "look-up", "finding", "packet", "pass", "reason", "moment", "export", "help", "consent by id")
STORED = ("finding", "review", "rules", "taxonomy", "ball", "asks", "export", "explain", "look-up, not found", "packet")
SAVES = {"finding": ("ctrl+s",), "export": ("ctrl+s",), "look-up, not found": ("f3",), "packet": ("3", "ctrl+s")}


def deleted(file: Path) -> None:
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


def garbage(file: Path) -> None:
    deleted(file)
    file.write_bytes(b"this is no database " * 1000)


def a_folder(file: Path) -> None:
    deleted(file)
    file.mkdir()


@pytest.mark.parametrize("name", LINES)
async def test_a_megabyte_pasted_into_a_line_does_no_harm(tmp_path: Path, name: str) -> None:
    async with opened(tmp_path, name, usual(name)) as pilot:
        if name == "bench":
            await press(pilot, "slash")
        for each in pilot.app.screen.query(Input):
            each.focus()
            await pilot.pause()
            pilot.app.post_message(Paste("[red]x\u202e\x1b[31m" * 100_000))
            await press(pilot, "z")
            assert len(each.value) <= (each.max_length or 0)
            assert "z" in each.value or each.id == "minutes" or "[red]" in each.value
        assert pilot.app.is_running


@pytest.mark.parametrize("harm", [deleted, garbage, a_folder])
@pytest.mark.parametrize("name", STORED)
async def test_a_store_that_is_lost_while_the_screens_are_open_is_told(
    tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    async with world_of(tmp_path, usual(name)).run_test(size=LARGE) as pilot:
        harm(tmp_path / "events.db")
        await go(pilot, SCREENS[name])
        await press(pilot, *SAVES.get(name, ()), "R")
        with suppress(WorkerCancelled):  # reading anew ends what was read before
            await pilot.app.workers.wait_for_complete()
        assert "Traceback" not in shown(pilot)
        await press(pilot, "escape", "escape", "escape")
        assert pilot.app.is_running


async def test_what_another_process_writes_is_seen_when_the_book_is_read_anew(tmp_path: Path) -> None:
    async with opened(tmp_path, "ball", "empty", LARGE) as pilot:
        await sees(pilot, "Nobody has a case")
        with Store.open(tmp_path / "events.db") as other:
            other.merge([case_events.opened(0)])
        await press(pilot, "R")
        await sees(pilot, "CP-7-1")


async def test_a_store_that_another_process_holds_is_told_and_what_was_typed_stays(tmp_path: Path) -> None:
    async with world_of(tmp_path, "normal", wait=0.1).run_test(size=LARGE) as pilot:
        await go(pilot, SCREENS["finding"])
        with closing(sqlite3.connect(tmp_path / "events.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            await press(pilot, "ctrl+s")
            await sees(pilot, "Not recorded", "What you typed is kept")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "CP-1-1" not in pilot.app.desk.cases)
