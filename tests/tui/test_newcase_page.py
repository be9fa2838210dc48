"""Somebody reports a trouble: a case opens in their own words, stands on the book, and goes again with `z`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from screens import LARGE, SMALL, Here, press, sees, shown, until
from textual.widgets import Input

from chargelore.engine.grammar.rule import shipped as shipped_rules
from chargelore.engine.handing.proposing import opened_at
from chargelore.engine.watch import Watch
from chargelore.kb.errors import StoreError, UseError
from chargelore.kb.finding import Finding
from chargelore.kb.load import shipped
from chargelore.kb.model import FaultId
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
from chargelore.tui.late import recorded
from chargelore.tui.newcase import opens
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.newcase import NewCasePage

HUGE = (200, 60)
WORDS = "burnt smell at the socket"


@pytest.fixture(scope="module")
def compiled() -> Watch:
    """A watch that hears nothing itself: its rules are compiled once for all tests."""
    return Watch(shipped(), shipped_rules(), inference="chain")


@pytest.fixture
def desk(tmp_path: Path, compiled: Watch) -> Desk:
    watch = compiled.fresh()
    return Desk(shipped(), watch, Store.open(tmp_path / "events.db"), Drafts(tmp_path / "drafts"))


def kept(desk: Desk) -> list[str]:
    """What the book says that nobody took back."""
    return sorted(each.kind for each in desk.store.casebook())


async def reported(pilot: Here, charger: str, words: str) -> None:
    await press(pilot, "ctrl+n")
    assert isinstance(pilot.app.screen, NewCasePage)
    for name, text in (("charger", charger), ("words", words)):
        pilot.app.screen.query_one(f"#newcase-{name}").value = text
    await press(pilot, "ctrl+s")


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_a_report_opens_a_case_that_stands_on_the_book_and_z_takes_it_back(
    desk: Desk, size: tuple[int, int]
) -> None:
    async with Chargelore(desk).run_test(size=size) as pilot:
        await reported(pilot, "CP-9", WORDS)
        await sees(pilot, "New case CP-9-1", WORDS, "Suspects")
        assert isinstance(pilot.app.screen, CasePage)
        assert kept(desk) == ["opened", "words"]
        assert [each.life.key.case for each in desk.balls().balls] == ["CP-9-1"]
        await press(pilot, "z")
        await until(pilot, lambda: isinstance(pilot.app.screen, Bench))
        assert kept(desk) == []
        assert desk.watch.cases == {}
        await press(pilot, "Z")
        await sees(pilot, "Done again: new case CP-9-1", "CP-9")
        assert kept(desk) == ["opened", "words"]


async def test_only_what_is_wrong_opens_a_case_and_one_that_is_open_is_named(desk: Desk) -> None:
    async with Chargelore(desk).run_test(size=LARGE) as pilot:
        await reported(pilot, "", WORDS)
        await sees(pilot, "No case: no charger is named")
        await press(pilot, "escape")
        await reported(pilot, "CP-9", "no smell")
        await sees(pilot, "says only what there is not")
        assert desk.watch.cases == {}
        await press(pilot, "escape")
        await reported(pilot, "CP-9", WORDS)
        await sees(pilot, "New case CP-9-1")
        await press(pilot, "ctrl+n")
        assert pilot.app.screen.query_one("#newcase-charger").value == "CP-9"
        await press(pilot, *"smoke", "enter")
        await sees(pilot, "CP-9 has an open case already, CP-9-1")
        assert len(desk.watch.cases) == 1


async def test_enter_goes_from_the_charger_to_the_words_and_opens_the_case(desk: Desk) -> None:
    async with Chargelore(desk).run_test(size=SMALL) as pilot:
        await press(pilot, "ctrl+n", *"CP-9", "enter", *"sparks", "enter")
        await sees(pilot, "New case CP-9-1")


def test_words_in_another_language_with_a_connector_and_a_time_go_where_they_belong(desk: Desk) -> None:
    name = opens(desk, "CP-9", "00:00 @CP-7/2 Brandgeruch an der Steckdose")
    case = desk.watch.case(name)
    assert (case.charger.id, case.connector) == ("CP-7", 2)
    assert case.opened_at is not None
    assert case.opened_at.time().isoformat() == "00:00:00"
    assert case.opened_at <= datetime.now(UTC)


def test_a_report_that_the_store_does_not_take_opens_no_case(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(desk.store, "record_entry", full)
    with pytest.raises(StoreError):
        opens(desk, "CP-9", WORDS)
    assert (desk.watch.cases, desk.doings.count) == ({}, 0)


def test_nobody_reports_where_screens_are_only_read(desk: Desk) -> None:
    desk.is_read_only = True
    with pytest.raises(UseError, match="--read-only"):
        opens(desk, "CP-9", WORDS)


async def test_an_answer_that_clears_a_suspect_is_given_from_its_list(desk: Desk) -> None:
    async with Chargelore(desk).run_test(size=LARGE) as pilot:
        await reported(pilot, "CP-9", WORDS)
        await sees(pilot, "New case CP-9-1")
        before = dict(desk.watch.case("CP-9-1").answers)
        first = desk.watch.diagnosis("CP-9-1").hypotheses[0]
        await press(pilot, "i")
        await sees(pilot, "What would clear it")
        await press(pilot, "enter")
        await sees(pilot, "Now first")
        assert len(desk.watch.case("CP-9-1").answers) == len(before) + 1
        after = {each.cause: each.probability for each in desk.watch.diagnosis("CP-9-1").hypotheses}
        assert after.get(first.cause, 0) < first.probability
        await press(pilot, "z")
        await until(pilot, lambda: dict(desk.watch.case("CP-9-1").answers) == before)
        assert "Undone" in shown(pilot)


def started_anew(desk: Desk, compiled: Watch) -> Desk:
    """Another start, or another program, over the store of that desk."""
    again = Desk(shipped(), compiled.fresh(), desk.store, Drafts(desk.drafts.folder))
    again.remembers(recorded(lambda: desk.store))
    return again


async def test_a_reported_case_is_there_after_a_restart_with_its_answers(desk: Desk, compiled: Watch) -> None:
    name = opens(desk, "CP-9", "@CP-9/2 burnt smell at the socket, no smoke")
    first = next(each for each in desk.known.evidence.values() if each.id not in desk.watch.case(name).answers)
    desk.answer(name, first.id, first.answers[0])
    before, diagnosis = desk.watch.case(name), desk.diagnosis(name)
    again = started_anew(desk, compiled)
    async with Chargelore(again).run_test(size=LARGE) as pilot:
        await sees(pilot, "▲ CP-9")
        await press(pilot, "enter")
        await sees(pilot, "Suspects", "burnt smell")
        assert again.watch.case(name) == before
        assert again.diagnosis(name) == diagnosis


async def test_a_report_in_a_second_program_is_another_case_there_at_r_and_at_enter_on_who_has_it(
    desk: Desk, compiled: Watch
) -> None:
    other = started_anew(desk, compiled)
    mine, theirs = opens(desk, "CP-9", WORDS), opens(other, "CP-9", "sparks at the plug")
    assert (mine, theirs) == ("CP-9-1", "CP-9-2")
    async with Chargelore(desk).run_test(size=LARGE) as pilot:
        await press(pilot, "b")
        await sees(pilot, mine, theirs)
        await press(pilot, "G", "enter")
        await sees(pilot, "sparks at the plug", "Suspects")
        assert set(desk.watch.cases) == {mine, theirs}
    async with Chargelore(other).run_test(size=LARGE) as pilot:
        assert set(other.watch.cases) == {theirs}
        await press(pilot, "R")
        await sees(pilot, "Read anew; reported elsewhere: 1 case.")
        assert set(other.watch.cases) == {mine, theirs}


def test_what_another_program_answered_counts_at_r_and_what_was_undone_here_stays_undone(
    desk: Desk, compiled: Watch
) -> None:
    name = opens(desk, "CP-9", WORDS)
    other = started_anew(desk, compiled)
    first, second = [each for each in desk.known.evidence.values() if each.id not in desk.watch.case(name).answers][:2]
    other.answer(name, first.id, first.answers[0])
    desk.answer(name, second.id, second.answers[0])
    assert desk.rereads() == 0
    assert desk.watch.case(name).answers[first.id] == first.answers[0]
    desk.undo()
    desk.look_at(name)
    assert second.id not in desk.watch.case(name).answers


def test_a_case_that_is_over_does_not_come_back(desk: Desk, compiled: Watch) -> None:
    name = opens(desk, "CP-9", WORDS)
    assert started_anew(desk, compiled).opened
    case = desk.watch.case(name)
    found = Finding(case=name, fault=FaultId(""), cause="not listed: a burnt plug", opened_at=opened_at(case))
    desk.record(replace(found, fixed_by="new plug"), closes=True)
    assert not started_anew(desk, compiled).opened


def test_a_report_that_cannot_be_kept_leaves_no_trace_of_the_charger(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(desk.store, "record_entry", full)
    with pytest.raises(StoreError):
        opens(desk, "CP-9", WORDS)
    with pytest.raises(UseError, match="nothing is said"):
        opens(desk, "CP-9", " ")
    assert dict(desk.chargers) == {}


@pytest.mark.parametrize("words", ["no power at socket", "no display", "kein Strom", "no communication with the car"])
def test_what_is_missing_is_a_trouble(desk: Desk, words: str) -> None:
    assert opens(desk, "CP-9", words) == "CP-9-1"


async def test_a_window_that_was_too_small_gives_the_cursor_back_to_the_line_that_had_it(desk: Desk) -> None:
    async with Chargelore(desk).run_test(size=SMALL) as pilot:
        await press(pilot, "ctrl+n", "a")
        line = pilot.app.screen.query_one("#newcase-charger", Input)
        await pilot.resize_terminal(20, 5)
        await until(pilot, lambda: pilot.app.screen.focused is None)
        await pilot.resize_terminal(*SMALL)
        await until(pilot, lambda: pilot.app.screen.focused is line)
        await press(pilot, "l", "z")
        await until(pilot, lambda: line.value == "alz")
