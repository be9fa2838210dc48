"""On site: who came stands on the screen, what reads is one key away, and what acts is read before it is sent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from bench_screens import on_site, ready
from charge_points import plugged
from screens import LARGE, SMALL, Here, misses, press, sees
from textual.widgets import Input
from textual.widgets._footer import FooterKey

from chargelore.tui.onsiteapp import OnSiteApp
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.consent import ConsentPage
from chargelore.tui.screens.errands import ErrandsPage
from chargelore.tui.screens.help import keys_of
from chargelore.tui.screens.onsite import OnSite


def bench_app(pilot: Here) -> OnSiteApp:
    assert isinstance(pilot.app, OnSiteApp)
    return pilot.app


def address(pilot: Here) -> str:
    return bench_app(pilot).site.address


async def asks(pilot: Here, message: str) -> None:
    """Choose a message by typing a part of it."""
    await press(pilot, "m", "slash", *message, "enter", "enter")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_empty_screen_says_which_address_to_give_the_charger(tmp_path: Path, size: tuple[int, int]) -> None:
    async with on_site(tmp_path, size=size) as pilot:
        text = await sees(pilot, "No charger has come yet")
        assert f"{address(pilot)}/" in text
        assert "its operator does not see it" in text


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
async def test_a_charger_that_comes_is_shown_and_read(tmp_path: Path, version: str) -> None:
    async with on_site(tmp_path) as pilot, plugged(address(pilot), version):
        await sees(pilot, "CP-1", "Acme", f"OCPP {version}", "#1 Available")
        await asks(pilot, "settings")
        text = await sees(pilot, "DONE")
        assert "HeartbeatInterval" in text or "OCPPCommCtrlr.Variable1" in text
        await press(pilot, "v")
        await misses(pilot, "SuperSecret1")


async def test_what_acts_is_sent_only_after_its_effect_was_read(tmp_path: Path) -> None:
    async with on_site(tmp_path) as pilot, plugged(address(pilot)) as box:
        await sees(pilot, "#1 Available")
        await asks(pilot, "clear")
        await sees(pilot, "forgets the cards it knows")
        await press(pilot, "enter")
        assert box.asked == []
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, OnSite)
        assert box.asked == []
        await asks(pilot, "clear")
        await sees(pilot, "forgets the cards it knows")
        await press(pilot, "y")
        await sees(pilot, "DONE", "ClearCache")
        assert box.asked == ["ClearCache"]


async def test_a_hard_reset_while_a_vehicle_charges_wants_the_chargers_id(tmp_path: Path) -> None:
    async with on_site(tmp_path) as pilot, plugged(address(pilot), refuses=True) as box:
        await box.charges()
        await sees(pilot, "#1 Charging")
        await asks(pilot, "hard")
        await sees(pilot, "A vehicle is charging.", "type the charger's id")
        await press(pilot, "y", "enter")
        assert isinstance(pilot.app.screen, ConsentPage)
        await sees(pilot, "Nothing was sent")
        assert box.asked == []
        await press(pilot, "backspace", *"CP-1", "enter")
        await sees(pilot, "REFUSED", "It refuses.")
        assert box.asked == ["Reset Hard"]


async def test_a_step_of_the_plan_that_is_a_message_is_one_key(tmp_path: Path) -> None:
    async with on_site(tmp_path, size=LARGE) as pilot, plugged(address(pilot)) as box:
        await box.is_now("Unavailable")
        for _ in range(3):
            await box.is_now("Preparing")
            await box.is_now("Faulted", "GroundFailure")
        await sees(pilot, "LIKELY", "Take the outlet out of service")  # a ground fault: made safe before anything else
        desk = bench_app(pilot).desk
        case = next(iter(desk.cases))
        reset = desk.knowledge.steps["restart-charger-remotely"]  # type: ignore[index]  # an id that ships
        assert reset.message == "Reset Soft"
        await press(pilot, "M")
        await sees(pilot, "ChangeAvailability Inoperative to CP-1")
        await press(pilot, "escape", "d")
        assert isinstance(pilot.app.screen, CasePage)
        assert pilot.app.screen.case_id == case
        await press(pilot, "escape")
        await asks(pilot, "soft")
        await sees(pilot, "NOT SENT", "somebody must look")
        await press(pilot, "y")
        assert box.asked == []


async def test_every_message_on_offer_is_one_that_the_charger_has(tmp_path: Path) -> None:
    async with on_site(tmp_path, size=LARGE) as pilot, plugged(address(pilot), "2.0.1"):
        await sees(pilot, "#1 Available")
        await press(pilot, "m")
        assert isinstance(pilot.app.screen, ErrandsPage)
        text = await sees(pilot, "Reset OnIdle", "GetMonitoringReport")
        assert "GetConfiguration" not in text
        assert text.index("reads") < text.index("acts")


@pytest.mark.parametrize("keys", [(), ("m",), ("m", "slash", *"cache", "enter", "enter")])
async def test_every_key_stands_in_the_list_of_keys_and_the_footer_fits(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with on_site(tmp_path) as pilot, plugged(address(pilot)):
        await sees(pilot, "#1 Available")
        await press(pilot, *keys)
        await pilot.pause()
        active = pilot.app.screen.active_bindings.values()
        nodes, listed = keys_of(pilot.app.screen)
        ours = {each.binding.id for each in active if not isinstance(each.node, Input)}
        assert ours == {key.id for key in listed} == set(nodes)
        footer = pilot.app.screen.query(FooterKey)
        assert 1 <= len(footer) <= 7
        assert sum(key.size.width for key in footer) <= 80


async def test_markup_in_an_id_is_text_and_a_charger_that_left_is_marked(tmp_path: Path) -> None:
    async with on_site(tmp_path) as pilot:
        async with plugged(address(pilot), name="%5Bred%5DCP%1B[31m"):
            await sees(pilot, "● [red]CP")
        await sees(pilot, "✗ [red]CP", "gone")
        await asks(pilot, "heartbeat")
        await sees(pilot, "GONE", "It is not connected.")


async def test_where_somebody_listens_already_the_screen_leaves_with_the_reason(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        async with on_site(tmp_path, ready(f"127.0.0.1:{other.getsockname()[1]}")) as pilot:
            broke = bench_app(pilot).site.broke
    assert broke is not None
    assert "cannot listen" in str(broke)


async def test_a_bench_that_chargers_hang_on_is_not_stopped_by_ctrl_z(tmp_path: Path) -> None:
    async with on_site(tmp_path) as pilot, plugged(address(pilot)):
        await sees(pilot, "#1 Available")
        await press(pilot, "ctrl+z")
        await sees(pilot, "would hang", "leave with q")
