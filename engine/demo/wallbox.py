"""SimWallbox: a charger that speaks Modbus TCP; its meter has an address of its own and can fall silent."""

from __future__ import annotations

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

CHARGER, METER = 1, 2  # Modbus addresses, as in the register map `demo-wallbox`
STATE, POWER, ENERGY = 100, 0, 2
DEVICE_AT = 6  # the byte of a Modbus TCP frame that names the device
WRITE_MANY = 16


class SimWallbox:
    """A Modbus TCP server on a free port. Lives as long as its `async with`."""

    def __init__(self) -> None:
        self.meter_is_silent = False
        self.asked: set[int] = set()  # the function codes that were used
        self._server: ModbusTcpServer

    @property
    def port(self) -> int:
        """Where it listens on this machine."""
        return int(self._server.transport.sockets[0].getsockname()[1])  # type: ignore[attr-defined]  # a TCP server's

    async def shows(self, state: int, amperes: float, celsius: int) -> None:
        """State 0 free, 1 plugged, 2 charging; the offered current; the temperature inside."""
        await self._set(CHARGER, STATE, [state, round(amperes * 10), celsius])

    async def measures(self, watts: int, kilowatt_hours: float) -> None:
        """What the meter counts; power comes low word first."""
        tenths = round(kilowatt_hours * 10)
        await self._set(METER, POWER, [watts & 0xFFFF, watts >> 16, tenths >> 16, tenths & 0xFFFF])

    async def __aenter__(self) -> SimWallbox:
        self._server = ModbusTcpServer(
            [_device(CHARGER, STATE, 3), _device(METER, POWER, 4)],
            address=("127.0.0.1", 0),
            trace_packet=self._passes,
        )
        await self._server.serve_forever(background=True)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus left its types out here

    async def _set(self, device: int, address: int, words: list[int]) -> None:
        await self._server.async_setValues(device, WRITE_MANY, address, words)

    def _passes(self, is_answer: bool, frame: bytes) -> bytes:  # pymodbus calls it so
        """Answers of a silent meter never reach the wire."""
        if not is_answer and len(frame) > DEVICE_AT + 1:
            self.asked.add(frame[DEVICE_AT + 1])
        return b"" if is_answer and self.meter_is_silent and frame[DEVICE_AT] == METER else frame


def _device(device: int, address: int, words: int) -> SimDevice:
    return SimDevice(device, [SimData(address, values=[0] * words, datatype=DataType.REGISTERS)])
