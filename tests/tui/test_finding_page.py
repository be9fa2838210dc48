"""A finding is recorded by keys alone, survives a crash as a draft, and is learned from at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import small_world
from screens import LARGE, SMALL, Here, app, misses, press, row, sees, trip

from chargelore.kb.finding import Finding, finding_of
from chargelore.kb.store import Store


def recorded(folder: Path) -> list[Finding]:
    """What a fresh start reads from the store."""
    with Store.open(folder / "events.db") as store:
        return [finding_of(event.body) for event in store.events("finding")]


def folder_is_blocked(folder: Path) -> None:
    """A file stands where the folder of the store should be, as on a disk that cannot be written."""
    (folder / "events.db").unlink(missing_ok=True)
    (folder / "events.db").mkdir()


async def type_in(pilot: Here, field: str, text: str) -> None:
    pilot.app.screen.query_one(field).focus()
    await press(pilot, *(character if character != " " else "space" for character in text))


async def test_the_top_suspect_is_recorded_with_three_keys(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "r", "ctrl+s")
        assert "CP-1-1" not in pilot.app.desk.cases
    [found] = recorded(tmp_path)
    assert found.cause == small_world.WET
    assert found.fixed_by == small_world.DRY
    assert found.minutes == 60
    assert found.codes == ("E7",)


async def test_another_cause_fix_and_maker_take_at_most_eight_keys_from_the_case(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter")
        keys = ("r", "2", "2", "tab", "tab", "y", "ctrl+s")
        assert len(keys) <= 8
        await press(pilot, *keys)
    [found] = recorded(tmp_path)
    assert (found.cause, found.fixed_by, found.needed_oem) == (small_world.CABLE, small_world.SWAP, True)


async def test_a_cause_that_is_not_listed_is_kept_in_own_words(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "3", *"ants", "ctrl+s")
    assert recorded(tmp_path)[0].cause == "not listed: ants"


async def test_a_cause_in_own_words_needs_words(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "3", "ctrl+s")
        await sees(pilot, "Say in a few words what the cause was.")
    assert recorded(tmp_path) == []


async def test_minutes_that_are_no_number_are_refused_in_a_sentence(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r")
        await type_in(pilot, "#minutes", "x")
        await press(pilot, "ctrl+s")
        await sees(pilot, "Minutes must be a whole number")
    assert recorded(tmp_path) == []


async def test_yes_no_and_did_not_look_are_kept_apart(tmp_path: Path) -> None:
    case = replace(trip(), answers={small_world.RAIN: "no"})
    async with app(tmp_path, [case]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "ctrl+s")
    [found] = recorded(tmp_path)
    assert found.evidence == {small_world.AT_PLUG_IN: "yes", small_world.RAIN: "no", small_world.WHEN: "unknown"}


async def test_nothing_fixed_yet_leaves_the_case_open(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE, notifications=True) as pilot:
        await press(pilot, "enter", "r", "1", "4", "ctrl+s")
        assert "CP-1-1" in pilot.app.desk.cases
        await pilot.pause()
        await sees(pilot, "The case stays open.")
    assert recorded(tmp_path)[0].fixed_by == ""


async def test_a_recorded_finding_changes_the_next_diagnosis(tmp_path: Path) -> None:
    def chance_of_cable() -> float:
        found = pilot.app.desk.diagnosis("CP-9-1").hypotheses
        return next(each.probability for each in found if each.cause == small_world.CABLE)

    async with app(tmp_path, [trip("CP-1"), trip("CP-2"), trip("CP-9")]).run_test(size=LARGE) as pilot:
        before = chance_of_cable()
        for _ in range(2):
            await press(pilot, "enter", "r", "2", "2", "ctrl+s")
        assert chance_of_cable() > before + 0.02
        assert pilot.app.desk.learned.cases == 2


async def test_a_draft_survives_a_crash(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "2")
        await type_in(pilot, "#note", "gland loose")
    async with app(tmp_path).run_test(size=LARGE) as pilot:  # nothing was saved, and nothing was told to stop
        await press(pilot, "enter", "r")
        await sees(pilot, "gland loose")
        await sees(pilot, "● 2 Cable cut")
        await sees(pilot, "Your draft is back")
        await press(pilot, "f8")
        await misses(pilot, "gland loose")
        await sees(pilot, "● 1 Water in plug")


async def test_a_saved_finding_leaves_no_draft(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r", "2", "ctrl+s")
    assert list((tmp_path / "drafts").iterdir()) == []


async def test_a_store_that_cannot_be_written_loses_nothing_that_was_typed(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "r")
        await type_in(pilot, "#note", "wet gland")
        folder_is_blocked(tmp_path)
        await press(pilot, "ctrl+s")
        await sees(pilot, "Not recorded")
        await sees(pilot, "wet gland")
        assert "CP-1-1" in pilot.app.desk.cases


async def test_the_form_fits_the_smallest_window(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "r")
        assert "don't know" in row(pilot, "nothing yet")
        await sees(pilot, "the maker had to help")
        await sees(pilot, "Save")
