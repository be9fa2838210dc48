"""The tour of the demo: six things that a person does on a live fault, one told at a time; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_watch import FakeWatch, signal
from screens import LARGE, SMALL, Here, press, sees, trip, until

from chargelore.engine.case import Case
from chargelore.kb.store import Store
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
from chargelore.tui.keys.keymap import Keymap
from chargelore.tui.speech import ENGLISH, LANGUAGES, speak
from chargelore.tui.text import columns
from chargelore.tui.touring.app import DemoApp
from chargelore.tui.touring.lessons import BENCH, CASE, ELSEWHERE, FORM, LESSONS, WHY, Sight, Tour
from chargelore.tui.touring.panel import Panel, panel_lines


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak(ENGLISH)


def demo(folder: Path, /, cases: tuple[Case, ...] = (), *, is_read_only: bool = False, **how: Any) -> DemoApp:
    watch = FakeWatch(cases)
    desk = Desk(watch.knowledge, watch, Store.open(folder / "demo.db"), Drafts(folder / "drafts"))
    desk.relearn()
    desk.work_out(1.0)
    desk.is_read_only = is_read_only
    return DemoApp(desk, **how)


async def does(pilot: Here, *keys: str, then: str) -> None:
    """Press keys, and wait until the tour says something else."""
    await press(pilot, *keys)
    await sees(pilot, then)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_six_things_done_by_the_person_are_the_tour(tmp_path: Path, size: tuple[int, int]) -> None:
    async with demo(tmp_path, begins=True).run_test(size=size) as pilot:
        await sees(pilot, "TOUR 1/6", "Soon one breaks")
        pilot.app.desk.feed(signal("CP-1", 1, "fault"))
        await sees(pilot, "CP-1 #2 has trouble, live: ⏎ opens its case.")
        await does(pilot, "enter", then="TOUR 2/6  x tells why “Water in plug”")
        await does(pilot, "x", then="TOUR 3/6  esc goes back to the case.")
        await does(pilot, "escape", then="TOUR 3/6  Answer what the next step asks")
        await does(pilot, "1", then="TOUR 4/6")
        await does(pilot, "t", then="TOUR 5/6  r records")
        await does(pilot, "r", then="TOUR 5/6  Numbers choose")
        await does(pilot, "ctrl+s", then="TOUR 6/6  Recorded. z takes it back")
        await does(pilot, "z", then="TOUR 6/6  That is all.")
        await press(pilot, "f6")
        await until(pilot, lambda: not pilot.app.screen.query_one(Panel).display)


async def test_a_tour_that_was_left_goes_on_where_it_stood(tmp_path: Path) -> None:
    async with demo(tmp_path, (trip(),)).run_test(size=SMALL) as pilot:
        await sees(pilot, "f6: a tour in six steps", "f6 Tour")
        await does(pilot, "f6", then="TOUR 1/6")
        await does(pilot, "enter", then="TOUR 2/6")
        await does(pilot, "f6", then="The tour waits: f6 goes on.")
        assert not pilot.app.screen.query_one(Panel).display
        await press(pilot, "x", "escape")  # what is done meanwhile is not the tour's
        await does(pilot, "f6", then="TOUR 2/6  x tells why")


async def test_what_is_done_before_its_turn_counts(tmp_path: Path) -> None:
    async with demo(tmp_path, (trip(),), begins=True).run_test(size=LARGE) as pilot:
        await does(pilot, "enter", then="TOUR 2/6")
        await does(pilot, "d", then="✓ try")
        await does(pilot, "x", then="TOUR 3/6")


async def test_the_tour_names_the_keys_that_a_person_chose(tmp_path: Path) -> None:
    screens = demo(tmp_path, (trip(),), begins=True, keys=Keymap({"case.why": "f5", "tour.turn": "f2"}))
    async with screens.run_test(size=SMALL) as pilot:
        await does(pilot, "enter", then="f2 TOUR 2/6  f5 tells why")


async def test_the_empty_bench_of_a_demo_names_the_tour(tmp_path: Path) -> None:
    async with demo(tmp_path).run_test(size=SMALL) as pilot:
        await sees(pilot, "No chargers and no cases yet", "f6  a tour, on a live fault")


async def test_the_tour_writes_and_so_is_not_for_reading_only(tmp_path: Path) -> None:
    async with demo(tmp_path, (trip(),), is_read_only=True, begins=True).run_test(size=SMALL) as pilot:
        await sees(pilot, "The tour writes: open the demo without --read-only")
        assert not pilot.app.tour.is_on


async def test_the_demo_says_that_nothing_stays(tmp_path: Path) -> None:
    async with demo(tmp_path).run_test(size=SMALL) as pilot:
        await sees(pilot, "What you write is gone at the end, but for files.")
    async with demo(tmp_path, is_kept=True).run_test(size=SMALL) as pilot:
        await sees(pilot, "What you write goes into the store that you named.")


async def test_the_demo_keeps_language_and_theme_of_the_screens_and_begins_at_the_beginning(tmp_path: Path) -> None:
    async with demo(tmp_path, (trip(),), folder=tmp_path).run_test(size=SMALL) as pilot:
        pilot.app.speak("de")
        await press(pilot, "enter")
    async with demo(tmp_path, (trip(),), folder=tmp_path).run_test(size=SMALL) as pilot:
        await sees(pilot, "Tasten", "CP-1 #2")
        assert len(pilot.app.screen_stack) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", [BENCH, CASE, WHY, FORM, ELSEWHERE])
def test_whatever_the_tour_says_fits_eighty_columns(language: str, screen: str) -> None:
    speak(language)
    keys = {
        "case.why": "x",
        "case.tried": "t",
        "case.other-step": "d",
        "case.record": "r",
        "app.undo": "z",
        "page.back": "esc",
        "finding.save": "^s",
        "table.choose": "⏎",
        "app.help": "?",
        "tour.turn": "f6",
    }
    looks = [
        Sight(screen=screen, charger=charger, cases=cases, suspect="word " * 30, step=step, is_safety=is_safety,
              is_asked=is_asked, can_be_asked=is_asked, keys=keys)
        for charger in ("", "GARAGE-17 #2") for cases in (0, 1) for step in ("", "Look")
        for is_safety in (False, True) for is_asked in (False, True)
    ]  # fmt: skip
    for look in looks:
        for done in range(len(LESSONS) + 1):
            first, *rest = panel_lines(Tour(frozenset(range(done)), True, look), 78)
            assert not first.plain.endswith("…"), first.plain
            assert all(columns(each.plain) <= 78 for each in rest)
