"""A real Modbus TCP server that holds the words of a register map's sample, each table in a block of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from pymodbus.framer import FramerType
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from chargelore.kb.registermap import Frame, RegisterMap, Sample


@asynccontextmanager
async def serving(register_map: RegisterMap, sample: Sample, shift: int = 0) -> AsyncIterator[int]:
    """The port on 127.0.0.1 where the sample can be read, at addresses moved by `shift`, until the block ends."""
    async with real_server(register_map, sample, shift) as server:
        yield int(server.transport.sockets[0].getsockname()[1])  # type: ignore[attr-defined]  # a TCP server's


@asynccontextmanager
async def real_server(
    register_map: RegisterMap, sample: Sample, shift: int = 0, units: tuple[int, ...] = (0,), framer: str = "socket"
) -> AsyncIterator[ModbusTcpServer]:
    """As `serving`, but the server itself, so that a test can change what its registers hold.

    `units` are the Modbus addresses at which the charger stands, 0 for the map's own.
    """
    devices = [each for unit in units for each in _devices(register_map, sample, shift, unit)]
    server = ModbusTcpServer(devices, address=("127.0.0.1", 0), framer=FramerType(framer))
    await server.serve_forever(background=True)
    try:
        yield server
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus left its types out here


def _devices(register_map: RegisterMap, sample: Sample, shift: int, unit: int) -> Iterable[SimDevice]:
    for device in sorted({frame.device for frame in sample.frames}):
        own = [frame for frame in sample.frames if frame.device == device]
        blocks = [_block([each for each in own if each.table == table], shift) for table in ("holding", "input")]
        unused = SimData(0, values=False, datatype=DataType.BITS)
        yield SimDevice(device or unit or register_map.unit_id, ([unused], [unused], *blocks))


def _block(frames: list[Frame], shift: int) -> list[SimData]:
    """A block must not be empty; the highest address is nobody's."""
    made = [SimData(each.address + shift, values=list(each.words), datatype=DataType.REGISTERS) for each in frames]
    return made or [SimData(0xFFFF, values=[0], datatype=DataType.REGISTERS)]
