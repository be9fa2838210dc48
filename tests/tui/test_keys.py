"""Every key is documented: it has an id, says what it does, stands in the list of keys, and means one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from every_screen import SCREENS, opened, pages, usual
from screens import LARGE, Here, app, commanded, press, sees, trip
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input
from textual.widgets._footer import FooterKey

from chargelore.tui.keys.common import MEANS, NEAREST_WINS, NOT_OURS
from chargelore.tui.keys.every import every, owners
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.help import HelpPage, keys_of

OURS = owners()


@pytest.fixture(params=SCREENS)
async def pilot(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Here]:
    """Each screen in turn."""
    async with opened(tmp_path, request.param, usual(request.param)) as here:
        yield here


@pytest.mark.parametrize("owner", OURS)
def test_every_key_has_a_name_and_says_what_it_does(owner: type[DOMNode]) -> None:
    for binding in Binding.make_bindings(owner.BINDINGS):
        assert binding.id, binding
        assert binding.description, binding


@pytest.mark.parametrize("owner", OURS)
def test_no_key_is_bound_twice_in_one_place(owner: type[DOMNode]) -> None:
    keys = Counter(binding.key for binding in Binding.make_bindings(owner.BINDINGS))
    assert [key for key, times in keys.items() if times > 1] == []


def test_a_key_means_the_same_on_every_screen() -> None:
    for binding in every():
        if binding.key in MEANS:
            assert str(binding.id).partition(".")[2] in MEANS[binding.key], binding


def test_no_key_is_taken_that_belongs_to_the_terminal() -> None:
    assert [each.id for each in every() if each.key in NOT_OURS] == ["app.to-shell"]  # what it is there for


async def test_the_keys_of_every_screen_are_told_and_mean_one_thing(pilot: Here) -> None:
    page = pilot.app.screen
    for widget in page.focus_chain:
        widget.focus()
        await pilot.pause()
        owners = [owner for owner in page._modal_binding_chain if not isinstance(owner[0], Input)]
        keys = Counter(key for _, bindings in owners for key in bindings.key_to_bindings)
        assert {key for key, times in keys.items() if times > 1} <= NEAREST_WINS
        nodes, told = keys_of(page)
        active = page.active_bindings.values()  # those without a name are of panes that scroll, as Textual has them
        ours = {each.binding.id for each in active if each.binding.id and not isinstance(each.node, Input)}
        assert ours == {key.id for key in told} == set(nodes)
        assert all(key.does for key in told)


async def test_the_footer_of_every_screen_is_short_and_leads_to_all_keys(pilot: Here) -> None:
    footer = list(pilot.app.screen.query(FooterKey))
    assert 1 <= len(footer) <= 7
    assert sum(key.size.width for key in footer) <= 80
    assert "Keys" in {each.description for each in footer}


def test_every_screen_is_in_the_table() -> None:
    missing = pages() - {each.page for each in SCREENS.values()}
    assert not missing, f"write down in tests/support/every_screen.py how these are opened: {missing}"


async def test_typing_finds_a_key_and_enter_runs_it(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "?", *"faults", "enter")
        assert isinstance(pilot.app.screen, Bench)
        assert pilot.app.screen.is_faults_only


async def test_f1_lists_the_keys_also_while_typing(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "l", *"e7", "f1")
        assert isinstance(pilot.app.screen, HelpPage)
        await sees(pilot, "This maker / all")
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, Bench)


async def test_a_colon_opens_the_commands_and_a_case_is_found_by_name(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("CP-1"), trip("CP-23")]).run_test(size=LARGE) as pilot:
        await commanded(pilot, ":", *"case", "space", *"p-23")
        assert isinstance(pilot.app.screen, CasePage)
        assert pilot.app.screen.case_id == "CP-23-1"


async def test_a_command_of_the_screen_is_found_by_its_words(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await commanded(pilot, "ctrl+p", *"faults only")
        assert pilot.app.screen.is_faults_only


async def test_a_place_is_gone_to_by_a_letter_and_a_name(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("CP-1"), trip("CP-23")]).run_test(size=LARGE) as pilot:
        await commanded(pilot, ":", *"c p-23")
        assert isinstance(pilot.app.screen, CasePage)
        await commanded(pilot, ":", *"f ground")
        await sees(pilot, "1 of 2", "ground fault trip")
