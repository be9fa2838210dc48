"""The scripted faults of the demo: what each charger says, when, and which fault that is."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from ocpp.v16 import call

from chargelore.engine.case import Charger
from chargelore.engine.demo.charger import SimCharger
from chargelore.engine.demo.stage import Role, Stage
from chargelore.engine.sources.address import Address
from chargelore.engine.sources.modbus import Pace, poll
from chargelore.kb.loadmap import load_map
from chargelore.kb.model import FaultId

POLL = 15.0  # seconds of event time between two rounds of the Modbus charger
NOT_LOCKED = "EVSE_FAULT_ACT_LOCK_FAULT"  # the maker's name for a plug that could not be locked
ANSWER = 0.2  # seconds of real time that the Modbus charger has to answer; it is on this machine


async def ground_fault_at_plug_in(stage: Stage, who: Charger) -> None:
    """Whoever plugs in, the residual current device trips within seconds; free again when the plug is out."""
    charger = stage.charger(who)
    async with charger.online():
        await charger.boots()
        for pause in (140, 260, 180, 400):
            await charger.idles(pause)
            await charger.is_now("Preparing")
            await stage.clock.sleep(7)
            await charger.is_now("Faulted", "GroundFailure")
            await charger.idles(45)
            await charger.is_now("Available")


async def reconnect_loop(stage: Stage, who: Charger) -> None:
    """The charger insists on a message that the management system refuses, drops the line and begins anew."""
    charger = stage.charger(who)
    for patience in (40, 35, 45, 38, 41, 36, 44, 39, 40):
        async with charger.online():
            await charger.boots()
            for _ in range(2):
                await stage.clock.sleep(patience / 2)
                await charger.tells_firmware("Installed")
            await charger.drops_the_line()
            await stage.csms.saw_it_go(who.id)
        await stage.clock.sleep(12)


async def profile_rejected(stage: Stage, who: Charger) -> None:
    """While charging, every limit that the management system sets is refused."""
    charger = stage.charger(who)
    async with charger.online():
        await charger.boots()
        charger.answers_profiles("Rejected")
        await charger.idles(660)
        await charger.is_now("Preparing")
        transaction = await charger.starts()
        for amperes in (16, 13, 10, 10, 8, 8):
            await stage.csms.sends(who.id, limit(amperes, transaction))
            await _charges(charger, transaction, minutes=3, current=31.6)
        await charger.stops(transaction)


def limit(amperes: float, transaction: int) -> call.SetChargingProfile:
    """A limit for the running transaction."""
    schedule = {"charging_rate_unit": "A", "charging_schedule_period": [{"start_period": 0, "limit": float(amperes)}]}
    profile = {
        "charging_profile_id": 1,
        "transaction_id": transaction,
        "stack_level": 0,
        "charging_profile_purpose": "TxProfile",
        "charging_profile_kind": "Absolute",
        "charging_schedule": schedule,
    }
    return call.SetChargingProfile(1, profile)


async def hot_and_derating(stage: Stage, who: Charger) -> None:
    """Under load it gets hot, says so and gives half of what it offers until it is cool again; and all over again."""
    charger = stage.charger(who)
    async with charger.online():
        await charger.boots()
        await charger.idles(100)
        await charger.is_now("Preparing")
        transaction = await charger.starts()
        for _ in range(3):
            for celsius in range(54, 79, 4):
                await _charges(charger, transaction, minutes=1, current=31.8, temperature=celsius)
            await charger.is_now("Charging", "HighTemperature")
            for celsius in range(80, 56, -2):
                await _charges(charger, transaction, minutes=1, current=15.2, temperature=celsius)
            await charger.is_now("Charging")
        await charger.stops(transaction)


async def vendor_code_only(stage: Stage, who: Charger) -> None:
    """OCPP says OtherError; what is wrong stands only in the maker's own code."""
    charger = stage.charger(who)
    async with charger.online():
        await charger.boots()
        for pause in (220, 500):
            await charger.idles(pause)
            await charger.is_now("Preparing")
            await stage.clock.sleep(9)
            await charger.is_now("Faulted", "OtherError", vendor_error_code=NOT_LOCKED, vendor_id=who.vendor)
            await charger.idles(120)
            await charger.is_now("Available")


