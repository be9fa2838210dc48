"""Every write can be undone and done again; both are events, and nothing that was said is ever deleted."""

from __future__ import annotations

from pathlib import Path

import small_world
from screens import LARGE, Here, app, misses, press, row, sees, trip

from chargelore.kb.events import ANSWER, FINDING, RETRACT, TRIED
from chargelore.kb.store import Store
from chargelore.tui.screens.case import CasePage


def answers(pilot: Here) -> dict[str, str]:
    return dict(pilot.app.desk.watch.cases["CP-1-1"].answers)


def kinds(folder: Path) -> list[str]:
    with Store.open(folder / "events.db") as store:
        return [each.kind for each in store.events()]


def standing(folder: Path, kind: str) -> int:
    with Store.open(folder / "events.db") as store:
        return len(store.standing(kind))


async def test_an_answer_is_undone_and_done_again(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "2")
        assert answers(pilot) == {small_world.RAIN: "no"}
        await press(pilot, "z")
        assert answers(pilot) == {}
        await sees(pilot, "Undone: “Did it rain in the last day?” no")
        await sees(pilot, " 1  yes   2  no")
        await press(pilot, "Z")
        assert answers(pilot) == {small_world.RAIN: "no"}
        await press(pilot, "z")
        assert answers(pilot) == {}
    assert kinds(tmp_path) == [ANSWER, RETRACT, RETRACT, RETRACT]
    assert standing(tmp_path, ANSWER) == 0


async def test_a_step_that_was_tried_is_undone(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "d", "t", "z")
        assert pilot.app.desk.watch.cases["CP-1-1"].tried == ()
        await press(pilot, "Z")
        assert pilot.app.desk.watch.cases["CP-1-1"].tried == (small_world.DRY,)
    assert standing(tmp_path, TRIED) == 1


async def test_a_finding_is_undone_its_case_is_open_again_and_nothing_is_learned_from_it(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "ctrl+s")
        assert pilot.app.desk.learned.cases == 1
        await press(pilot, "z")
        await sees(pilot, "Undone: finding “Water in plug”")
        assert pilot.app.desk.learned.cases == 0
        await press(pilot, "g", "enter")
        assert isinstance(pilot.app.screen, CasePage)
        await press(pilot, "Z")
        assert pilot.app.desk.learned.cases == 1
        assert "CP-1-1" not in pilot.app.desk.watch.cases
    assert standing(tmp_path, FINDING) == 1


async def test_an_undone_finding_brings_its_case_back_while_the_screens_are_held(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "ctrl+s", "=")
        await misses(pilot, "▲ CP-1")
        await press(pilot, "z")
        assert "Water in plug" in row(pilot, "▲ CP-1")
        await press(pilot, "Z")
        await misses(pilot, "▲ CP-1")


async def test_an_answer_that_is_undone_on_the_bench_is_gone_from_its_preview_at_once(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "1", "escape", "=")
        await sees(pilot, "Somebody must go there")
        await press(pilot, "z")
        await sees(pilot, "Can be done from here")


async def test_a_noted_gap_is_undone(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "l", *"qqzzxx", "f3", "escape", "z")
        await sees(pilot, "Undone: noted as missing “qqzzxx”")
    with Store.open(tmp_path / "events.db") as store:
        assert store.gaps() == {}


async def test_writes_are_undone_one_after_the_other_the_last_one_first(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("CP-1"), trip("CP-2")]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "2", "escape", "j", "enter", "1", "z", "z", "z")
        await sees(pilot, "Nothing to undo since the start")
        assert [case.answers for case in pilot.app.desk.watch.cases.values()] == [{}, {}]


async def test_what_was_undone_is_gone_once_something_new_is_written(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "2", "z", "1", "Z")
        await sees(pilot, "Nothing to do again")
        assert answers(pilot) == {small_world.RAIN: "yes"}


async def test_what_a_lost_store_does_not_take_does_not_count_and_is_told(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "2")
        pilot.app.desk.store.close()
        (tmp_path / "events.db").rename(tmp_path / "away")
        (tmp_path / "events.db").mkdir()
        await press(pilot, "z")
        assert answers(pilot) == {small_world.RAIN: "no"}
        await press(pilot, "d", "t")
        await sees(pilot, "Not kept, so it does not count")
        assert pilot.app.desk.watch.cases["CP-1-1"].tried == ()
        assert pilot.app.desk.doings.count == 1


async def test_answers_outlive_a_crash(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "2", "d", "t")
        tried = pilot.app.desk.watch.cases["CP-1-1"].tried
    again = app(tmp_path, cases=())  # nothing was told to stop; the watch begins with an empty memory
    again.desk.recall()
    async with again.run_test(size=LARGE) as pilot:
        again.desk.watch.cases["CP-1-1"] = trip()
        case, _ = again.desk.look_at("CP-1-1")
        assert case.answers == {small_world.RAIN: "no"}
        assert case.tried == tried
