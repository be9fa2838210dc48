"""Every key is documented: it has an id, says what it does, stands in the list of keys, and means one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from screens import LARGE, SMALL, Here, app, commanded, press, sees, trip
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
WAYS = {
    "bench": (),
    "case": ("enter",),
    "why": ("enter", "x"),
    "explain": ("enter", "x", "x"),
    "timeline": ("enter", "L"),
    "finding": ("enter", "r"),
    "look-up": ("l",),
    "ball": ("b",),
    "taxonomy": ("f4",),
    "rules": ("f9",),
    "review": ("f7",),
    "help": ("?",),
    "copy as": ("y",),
    "packet": ("enter", "p"),
    "export": ("X",),
    "ask list": ("A",),
}


@pytest.fixture(params=WAYS)
async def pilot(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Here]:
    """Each screen in turn."""
    async with app(tmp_path).run_test(size=SMALL) as here:
        await press(here, *WAYS[request.param])
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
    assert [each for each in every() if each.key in NOT_OURS] == []


async def test_no_key_means_two_things_on_one_screen(pilot: Here) -> None:
    for widget in pilot.app.screen.focus_chain:
        widget.focus()
        await pilot.pause()
        owners = [owner for owner in pilot.app.screen._modal_binding_chain if not isinstance(owner[0], Input)]
        keys = Counter(key for _, bindings in owners for key in bindings.key_to_bindings)
        assert {key for key, times in keys.items() if times > 1} <= NEAREST_WINS


async def test_every_key_that_works_stands_in_the_list_of_keys(pilot: Here) -> None:
    active = pilot.app.screen.active_bindings.values()
    nodes, keys = keys_of(pilot.app.screen)
    ours = {each.binding.id for each in active if not isinstance(each.node, Input)}
    assert ours == {key.id for key in keys} == set(nodes)


async def test_the_footer_shows_at_most_seven_keys(pilot: Here) -> None:
    assert 1 <= len(pilot.app.screen.query(FooterKey)) <= 7


async def test_the_footer_fits_into_eighty_columns(pilot: Here) -> None:
    assert sum(key.size.width for key in pilot.app.screen.query(FooterKey)) <= 80


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
