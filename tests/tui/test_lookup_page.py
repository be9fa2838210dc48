"""Look-up answers while one types, within the maker of the open case first, and notes what it does not know."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from screens import LARGE, SMALL, Here, app, press, row, sees
from textual.worker import WorkerCancelled

from chargelore.kb.store import Store
from chargelore.tui.screens.lookup import LookupPage


async def looked_up(pilot: Here, *keys: str) -> None:
    """Type into the look-up and wait until its search is through."""
    await press(pilot, *keys)
    page = pilot.app.screen
    assert isinstance(page, LookupPage)
    page.search_now()
    while True:
        with suppress(WorkerCancelled):  # the search that the last key asked for may come in between
            await pilot.app.workers.wait_for_complete()
            break
    await pilot.pause()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_code_is_explained_while_one_types(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await looked_up(pilot, "l", *"e7")
        await sees(pilot, "“RCD tripped”", "DANGER  safety fault")
        assert "ground fault trip" in row(pilot, "exact")
        pilot.app.screen.query_one("#card-pane").scroll_end(animate=False)
        await pilot.pause()
        await sees(pilot, "Water in plug")


async def test_the_maker_of_the_open_case_comes_first_and_f2_drops_it(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "l")
        await sees(pilot, "First of all Acme Post 22 1.4")
        await press(pilot, "f2")
        await sees(pilot, "Searching all makers alike")


async def test_what_is_not_known_is_said_and_noted_as_missing(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await looked_up(pilot, "l", *"qqzzxx")
        await sees(pilot, "Nothing here knows “qqzzxx”")
        await press(pilot, "f3")
        await sees(pilot, "Noted as missing: qqzzxx")
    with Store.open(tmp_path / "events.db") as store:
        assert store.gaps() == {"qqzzxx": 1}


async def test_an_empty_line_says_what_can_be_typed(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await looked_up(pilot, "l")
        await sees(pilot, "Type a code as the charger shows it")


async def test_typing_on_goes_back_to_the_best_result(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await looked_up(pilot, "l", *"rcd")
        await press(pilot, "down", "down")
        pilot.app.screen.query_one("#lookup-input").focus()
        await looked_up(pilot, "space", *"trip")
        assert pilot.app.screen.results.table.cursor == 0


async def test_whoever_knows_a_code_writes_a_draft_that_is_found_at_once_and_z_takes_back(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "l", *"qq77")
        await sees(pilot, "Nothing here knows", "you say what it means")
        await press(pilot, "tab", "r")
        await sees(pilot, "Which fault is it?", "Acme", "ground fault trip")
        await press(pilot, "enter")
        await sees(pilot, "qq77 of Acme means")
        await press(pilot, "y")
        await sees(pilot, "Written down as a draft", "draft")
        assert pilot.app.screen.results.rows[0].vendor == "Acme"
        assert [each.kind for each in pilot.app.desk.store.events()] == ["node", "edge"]
        await press(pilot, "z")
        await sees(pilot, "Undone")
        assert "qq77" not in {each.code for each in pilot.app.desk.known.codes}


async def test_a_meaning_without_its_maker_is_not_written(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "l", *"qq77", "tab", "r")
        pilot.app.screen.query_one("#known-maker").value = ""
        await press(pilot, "enter")
        await sees(pilot, "Name the code and its maker first.")
        assert pilot.app.desk.store.events() == ()


async def test_an_objection_to_a_result_reaches_the_review_queue(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "l", *"e7")
        await sees(pilot, "Acme E7")
        await press(pilot, "enter", "!")
        await sees(pilot, "What is wrong with Acme E7")
        await press(pilot, *"no", "enter")
        await sees(pilot, "is doubted")
        [event] = pilot.app.desk.store.events("dispute")
        assert (event.subject.partition("/")[0], event.body["reason"]) == ("edge", "no")
        await press(pilot, "z")
        await sees(pilot, "Undone: objected to Acme E7")
