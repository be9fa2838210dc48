"""Several rows are marked and taken along, written or handed over together."""

from __future__ import annotations

from pathlib import Path

from screens import LARGE, SMALL, Here, app, misses, press, row, sees, trip

from chargelore.engine.handing.proposing import as_entered
from chargelore.tui.app import Chargelore
from chargelore.tui.screens.bench import Bench

NAMES = ("CP-1", "CP-2", "CP-3", "CP-4")


def four(folder: Path) -> Chargelore:
    return app(folder, [trip(each) for each in NAMES], folder=folder)


def copied(folder: Path) -> str:
    return (folder / "last-copy.txt").read_text(encoding="utf-8")


def exported(folder: Path) -> str:
    [file] = (folder / "exports").glob("bench-*.csv")
    return file.read_text(encoding="utf-8")


async def marked(pilot: Here, *keys: str) -> None:
    await sees(pilot, *NAMES)
    await press(pilot, *keys)


async def test_marked_rows_are_copied_and_exported_and_the_others_are_not(tmp_path: Path) -> None:
    async with four(tmp_path).run_test(size=SMALL) as pilot:
        await marked(pilot, "space", "j", "space")
        await sees(pilot, "2 marked")
        assert "▪" in row(pilot, "CP-1")
        assert "▪" not in row(pilot, "CP-2")
        await press(pilot, "c")
        await sees(pilot, "2 marked rows")
        assert ("CP-1" in copied(tmp_path), "CP-2" in copied(tmp_path), "CP-3" in copied(tmp_path)) == (
            True,
            False,
            True,
        )
        await press(pilot, "ctrl+e")
        await sees(pilot, "2 rows are in")
        assert "CP-2" not in exported(tmp_path)


async def test_v_marks_a_range_and_escape_takes_marks_off_before_it_leads_back(tmp_path: Path) -> None:
    async with four(tmp_path).run_test(size=LARGE) as pilot:
        await marked(pilot, "v", "j", "j", "v")
        await sees(pilot, "3 marked")
        await press(pilot, "escape")
        await sees(pilot, "Nothing is marked.")
        await misses(pilot, "▪")
        assert isinstance(pilot.app.screen, Bench)


async def test_a_mark_is_taken_off_by_the_key_that_set_it(tmp_path: Path) -> None:
    async with four(tmp_path).run_test(size=LARGE) as pilot:
        await marked(pilot, "space", "g", "space")
        await sees(pilot, "Nothing is marked.")


async def test_marked_cases_are_handed_over_together_and_come_back_together(tmp_path: Path) -> None:
    async with four(tmp_path).run_test(size=LARGE) as pilot:
        desk = pilot.app.desk
        for case in desk.watch.cases.values():
            desk.store.record_entry(case.id, as_entered(case, desk.watch.diagnosis(case.id), desk.known))
        await press(pilot, "b")
        await sees(pilot, "CP-1-1", "CP-4-1")
        await press(pilot, "v", "G", "v", "P")
        await sees(pilot, "Pass 4 cases on", "Who gets it?")
        await press(pilot, "1", *"please", "enter")
        await sees(pilot, "4 cases: the")
        assert len({each.holder for each in desk.balls().balls}) == 1
        assert [each.kind for each in desk.store.events("handed")] == ["handed"] * 4
        await press(pilot, "z")
        await sees(pilot, "Undone: handed 4 cases on")
        assert {each.life.hands for each in desk.balls().balls} == {()}
