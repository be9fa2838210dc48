"""The Modbus source: a charger is asked at its pace, faults are told once, and silence is told too."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from wallbox import Enough, StillClock, Wallbox

from chargelore.engine.decode.modbus import Reader
from chargelore.engine.signal import Signal
from chargelore.engine.sources.address import Address
from chargelore.engine.sources.modbus import Pace, poll, polled
from chargelore.engine.sources.modbuswire import Answer, Refused
from chargelore.kb.model import Source, SourceId
from chargelore.kb.registerblocks import Block
from chargelore.kb.registermap import FaultRule, Register, RegisterMap

STATE = Register(name="state", address=1, values={2: "charging"})
ALARM = Register(name="alarm", address=9, bits={0: "too hot", 3: "leakage"})
POWER = Register(name="power", address=0, unit="W", device=2, plausible=(0, 30_000))
SOURCE = Source(id=SourceId("own"), title="test")
MAP = RegisterMap(
    map="m",
    vendor="Acme",
    model="Box",
    source=SOURCE,
    registers=(STATE, ALARM, POWER),
    parts={2: "meter"},
    faults=(FaultRule(register="alarm", by="bit"),),
)


async def told(box: Wallbox, clock: StillClock, every: float = 10) -> list[Signal]:
    signals: list[Signal] = []
    with suppress(Enough):
        async for signal in polled(
            box, Reader(map=MAP, charger="CP"), Pace(every=every, now=clock.now, sleep=clock.sleep)
        ):
            signals.append(signal)  # noqa: PERF401  # the source ends by an exception; what came before counts
    return signals


def box(alarm: int = 0) -> Wallbox:
    return Wallbox(state=[2], alarm=[alarm], power=[500])


async def test_every_round_tells_what_the_registers_hold() -> None:
    signals = await told(box(), StillClock(ends=15))
    assert [each.raw for each in signals] == ["state charging", "power 500 W"] * 2
    assert {(each.layer, each.kind, each.charger) for each in signals} == {("modbus", "reading", "CP")}
    assert signals[1].fields["part"] == "meter"


async def test_a_fault_that_stays_is_told_once_and_again_when_it_comes_back() -> None:
    one = box(alarm=0b1000)
    clear, back = (lambda: one.words.update(alarm=[0])), (lambda: one.words.update(alarm=[0b1001]))
    codes = [each for each in await told(one, StillClock(55, {25: clear, 40: back})) if each.kind == "code"]
    assert [each.fields["code"] for each in codes] == ["9.3", "9.0", "9.3"]
    assert codes[0].fields == {"channel": "modbus:9", "vendor": "Acme", "code": "9.3", "text": "leakage"}


async def test_a_silent_meter_is_told_with_how_long_it_has_been_silent() -> None:
    one = box()
    signals = await told(one, StillClock(75, {15: lambda: one.silent.add("power")}))
    silent = [each.fields for each in signals if each.fields.get("name") == "silent"]
    assert [(each["part"], each["value"]) for each in silent] == [("meter", 10.0), ("meter", 20.0), ("meter", 40.0)]
    assert signals[-1].fields["name"] == "state"


async def test_a_silent_part_is_asked_ever_less_often() -> None:
    one = box()
    one.silent.add("power")
    await told(one, StillClock(2_000))
    rounds, asked = one.asked.count("state"), one.asked.count("power")
    assert (rounds, asked < rounds / 10) == (201, True)


async def test_a_register_that_the_charger_refuses_is_told_once() -> None:
    one = box()
    one.refused.add("alarm")
    signals = [each for each in await told(one, StillClock(50)) if each.kind == "unreadable"]
    assert [each.fields["why"] for each in signals] == ["refused with code 2: it has no such register"]


async def test_one_value_that_makes_no_sense_is_told_once_until_it_makes_sense_again() -> None:
    one = box()
    sane, mad = (lambda: one.words.update(power=[500])), (lambda: one.words.update(power=[60_000]))
    signals = await told(one, StillClock(65, {15: mad, 35: sane, 55: mad}))
    power = [each.kind for each in signals if "power" in str(each.fields)]
    assert power == ["reading", "reading", "unreadable", "reading", "reading", "unreadable"]
    assert sum(each.fields.get("name") == "state" for each in signals) == 7


class Deaf(Wallbox):
    """As asyncio and pymodbus at times: the answer comes in the moment of the order to stop, which is lost."""

    async def read(self, block: Block) -> Answer:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return await super().read(block)


async def test_an_order_to_stop_that_the_wire_lost_still_ends_the_source() -> None:
    wire = Deaf(state=[2], alarm=[0], power=[500])

    async def listens() -> None:
        async for _ in polled(wire, Reader(map=MAP, charger="CP"), Pace(every=60)):
            pass

    listening = asyncio.create_task(listens())
    await asyncio.sleep(0)
    for _ in MAP.registers:
        listening.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    done, _ = await asyncio.wait([listening], timeout=30)
    assert listening in done


async def test_nobody_listening_is_a_silent_charger_and_no_error() -> None:
    clock = StillClock(ends=5)
    signals = []
    with suppress(Enough):
        async for signal in poll(
            Address("127.0.0.1", 1), MAP, pace=Pace(every=10, timeout=1, now=clock.now, sleep=clock.sleep)
        ):
            signals.append(signal)  # noqa: PERF401  # as above
    assert [each.fields["text"] for each in signals] == [
        "charger: no answer for 0 s",
        "meter: no answer for 0 s",
    ]
    assert signals[0].charger == "127.0.0.1:1"


async def test_a_change_is_followed_closely_and_then_less_and_less() -> None:
    one, pauses = box(), list[float]()
    clock = StillClock(50, {15: lambda: one.words.update(alarm=[1])})

    async def sleeps(seconds: float) -> None:
        pauses.append(seconds)
        await clock.sleep(seconds)

    reader = Reader(map=replace(MAP, registers=(STATE, ALARM)), charger="CP")
    with suppress(Enough):
        async for _ in polled(one, reader, Pace(every=10, fastest=2, now=clock.now, sleep=sleeps)):
            pass
    assert pauses == [10, 10, 2, 3, 4.5, 6.75, 10, 10]


async def test_a_register_that_is_refused_for_long_is_asked_less_often_and_the_others_as_before() -> None:
    one = box()
    one.refused.add("alarm")
    await told(one, StillClock(2_000))
    assert (one.asked.count("state"), one.asked.count("alarm") < 20) == (201, True)


async def test_a_device_that_gives_no_block_is_asked_for_each_register_alone() -> None:
    pair = (STATE, Register(name="cable", address=2))
    found = replace(MAP, registers=pair, faults=())
    one, clock = NoBlocks(state=[2], cable=[1]), StillClock(15)
    reader, signals = Reader(map=found, charger="CP"), list[Signal]()
    with suppress(Enough):
        async for signal in polled(one, reader, Pace(now=clock.now, sleep=clock.sleep)):
            signals.append(signal)  # the source ends by an exception; what came before counts
    assert [each.raw for each in signals] == ["state charging", "cable 1"] * 2
    assert one.asked == ["state", "cable", "state", "cable", "state", "cable"]


class NoBlocks(Wallbox):
    async def read(self, block: Block) -> Answer:
        answer = await super().read(block)
        return answer if len(block.registers) == 1 else Refused(2)


async def test_a_charger_that_serves_one_client_is_hung_up_on_after_each_round() -> None:
    for sessions, times in ((1, 2), (0, 0)):
        one, clock = box(), StillClock(15)
        reader = Reader(map=replace(MAP, sessions=sessions), charger="CP")
        with suppress(Enough):
            async for _ in polled(one, reader, Pace(now=clock.now, sleep=clock.sleep)):
                pass
        assert one.hung_up == times
