"""Somebody reports a trouble: a case opens in their own words, stands on the book, and goes again with `z`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from screens import LARGE, SMALL, Here, press, sees, shown, until

from chargelore.engine.grammar.rule import shipped as shipped_rules
from chargelore.engine.watch import Watch
from chargelore.kb.errors import StoreError, UseError
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
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
