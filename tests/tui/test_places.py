"""One comes back to where one was: by keys, and at the next start; what is copied says where it went."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from screens import LARGE, SMALL, app, press, sees, trip, until

from chargelore.tui.messages import Chosen
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.help import HelpPage
from chargelore.tui.screens.page import Page
from chargelore.tui.session import Session, load
from chargelore.tui.ways import WAYS, screen_of


async def test_brackets_go_back_and_forth_between_places(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("CP-1"), trip("CP-2")]).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "escape", "j", "enter")
        assert pilot.app.screen.case_id == "CP-2-1"
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert pilot.app.screen.case_id == "CP-1-1"
        await press(pilot, "right_square_bracket")
        assert isinstance(pilot.app.screen, Bench)
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert "No further place that way" in await sees(pilot, "No further place")


async def test_the_next_start_goes_on_at_the_same_place_with_the_same_filter(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("CP-1"), trip("CP-2")], folder=tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"cp-2", "enter", "enter")
        assert isinstance(pilot.app.screen, CasePage)
        await sees(pilot, "Next step")
    async with app(tmp_path, [trip("CP-1"), trip("CP-2")], folder=tmp_path).run_test(size=SMALL) as pilot:
        await sees(pilot, "Next step")
        assert isinstance(pilot.app.screen, CasePage)
        assert pilot.app.screen.case_id == "CP-2-1"
        await press(pilot, "escape")
        await sees(pilot, "1 of 2")
    async with app(tmp_path, [trip("CP-1")], folder=tmp_path).run_test(size=SMALL) as pilot:
        await sees(pilot, "OFFLINE")


def test_a_broken_session_is_a_fresh_one(tmp_path: Path) -> None:
    for broken in (b"", b"{", b"[]", b'{"place": 1}', b"\xff"):
        (tmp_path / "session.json").write_bytes(broken)
        assert load(tmp_path / "session.json") == Session()


async def test_what_is_copied_goes_to_the_clipboard_and_to_a_file_and_says_so(tmp_path: Path) -> None:
    async with app(tmp_path, folder=tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "c")
        await sees(pilot, "OSC 52")
        assert "Water in plug" in (tmp_path / "last-copy.txt").read_text()
        await press(pilot, "y", "j", "enter")
        await sees(pilot, "JSON")
        assert json.loads((tmp_path / "last-copy.txt").read_text())["cause"] == "Water in plug"
        assert pilot.app.clipboard == (tmp_path / "last-copy.txt").read_text()


async def test_a_list_is_exported_as_it_is_seen(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("=CP-1"), trip("CP-2")], folder=tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "slash", *"=cp", "enter", "ctrl+e")
        await sees(pilot, "exports")
    [file] = (tmp_path / "exports").iterdir()
    lines = file.read_text().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=CP-1,")


async def test_a_letter_jumps_to_a_pane(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "ctrl+o", "a")
        assert pilot.app.screen.focused is pilot.app.screen.timeline.table


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        (("b",), "ball"),
        (("X",), "export"),
        (("f7",), "review"),
        (("enter", "p"), "packet"),
        (("A",), "asks"),
        (("enter", "L"), "timeline"),
    ],
)
async def test_every_screen_to_work_on_is_a_place_to_come_back_to(
    tmp_path: Path, keys: tuple[str, ...], kind: str
) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, *keys)
        assert pilot.app.screen.place.kind == kind
        there = type(pilot.app.screen)
        await pilot.app.run_action("visit(-1)")
        await pilot.pause()
        assert type(pilot.app.screen) is not there
        await pilot.app.run_action("visit(1)")
        await pilot.pause()
        assert type(pilot.app.screen) is there


@pytest.mark.parametrize("kind", WAYS)
def test_every_way_leads_to_a_screen_that_can_be_made_for_its_place(kind: str) -> None:
    screen = screen_of(kind)
    assert issubclass(screen, Page)
    assert "of_place" in vars(screen), "it says how it is made for a place"


async def test_a_case_that_was_closed_under_the_cursor_is_told(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        bench = pilot.app.screen
        await until(pilot, lambda: bench.in_front is not None)
        row = bench.listing.table.current
        pilot.app.desk.close("CP-1-1")
        bench.post_message(Chosen("bench", row))  # enter, just before the list is drawn anew
        await sees(pilot, "closed meanwhile")


def test_the_first_screen_waits_for_no_other_and_for_no_database() -> None:
    told = "import sys, chargelore.tui.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    screens = {screen_of(kind).__module__ for kind in WAYS} - {HelpPage.__module__}  # the palette asks it for keys
    assert not screens & set(loaded)
    assert not {"openpyxl", "ocpp", "jsonschema", "networkx", "sqlalchemy"} & set(loaded)
