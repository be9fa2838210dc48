"""Keys come first: other work of the screens waits for them, but never for long, and nothing large is done at once."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest
from screens import LARGE, SMALL, app, press, seen, sees, until
from textual.events import Key
from textual.geometry import Region

from chargelore.tui.filter import terms
from chargelore.tui.pace import KEY_FIRST, PATIENCE, Chores, Pace
from chargelore.tui.sweeping import AT_LAST, AT_REST, EVERY, NEVER, Sweeper
from chargelore.tui.widgets.listing import Sieve
from chargelore.tui.widgets.table import Look, Table


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def chores() -> tuple[Clock, Pace, Chores, list[str]]:
    """A beat four times a second and a tick each second, and what was done of them."""
    clock, done = Clock(), list[str]()
    pace = Pace(clock)
    work = Chores(pace, clock)
    work.every(0.25, lambda: done.append("beat"))
    work.every(1.0, lambda: done.append("tick"))
    clock.now += 1.0
    return clock, pace, work, done


def test_at_each_pulse_one_piece_of_work_is_done_and_that_which_waited_longest_comes_first() -> None:
    _, _, work, done = chores()
    work.pulse()
    assert done == ["beat"]
    work.pulse()
    assert done == ["beat", "tick"]
    work.pulse()
    assert done == ["beat", "tick"]


def test_while_a_key_is_worked_on_nothing_else_is_done() -> None:
    _, pace, work, done = chores()
    work.pulse()
    pace.pressed()
    work.pulse()
    assert done == ["beat"]
    pace.painted()
    work.pulse()
    assert done == ["beat", "tick"]


def test_of_two_keys_the_second_is_waited_for_too() -> None:
    _, pace, _, _ = chores()
    pace.pressed()
    pace.pressed()
    pace.painted()
    assert pace.is_taken
    pace.painted()
    assert not pace.is_taken


def test_a_key_that_is_never_painted_holds_nothing_up_for_good() -> None:
    clock, pace, work, done = chores()
    pace.pressed()
    pace.pressed()
    clock.now += KEY_FIRST + 0.001
    work.pulse()
    assert done == ["beat"]
    pace.pressed()
    pace.painted()
    assert not pace.is_taken


def test_who_holds_a_key_down_sees_the_screen_go_on_all_the_same() -> None:
    clock, pace, work, done = chores()
    for _ in range(200):
        pace.pressed()
        work.pulse()
        clock.now += 0.03
    assert done.count("beat") >= 200 * 0.03 / PATIENCE / 2
    assert "tick" in done


def test_keys_that_come_faster_than_they_are_painted_leave_moments_for_signals() -> None:
    clock, pace, _, _ = chores()
    free = 0
    for _ in range(200):
        pace.pressed()
        clock.now += 0.03
        free += not pace.is_taken
    assert free >= 200 * 0.03 / KEY_FIRST / 2


def test_all_is_looked_through_for_garbage_only_while_nobody_types() -> None:
    clock, swept = Clock(), list[float]()
    pace = Pace(clock)
    sweeper = Sweeper(pace, clock, lambda: swept.append(clock.now))
    for _ in range(int(EVERY) + 10):
        pace.pressed()
        clock.now += 1.0
        sweeper.looks()
    assert swept == []
    clock.now += AT_REST
    sweeper.looks()
    sweeper.looks()
    assert swept == [clock.now]


def test_somebody_who_never_rests_is_swept_for_now_and_then() -> None:
    clock, swept = Clock(), list[float]()
    pace = Pace(clock)
    sweeper = Sweeper(pace, clock, lambda: swept.append(clock.now))
    for _ in range(int(2 * AT_LAST) + 10):
        pace.pressed()
        clock.now += 1.0
        sweeper.looks()
    assert len(swept) == 2


async def test_the_screens_leave_the_interpreter_as_they_found_it(tmp_path: Path) -> None:
    before = gc.get_threshold(), sys.getswitchinterval()
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await sees(pilot, "CP-1 #2")
        assert gc.get_threshold()[2] == NEVER
        assert sys.getswitchinterval() < before[1]
    assert (gc.get_threshold(), sys.getswitchinterval()) == before


@pytest.mark.parametrize("key", ["j", "slash", "l", "q", "f", "question_mark"])
async def test_a_key_is_worked_on_until_the_screen_shows_what_it_did(tmp_path: Path, key: str) -> None:
    async with app(tmp_path, chargers=[seen("CP-2")]).run_test(size=SMALL) as pilot:
        await sees(pilot, "CP-1 #2")
        pace, told = pilot.app.pace, list[bool]()
        painted, pace.painted = pace.painted, lambda: (told.append(pace.is_taken), painted())
        pilot.app.post_message(Key(key, key))
        await until(pilot, lambda: (told and not pace.is_taken) or pilot.app._exit)


async def test_only_lines_that_changed_are_drawn_again(tmp_path: Path) -> None:
    """What is drawn is counted through the table: a charger that said nothing keeps its line."""
    async with app(tmp_path, cases=(), chargers=[seen(f"CP-{n}") for n in range(8)]).run_test(size=LARGE) as pilot:
        await sees(pilot, "CP-7")
        table, watch, drawn = pilot.app.screen.query_one("#bench-rows", Table), pilot.app.desk.watch, list[Region]()
        await pilot.pause()
        table.refresh = lambda *regions, **_: drawn.extend(regions)
        pilot.app.screen.draw()
        assert drawn == []
        watch.chargers["CP-3"] = seen("CP-3", "Faulted")
        pilot.app.screen.draw()
        assert [each.y for each in drawn] == [4]  # the heading stands above the first charger


async def test_a_line_that_changed_shows_its_new_state(tmp_path: Path) -> None:
    async with app(tmp_path, cases=(), chargers=[seen(f"CP-{n}") for n in range(8)]).run_test(size=LARGE) as pilot:
        await sees(pilot, "CP-7")
        pilot.app.desk.watch.chargers["CP-3"] = seen("CP-3", "Faulted")
        pilot.app.screen.draw()
        await sees(pilot, "#1 Faulted")


async def test_the_lines_follow_the_cursor_and_what_comes_above_it(tmp_path: Path) -> None:
    async with app(tmp_path, cases=(), chargers=[seen(f"CP-{n}") for n in range(8)]).run_test(size=LARGE) as pilot:
        await sees(pilot, "CP-7")
        await press(pilot, "j", "j")
        table = pilot.app.screen.query_one("#bench-rows", Table)
        assert table.current.seen.charger.id == "CP-2"
        pilot.app.desk.watch.chargers = {"CP-A": seen("CP-A"), **pilot.app.desk.watch.chargers}
        pilot.app.screen.draw()
        await sees(pilot, "CP-A")
        assert table.current.seen.charger.id == "CP-2"
        await until(pilot, lambda: table._painted[table.cursor][1])


def test_a_row_that_is_what_it_was_is_not_searched_again() -> None:
    searched: list[str] = []

    def words(row: tuple[str, str]) -> dict[str, str]:
        searched.append(row[0])
        return {"name": row[0], "status": row[1]}

    look = Look(key=lambda row: row[0], draw=lambda *_: (), words=words, is_settled=True)
    sieve, rows = Sieve(look), [("CP-1", "Available"), ("CP-2", "Faulted"), ("CP-3", "Available")]
    assert sieve.passing(rows, terms("faulted")) == (rows[1],)
    searched.clear()
    rows[2] = ("CP-3", "Faulted")
    assert sieve.passing(rows, terms("faulted")) == (rows[1], rows[2])
    assert searched == ["CP-3"]
    assert sieve.passing(rows, terms("available")) == (rows[0],)
    assert sieve.passing(rows[:1], terms("available")) == (rows[0],)


async def test_a_filter_follows_what_chargers_say(tmp_path: Path) -> None:
    async with app(tmp_path, cases=(), chargers=[seen(f"CP-{n}") for n in range(8)]).run_test(size=LARGE) as pilot:
        await sees(pilot, "CP-7")
        await press(pilot, "slash", *"faulted")
        await sees(pilot, "Nothing here passes the filter")
        pilot.app.desk.watch.chargers["CP-3"] = seen("CP-3", "Faulted")
        pilot.app.screen.draw()
        await sees(pilot, "CP-3", "1 of 8")
        pilot.app.desk.watch.chargers["CP-3"] = seen("CP-3", "Available")
        pilot.app.screen.draw()
        await sees(pilot, "Nothing here passes the filter")
