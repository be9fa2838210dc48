"""The screens start on whatever is there, and say in a sentence what is not."""

from __future__ import annotations

import subprocess
import sys
from asyncio import create_task
from dataclasses import replace
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from threading import Event

import pytest
from fake_watch import FakeWatch, world
from screens import LARGE, app, press, sees, until

from chargelore.kb.errors import UseError
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.cli.ending import with_outputs
from chargelore.tui.late import Recorded, recorded
from chargelore.tui.starting import desk_over, run
from chargelore.tui.terminal import needs_screen


def test_without_a_terminal_the_screens_say_what_to_use_instead() -> None:
    program = [sys.executable, "-c", "from chargelore.tui.starting import run; run()"]
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
        await sees(pilot, "The draft is not kept", "writable folder", "Back, lose what is typed")
        await press(pilot, "ctrl+s")
        assert pilot.app.desk.learned.cases == 1


async def test_a_key_typed_before_all_is_read_counts_when_it_is(tmp_path: Path) -> None:
    may_go_on = Event()

    def slowly() -> Recorded:
        may_go_on.wait(60)
        return Recorded(world())

    async with app(tmp_path, [], reads=slowly).run_test(size=LARGE) as pilot:
        await sees(pilot, "No chargers and no cases yet.")
        pressed = create_task(pilot.press("l"))
        await sees(pilot, "Reading what was recorded here", "No chargers and no cases yet.")
        may_go_on.set()
        await sees(pilot, "Look up", "In full")
        await pressed


async def test_what_was_recorded_before_counts_once_it_is_read(tmp_path: Path) -> None:
    learned = replace(NOTHING_LEARNED, cases=3)
    async with app(tmp_path, reads=lambda: Recorded(world(), learned=learned)).run_test(size=LARGE) as pilot:
        await until(pilot, lambda: pilot.app.desk.learned.cases == 3)
        assert pilot.app.desk.watch.learned.cases == 3


async def test_a_store_that_cannot_be_read_late_is_told_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    reads = partial(recorded, partial(Store.open, tmp_path / "broken.db"))
    async with app(tmp_path, [], reads=reads).run_test(size=LARGE) as pilot:
        await sees(pilot, "What was recorded before cannot be read", "No chargers and no cases yet.")


async def test_signals_wait_for_what_was_recorded(tmp_path: Path) -> None:
    may_go_on, began = Event(), list[bool]()

    def slowly() -> Recorded:
        may_go_on.wait(60)
        return Recorded(world())

    async def source(_feed: object) -> None:
        began.append(may_go_on.is_set())

    async with app(tmp_path, [], start=source, reads=slowly).run_test(size=LARGE) as pilot:
        await sees(pilot, "No chargers and no cases yet.")
        may_go_on.set()
        await until(pilot, lambda: began)
    assert began == [True]


async def test_other_screens_are_loaded_while_nobody_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr("chargelore.tui.app.unloaded", lambda: ("ball", "rules"))
    monkeypatch.setattr("chargelore.tui.app.screen_of", loaded.append)
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await until(pilot, lambda: loaded == ["ball", "rules"])


def test_a_terminal_that_moves_no_cursor_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with pytest.raises(UseError, match="TERM=dumb is none"):
        needs_screen()


def test_what_an_encoding_cannot_say_is_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    out = TextIOWrapper(BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    with_outputs()
    print("Ω here", flush=True)
    assert out.buffer.getvalue() == b"? here\n"
