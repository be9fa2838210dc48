"""The demo's world: real frames on real sockets, each fault as its script says, the same at any speed."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from datetime import timedelta
from typing import NoReturn

import pytest

from chargelore.engine.case import Charger
from chargelore.engine.demo.faults import ROLES
from chargelore.engine.demo.stage import Role, Stage
from chargelore.engine.demo.wallbox import SimWallbox
from chargelore.engine.demo.world import world
from chargelore.engine.signal import Signal
from chargelore.engine.sources.address import Address
from chargelore.engine.sources.modbus import Pace, poll
from chargelore.kb.codes import Codes
from chargelore.kb.load import shipped
from chargelore.kb.loadmap import load_map
from chargelore.kb.model import FaultId

Story = dict[str, list[Signal]]


@pytest.fixture(scope="module")
def story() -> Story:
    return asyncio.run(played(math.inf))


async def played(speed: float) -> Story:
    told: Story = defaultdict(list)
    health = await world(speed, lambda signal: told[signal.charger].append(signal))
    assert (health.engine_errors, health.dropped_copies, health.open) == (0, 0, 0)
    return told


def signals_of(story: Story, play: str) -> list[Signal]:
    return next(story[role.who.id] for role in ROLES if role.plays.__name__ == play)


def at_kind(signals: list[Signal], kind: str, **fields: str) -> list[Signal]:
    return [each for each in signals if each.kind == kind and fields.items() <= dict(each.fields).items()]


def test_at_least_six_chargers_are_faulty_and_some_are_healthy() -> None:
    assert len({role.plays for role in ROLES if role.expects}) >= 6
    assert sum(role.expects is None for role in ROLES) >= 2


def test_every_expected_fault_is_in_the_taxonomy() -> None:
    assert {role.expects for role in ROLES if role.expects} <= shipped().faults.keys()


def test_everybody_speaks_in_the_order_of_event_time(story: Story) -> None:
    for role in ROLES:
        times = [each.at for each in story[role.who.id] if each.at]
        assert times
        assert times == sorted(times)


async def test_speed_changes_nothing_that_is_said(story: Story) -> None:
    again = await played(7_200)
    for role in ROLES:
        if role.expects:
            assert again[role.who.id] == story[role.who.id]


def test_a_ground_fault_follows_each_plug_in_within_seconds(story: Story) -> None:
    said = signals_of(story, "ground_fault_at_plug_in")
    plugged, tripped = at_kind(said, "status", status="Preparing"), at_kind(said, "status", errorCode="GroundFailure")
    assert len(tripped) >= 3
    for before, after in zip(plugged, tripped, strict=True):
        assert before.at and after.at and timedelta() < after.at - before.at < timedelta(seconds=30)  # noqa: PT018  # one statement on one span


def test_the_line_is_dropped_and_set_up_again_many_times(story: Story) -> None:
    said = signals_of(story, "reconnect_loop")
    assert len(at_kind(said, "connected")) == len(at_kind(said, "boot")) >= 8
    assert {each.fields["code"] for each in at_kind(said, "disconnected")} == {1006}


def test_every_profile_is_answered_with_rejected(story: Story) -> None:
    said = signals_of(story, "profile_rejected")
    assert len(at_kind(said, "command", action="SetChargingProfile")) >= 5
    assert len(at_kind(said, "orphan", status="Rejected")) >= 5


def test_the_hot_charger_says_so_and_gives_less_than_it_offers(story: Story) -> None:
    said = signals_of(story, "hot_and_derating")
    meters = [each.fields for each in at_kind(said, "meter")]
    reduced = [each for each in meters if float(str(each["current"])) < 0.5 * float(str(each["current.offered"]))]
    assert max(float(str(each["temperature"])) for each in meters) > 70
    assert len(reduced) > 10
    assert at_kind(said, "status", errorCode="HighTemperature")


def test_a_silent_meter_is_told_while_its_charger_still_answers(story: Story) -> None:
    said = signals_of(story, "meter_silent")
    silent = [each for each in said if each.fields.get("name") == "silent"]
    assert {each.fields["part"] for each in silent} == {"meter"}
    assert len(silent) >= 3
    assert said[-1].fields["name"] == "temperature"


def test_only_the_makers_code_says_what_is_wrong_and_we_know_it(story: Story) -> None:
    role = next(role for role in ROLES if role.plays.__name__ == "vendor_code_only")
    said = at_kind(story[role.who.id], "status", status="Faulted")
    assert {each.fields["errorCode"] for each in said} == {"OtherError"}
    known = Codes(shipped()).meanings(str(said[0].fields["vendorErrorCode"]), role.who.vendor, role.who.model)
    assert role.expects in {means.fault for code in known for means in code.means}


async def test_the_modbus_charger_is_only_ever_read() -> None:
    async with SimWallbox() as box:
        await box.shows(2, 16, 31)
        await box.measures(11_040, 812.4)
        register_map = load_map("demo-wallbox")
        signals = poll(Address("127.0.0.1", box.port), register_map, "BOX", Pace(timeout=5))
        read = {each.fields["name"]: each.fields["value"] async for _, each in numbered(signals, 5)}
        await signals.aclose()
    assert read == {"state": "C", "current.offered": 16, "temperature": 31, "power": 11_040, "energy": 812.4}
    assert box.asked == {4}


async def numbered(signals, count):  # type: ignore[no-untyped-def]  # a stop for a source that never ends
    for number in range(count):
        yield number, await anext(signals)


async def test_a_script_that_breaks_ends_the_demo_with_its_error() -> None:
    async def breaks(stage: Stage, who: Charger) -> NoReturn:
        raise RuntimeError("broken script")

    role = Role(who=Charger(id="X"), title="", plays=breaks, expects=FaultId("no-fault"))
    for stop in (None, asyncio.Event()):
        with pytest.raises(RuntimeError, match="broken script"):
            await world(math.inf, lambda _: None, stop, [role, *ROLES])


async def test_the_demo_can_be_told_to_stop_at_any_time() -> None:
    stop, told = asyncio.Event(), list[Signal]()

    def hears(signal: Signal) -> None:
        told.append(signal)
        stop.set()

    await asyncio.wait_for(world(1, hears, stop), timeout=30)
    assert told


async def test_the_demo_can_be_cancelled_at_any_time() -> None:
    heard = asyncio.Event()
    playing = asyncio.create_task(world(1, lambda _: heard.set()))
    await heard.wait()
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    assert asyncio.all_tasks() == {asyncio.current_task()}
