"""The screen that puts a case to its maker: one question, a label, and the page as the maker gets it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from fake_watch import signal
from screens import LARGE, SMALL, Here, app, misses, press, sees, trip
from textual.widgets import Input

from chargelore.kb.casebook import Handed
from chargelore.kb.home import home
from chargelore.kb.store import Store
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.packet import PacketPage

HUGE = (200, 60)
HOSTILE = "[red]x[/red]\x1b[31m\u202e"


def packets() -> list[Path]:
    return sorted((home() / "packets").glob("*"))


def escalated(folder: Path) -> list[tuple[str, str]]:
    with Store.open(folder / "events.db") as store:
        return [(each.escalation.case, each.escalation.question) for each in store.escalated()]


async def opened(pilot: Here) -> PacketPage:
    await press(pilot, "enter", "p")
    assert isinstance(pilot.app.screen, PacketPage)
    return pilot.app.screen


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_the_page_of_the_maker_stands_beside_what_is_in_it_and_what_stays(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await opened(pilot)
        text = await sees(pilot, "# Escalation", "✓ one question", "✗ a label")
        assert "ctrl+s Write it" in text.replace("^s", "ctrl+s") or "Write the packet" in text
        assert "CP-1" not in text.split("For the maker", 1)[1]


@pytest.mark.parametrize("size", [SMALL, HUGE])
async def test_a_case_of_thousands_of_hostile_signals_is_shown_as_any_other(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    many = [signal("CP-1", second, "fault", code=f"{HOSTILE}{second}") for second in range(3000)]
    async with app(tmp_path, [trip("CP-1", many)]).run_test(size=size) as pilot:
        await opened(pilot)
        await sees(pilot, "# Escalation")
        await press(pilot, "3", "ctrl+s")
        await sees(pilot, "Written:")
        with ZipFile(packets()[0]) as archive:
            assert archive.testzip() is None
            assert len(archive.read("signals.jsonl").splitlines()) > 3000


async def test_it_is_not_finished_without_a_label_nor_without_a_question(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        page = await opened(pilot)
        await press(pilot, "ctrl+s")
        await sees(pilot, "Pick first who may read it")
        await press(pilot, "3")
        page.query_one("#packet-question", Input).value = "  "
        await press(pilot, "ctrl+s")
        await sees(pilot, "Write the one question first")
        await sees(pilot, "✗ one question")
        assert packets() == []
        assert escalated(tmp_path) == []


async def test_it_is_written_and_kept_and_the_maker_has_the_case_until_that_is_undone(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=(200, 40)) as pilot:
        await opened(pilot)
        await press(pilot, "3", "ctrl+s")
        assert str(packets()[0]) in await sees(pilot, "Written:")
        assert isinstance(pilot.app.screen, CasePage)
        assert [case for case, _ in escalated(tmp_path)] == ["CP-1-1"]
        assert "evse-oem" in str([each.body for each in pilot.app.desk.store.casebook()])
        await press(pilot, "z")
        assert escalated(tmp_path) == []
        assert not any("to" in each.body for each in pilot.app.desk.store.casebook())
        await press(pilot, "Z")
        assert len(escalated(tmp_path)) == 1
        assert any(each.body.get("to") == Handed(to="evse-oem", note="").to for each in pilot.app.desk.store.casebook())


async def test_the_same_packet_is_kept_once(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=(200, 40)) as pilot:
        for told in ("The maker has the case", "It was escalated before"):
            await press(pilot, "p" if isinstance(pilot.app.screen, CasePage) else "enter")
            await press(pilot, *([] if isinstance(pilot.app.screen, PacketPage) else ["p"]), "3", "ctrl+s")
            await sees(pilot, told)
        assert len(escalated(tmp_path)) == 1


async def test_a_question_of_ones_own_goes_along_and_names_nobody(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        page = await opened(pilot)
        page.query_one("#packet-question", Input).value = "Why does CP-1 with card 04A1B2C3D4E5F6 trip on 1.4?"
        await press(pilot, "3")
        text = await sees(pilot, "Why does charger-")
        assert "04A1B2C3D4E5F6" not in text.split("The page that the maker gets", 1)[1].split("Folder")[-1]
        assert "04A1B2C3D4E5F6" not in page.packet.question.text
        assert "on 1.4?" in page.packet.question.text


async def test_what_people_said_goes_along_under_red_alone(tmp_path: Path) -> None:
    case = replace(trip(), words=("it smelt of fish",))
    async with app(tmp_path, [case]).run_test(size=HUGE) as pilot:
        page = await opened(pilot)
        await press(pilot, "3")
        await sees(pilot, "1 thing said: what people said in their own words is TLP:RED")
        assert page.packet.words == ()
        await press(pilot, "5")
        await sees(pilot, "smelt of fish")
        await misses(pilot, "1 thing said")


@pytest.mark.parametrize(("number", "ends"), [("1", ".zip"), ("2", ""), ("3", ".md"), ("4", ".json")])
async def test_each_form_is_written(tmp_path: Path, number: str, ends: str) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot)
        await press(pilot, "3", "tab", number, "ctrl+s")
        await sees(pilot, "Written:")
        assert [each.suffix for each in packets()] == [ends]


async def test_where_it_cannot_be_written_nothing_is_kept_and_the_form_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        page = await opened(pilot)
        page.query_one("#packet-folder", Input).value = str(tmp_path / "file")
        await press(pilot, "3", "ctrl+s")
        await sees(pilot, "Not written")
        assert pilot.app.screen is page
        assert escalated(tmp_path) == []


async def test_read_only_shows_the_page_and_writes_nothing(tmp_path: Path) -> None:
    async with app(tmp_path, is_read_only=True).run_test(size=LARGE) as pilot:
        await opened(pilot)
        await press(pilot, "3", "ctrl+s")
        await misses(pilot, "Write the packet")
        assert packets() == []
        assert escalated(tmp_path) == []
