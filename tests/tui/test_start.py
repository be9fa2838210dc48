"""The screens start on whatever is there, and say in a sentence what is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fake_watch import FakeWatch, world
from screens import LARGE, app, press, sees

from chargelore.kb.errors import UseError
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore, desk_over, run


def test_without_a_terminal_the_screens_say_what_to_use_instead() -> None:
    program = [sys.executable, "-c", "from chargelore.tui.app import run; run()"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert "the screens need a terminal" in done.stderr


def test_without_a_terminal_nothing_is_opened() -> None:
    with pytest.raises(UseError, match="chargelore triage FILE"):
        run()


async def test_a_store_that_cannot_be_read_is_told_on_the_bench(tmp_path: Path) -> None:
    (tmp_path / "events.db").write_bytes(b"this is no database" * 100)
    desk, told = desk_over(world(), FakeWatch(), Store.open(tmp_path / "events.db"))
    async with Chargelore(desk, told=told).run_test(size=LARGE) as pilot:
        assert "What was recorded before cannot be read" in await sees(pilot, "What was recorded before")
        await sees(pilot, "No chargers and no cases yet.")


def test_a_store_that_can_be_read_needs_no_words(tmp_path: Path) -> None:
    desk, told = desk_over(world(), FakeWatch(), Store.open(tmp_path / "events.db"))
    assert told == ""
    assert desk.learned.cases == 0


async def test_a_draft_that_cannot_be_kept_is_told_and_the_form_goes_on(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("in the way")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "2")
        await sees(pilot, "cannot be written")
        await press(pilot, "ctrl+s")
        assert pilot.app.desk.learned.cases == 1
