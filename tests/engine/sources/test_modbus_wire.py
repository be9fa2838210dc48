"""The Modbus wire: it only ever reads, and of a device that answers badly it says what was wrong and goes on."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from pymodbus.framer import FramerRTU, FramerType
from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from rogue import Reply, babbles, device, drips, excepts, floods, functions_of, hangs_up, says_nothing, sends
from wallbox import Enough, StillClock

from chargelore.engine.sources.address import Address
from chargelore.engine.sources.modbus import Outlet, Pace, poll, polled_all, reading
from chargelore.engine.sources.modbusplace import Cable, Gateway, Place, behind, read_place
from chargelore.engine.sources.modbuswire import ModbusWire, Refused, Silent
from chargelore.kb.errors import SourceError
from chargelore.kb.loadmap import MAPS, load_map
from chargelore.kb.registerblocks import Block
from chargelore.kb.registermap import Register, Table

TWO = Block("holding", 1, 100, 2, ((0, Register(name="energy", address=100, type="u32")),))


@asynccontextmanager
async def wired(where: Place, timeout: float = 0.5) -> AsyncIterator[ModbusWire]:
    wire = ModbusWire(where, timeout)
    try:
        yield wire
    finally:
        wire.close()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (sends(1, 2, unit=7), Silent("unit 7 answers for unit 1")),
        (sends(1, 2, function=4), Silent("it answers function 4 when asked for 3")),
        (sends(1, 2, function=16), Silent("it answers function 16 when asked for 3")),
        (sends(1, 2, function=99), Silent("it answers function 99 when asked for 3")),
        (sends(1), Silent("1 words came for 2")),
        (sends(1, 2, 3), Silent("3 words came for 2")),
        (excepts(2), Refused(2)),
        (excepts(6), Refused(6)),
        (excepts(11), Silent("the gateway gets no answer from it (code 11)", is_clean=True)),
        (hangs_up, Silent("it hangs up without an answer")),
        (says_nothing, Silent("no answer")),
        (babbles, Silent("it sends more than any answer can be")),
        (drips, Silent("only 12 bytes of an answer in 0.5 s")),
    ],
    ids=[
        "unit",
        "function",
        "write",
        "no-function",
        "short",
        "long",
        "refusal",
        "busy",
        "gateway",
        "hangs-up",
        "mute",
        "babble",
        "drip",
    ],
)
async def test_what_is_wrong_with_an_answer_is_said_and_counted_and_the_next_one_is_read(
    reply: Reply, told: Refused | Silent
) -> None:
    async with device(reply, sends(1, 2)) as port, wired(Address("127.0.0.1", port)) as wire:
        assert await wire.read(TWO) == told
        assert await wire.read(TWO) == [1, 2]
    assert (wire.asked, dict(wire.in_vain)) == (2, {told.why: 1})


async def test_a_device_that_floods_is_hung_up_on_and_the_next_answer_is_read() -> None:
    async with device(floods, sends(1, 2)) as port, wired(Address("127.0.0.1", port)) as wire:
        assert await wire.read(TWO) == Silent("it sends more than any answer can be")
        assert await wire.read(TWO) == [1, 2]


async def test_nobody_listening_and_no_such_port_are_said() -> None:
    for where, why in ((Address("127.0.0.1", 1), "it takes no connection"), (Cable("/dev/nosuch"), "cannot be opened")):
        async with wired(where) as wire:
            answer = await wire.read(TWO)
        assert isinstance(answer, Silent)
        assert why in answer.why


async def test_no_map_ever_asks_with_anything_but_the_functions_that_read() -> None:
    seen: list[bytes] = []
    for file in MAPS.glob("*.yaml"):
        clock = StillClock(ends=5)
        pace = Pace(every=10, timeout=5, now=clock.now, sleep=clock.sleep)
        async with device(excepts(2), seen=seen) as port:
            with suppress(Enough):
                async for _ in poll(Address("127.0.0.1", port), load_map(file.stem), pace=pace):
                    pass
    assert functions_of(seen) == {3, 4}


@pytest.mark.parametrize("function", [5, 6, 8, 15, 16, 22, 23, 43])
async def test_a_request_that_is_no_read_never_reaches_the_wire(function: int) -> None:
    seen: list[bytes] = []
    async with device(sends(1, 2), seen=seen) as port, wired(Address("127.0.0.1", port)) as wire:
        await wire.read(TWO)
        client = wire._client  # whoever gets hold of it must not be able to write either
        message = ModbusPDU()
        message.function_code = function
        with pytest.raises(SourceError, match="no read"):
            await client.execute(False, message)
    assert functions_of(seen) == {3}


BITS = SimData(8, values=[True, False, True] + [False] * 13, datatype=DataType.BITS)
WORDS = SimData(100, values=[18, 54919], datatype=DataType.REGISTERS)


@asynccontextmanager
async def real(framer: FramerType = FramerType.SOCKET, *units: int) -> AsyncIterator[int]:
    devices = [SimDevice(unit, ([BITS], [BITS], [WORDS], [WORDS])) for unit in units or (1,)]
    server = ModbusTcpServer(devices, address=("127.0.0.1", 0), framer=framer)
    await server.serve_forever(background=True)
    try:
        yield int(server.transport.sockets[0].getsockname()[1])  # type: ignore[attr-defined]  # a TCP server's
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus left its types out here


@pytest.mark.parametrize("table", ["coil", "discrete"])
async def test_coils_and_discrete_inputs_are_read_as_0_and_1(table: Table) -> None:
    bit = Register(name="relay", address=0, table=table)
    async with real() as port, wired(Address("127.0.0.1", port), 5) as wire:
        answer = await wire.read(Block(table, 1, 8, 3, ((0, bit),)))
    assert answer == [1, 0, 1]


async def test_a_gateway_that_passes_serial_frames_is_read() -> None:
    async with real(FramerType.RTU, 1, 9) as port, wired(Gateway(Address("127.0.0.1", port)), 5) as wire:
        assert await wire.read(TWO) == [18, 54919]
        assert await wire.read(replace(TWO, unit=9)) == [18, 54919]


@asynccontextmanager
async def cable(answers: bool = True) -> AsyncIterator[str]:
    """A serial line: at its other end somebody answers every request for two words as unit 1."""
    ours, theirs = pty.openpty()
    for end in (ours, theirs):
        tty.setraw(end)
    loop = asyncio.get_running_loop()

    def answered() -> None:
        request = os.read(ours, 256)
        if answers and request[:2] == b"\x01\x03":
            body = b"\x01\x03\x04\x00\x12\xd6\x87"
            os.write(ours, body + FramerRTU.compute_CRC(body).to_bytes(2, "big"))

    loop.add_reader(ours, answered)
    try:
        yield os.ttyname(theirs)
    finally:
        loop.remove_reader(ours)
        os.close(ours)
        os.close(theirs)


async def test_a_charger_on_a_serial_line_is_read_and_one_that_is_not_there_is_said() -> None:
    async with cable() as port, wired(Cable(port), 2) as wire:
        assert await wire.read(TWO) == [18, 54919]
        assert await wire.read(replace(TWO, unit=2)) == Silent("no answer")
        assert await wire.read(TWO) == [18, 54919]


async def test_several_units_on_one_line_are_chargers_of_their_own() -> None:
    found, clock = load_map("goe-charger"), StillClock(ends=5)
    register = Register(name="energy", address=100, type="u32", unit="Wh")
    one = replace(found, registers=(register,), faults=())
    outlets = [Outlet(unit=unit) for unit in (1, 9, 3)]
    chargers = [(reading(one, f"bus/{each.unit}", each), each) for each in outlets]
    pace = Pace(every=10, timeout=0.5, now=clock.now, sleep=clock.sleep)
    told = []
    async with real(FramerType.SOCKET, 1, 9) as port, wired(Address("127.0.0.1", port)) as wire:
        with suppress(Enough):
            async for signal in polled_all(wire, chargers, pace):
                told.append((signal.charger, signal.kind, signal.fields.get("value")))  # noqa: PERF401  # ends by it
    assert told == [("bus/1", "reading", 1234567), ("bus/9", "reading", 1234567), ("bus/3", "unreadable", None)]


def test_a_place_is_read_as_people_write_it() -> None:
    found = load_map("mennekes-compact-2")
    assert read_place("10.0.0.7", found) == Address("10.0.0.7", 502)
    assert read_place("rtu://10.0.0.7:4196", found) == Gateway(Address("10.0.0.7", 4196))
    assert read_place("/dev/ttyUSB0", found) == Cable("/dev/ttyUSB0", 57600, 8, "N", 2)
    assert read_place("COM3", found, "19200 8e1") == Cable("COM3", 19200, 8, "E", 1)
    assert behind(Gateway(Address("x", 5)), 1) == Gateway(Address("x", 6))
    for place, serial in (("COM3", "fast"), ("10.0.0.7", "9600 8N1"), ("rtu://10.0.0.7:x", "")):
        with pytest.raises(SourceError):
            read_place(place, found, serial)