async def meter_silent(stage: Stage, who: Charger) -> None:
    """A Modbus charger charges; then its meter does not answer any more, while the charger itself does."""
    await stage.wallbox.shows(0, 16, 24)
    await stage.wallbox.measures(0, 812.5)
    watching = asyncio.create_task(stage.clock.acts(_watched(stage, who)))
    try:
        await stage.clock.sleep(60)
        for minute in range(8):
            await stage.wallbox.shows(2, 16, 30 + minute)
            await stage.wallbox.measures(11_040, 812.7 + minute * 0.2)
            await stage.clock.sleep(60)
        stage.wallbox.meter_is_silent = True
        await stage.clock.sleep(15 * 60)
    finally:
        watching.cancel()
        await asyncio.wait([watching])


async def _watched(stage: Stage, who: Charger) -> None:
    pace = Pace(every=POLL, fastest=POLL, timeout=ANSWER, now=stage.clock.now, sleep=stage.clock.sleep)
    where = Address("127.0.0.1", stage.wallbox.port)
    async with aclosing(poll(where, load_map("demo-wallbox"), who.id, pace)) as signals:
        async for signal in signals:
            stage.on_signal(signal)


async def healthy(stage: Stage, who: Charger) -> None:
    """One good session after the other."""
    charger = stage.charger(who)
    async with charger.online():
        await charger.boots()
        while True:
            await charger.idles(400)
            await charger.is_now("Preparing")
            await stage.clock.sleep(11)
            transaction = await charger.starts()
            await _charges(charger, transaction, minutes=25, current=31.4)
            await charger.stops(transaction)


async def _charges(
    charger: SimCharger, transaction: int, *, minutes: int, current: float, temperature: float = 38
) -> None:
    for _ in range(minutes):
        await charger.clock.sleep(60)
        await charger.meters(transaction, current=current, offered=32, temperature=temperature)


def _who(name: str, vendor: str, model: str, firmware: str) -> Charger:
    return Charger(id=name, vendor=vendor, model=model, firmware=firmware)


ROLES = (
    Role(
        who=_who("PLAZA-1", "Demo", "Post AC", "4.2.0"),
        title="Ground fault at plug-in",
        plays=ground_fault_at_plug_in,
        expects=FaultId("ground-fault-trip"),
    ),
    Role(
        who=_who("GARAGE-2", "Demo", "Post AC", "4.2.0"),
        title="Reconnect loop",
        plays=reconnect_loop,
        expects=FaultId("reconnect-loop"),
    ),
    Role(
        who=_who("DEPOT-3", "Demo", "Post AC", "4.1.7"),
        title="Charging profile rejected",
        plays=profile_rejected,
        expects=FaultId("command-rejected"),
    ),
    Role(
        who=_who("MALL-4", "Demo", "Post AC", "4.2.0"),
        title="Hot, power reduced",
        plays=hot_and_derating,
        expects=FaultId("evse-overtemperature-derate"),
    ),
    Role(
        who=_who("HOTEL-5", "Demo", "Wallbox M", "1.9"),
        title="Meter silent",
        plays=meter_silent,
        expects=FaultId("meter-communication-failure"),
    ),
    Role(
        who=_who("OFFICE-6", "EVPoint", "EV22", "2.4"),
        title="Only a maker's code",
        plays=vendor_code_only,
        expects=FaultId("connector-lock-failure"),
    ),
    Role(who=_who("PARK-7", "Demo", "Post AC", "4.2.0"), title="Healthy", plays=healthy),
    Role(who=_who("PARK-8", "Demo", "Post AC", "4.2.0"), title="Healthy", plays=healthy),
)
