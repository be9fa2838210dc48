"""Modbus wire: asks one device for a block of words with the four functions that read, and says why it gets none."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerType
from pymodbus.pdu import DecodePDU, ModbusPDU

from chargelore.engine.sources.address import Address
from chargelore.engine.sources.modbusplace import Cable, Gateway, Place
from chargelore.kb.errors import SourceError
from chargelore.kb.registerblocks import Block
from chargelore.kb.registermap import Table

# It would print every frame around a silent device over the screen; what is silent we tell ourselves.
logging.getLogger("pymodbus.logging").addHandler(logging.NullHandler())

READS: Mapping[int, Table] = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}
NOBODY_THERE: Mapping[int, str] = {
    0x0A: "the gateway has no path to it (code 10)",
    0x0B: "the gateway gets no answer from it (code 11)",
}
MEANS: Mapping[int, str] = {
    1: "it does not know this request", 2: "it has no such register", 3: "not so many at once", 4: "it failed",
    5: "it needs more time", 6: "it is busy",
}  # fmt: skip
BUSY = frozenset({4, 5, 6})
LONGEST = 300  # bytes of a whole answer with its head; whatever sends more than this for one request babbles
LONGEST_PIECE = 2**20  # bytes; asyncio hands over no more than 256 KiB at a time


@dataclass(frozen=True, slots=True)
class Refused:
    """The device answered that it will not: an exception code of Modbus."""

    code: int

    @property
    def why(self) -> str:
        """In words."""
        means = MEANS.get(self.code)
        return f"refused with code {self.code}" + (f": {means}" if means else "")

    @property
    def is_for_now(self) -> bool:
        """Whether it may well answer the same request later."""
        return self.code in BUSY


@dataclass(frozen=True, slots=True)
class Silent:
    """No answer that can be used, and why; `is_clean` when a gateway said so and the line itself is in order."""

    why: str
    is_clean: bool = False


Answer = list[int] | Refused | Silent


class Words(Protocol):
    """Reads words from the devices behind one connection."""

    async def read(self, block: Block) -> Answer:
        """The words of a block, or why they cannot be had."""

    def close(self) -> None:
        """Hang up; the next read connects again."""


class ModbusWire:
    """One connection to one place, used by one request at a time. Lives as long as one poll.

    `asked` counts its requests, `in_vain` those without a usable answer by the reason.
    """

    def __init__(self, where: Place, timeout: float) -> None:
        self._where, self._timeout = where, timeout
        self._client = _client(where, timeout, self)
        # pymodbus drops a piece that is too long without a word; it is to reach `passes`, where we hang up.
        self._client.ctx.max_buffer_size = LONGEST_PIECE
        self._client.ctx.framer.decoder = _Decoder(is_server=False)
        self._heard = bytearray()
        self._was_hung_up = False
        self.asked = 0
        self.in_vain: Counter[str] = Counter()

    async def read(self, block: Block) -> Answer:
        """See Words. After no clean answer over TCP we hang up, so that no late rest of it meets the next request."""
        answer = await self._asked(block)
        if isinstance(answer, Refused | Silent):
            self.in_vain[answer.why] += 1
        if isinstance(answer, Silent) and not answer.is_clean and not isinstance(self._where, Cable):
            self.close()
        return answer

    async def _asked(self, block: Block) -> Answer:
        self.asked += 1
        self._heard.clear()
        self._was_hung_up = False
        try:
            if not self._client.connected and not await asyncio.wait_for(self._client.connect(), self._timeout):
                return Silent(_cannot_connect(self._where))
            return _judged(block, await self._request(block))
        except (ModbusException, OSError, TimeoutError):
            return Silent(self._why_nothing(block))

    async def _request(self, block: Block) -> ModbusPDU:
        client = self._client
        asks = {
            "coil": client.read_coils, "discrete": client.read_discrete_inputs,
            "holding": client.read_holding_registers, "input": client.read_input_registers,
        }  # fmt: skip
        return await asks[block.table](block.address, count=block.count, device_id=block.unit)

    def _why_nothing(self, block: Block) -> str:
        heard, at = bytes(self._heard), 0 if self.is_serial else 6
        if len(heard) > LONGEST:
            return "it sends more than any answer can be"
        if len(heard) > at and heard[at] != block.unit:
            return f"unit {heard[at]} answers for unit {block.unit}"
        if self._was_hung_up:
            return "it hangs up without an answer"
        return f"only {len(heard)} bytes of an answer in {self._timeout:g} s" if heard else "no answer"

    @property
    def is_serial(self) -> bool:
        """Whether frames are those of a serial line: no head before the address of the device."""
        return not isinstance(self._where, Address)

    def close(self) -> None:
        """See Words."""
        self._client.close()

    def passes(self, is_sent: bool, frame: bytes) -> bytes:  # pymodbus calls it so
        """Every frame on the wire comes by; of what babbles nothing reaches the decoder."""
        if is_sent:
            return frame
        if len(self._heard) <= LONGEST:
            self._heard[:] = frame[: LONGEST + 1]
        if len(self._heard) <= LONGEST:
            return frame
        self._client.close()
        return b""

    def guards(self, is_sent: bool, message: ModbusPDU) -> ModbusPDU:  # as above
        """Nothing but a read ever leaves."""
        if is_sent and message.function_code not in READS:
            raise SourceError(f"function {message.function_code} is no read", mend="a charger is only ever read")
        return message

    def hears_the_line(self, is_up: bool) -> None:  # as above
        """The connection came or went."""
        self._was_hung_up = not is_up


def _client(where: Place, timeout: float, wire: ModbusWire) -> AsyncModbusTcpClient | AsyncModbusSerialClient:
    """Retries and reconnects are ours: a charger that is silent must not be asked four times a round."""
    same: dict[str, Any] = {
        "timeout": timeout,
        "retries": 0,
        "reconnect_delay": 0,
        "trace_packet": wire.passes,
        "trace_pdu": wire.guards,
        "trace_connect": wire.hears_the_line,
    }
    if isinstance(where, Cable):
        return AsyncModbusSerialClient(
            where.port,
            baudrate=where.baud,
            bytesize=where.bits,
            parity=where.parity,
            stopbits=where.stops,
            **same,
        )
    address = where.address if isinstance(where, Gateway) else where
    return AsyncModbusTcpClient(
        address.host,
        port=address.port,
        framer=FramerType.RTU if isinstance(where, Gateway) else FramerType.SOCKET,
        **same,
    )


class _Decoder(DecodePDU):
    """Decodes as pymodbus does; of what it cannot decode the function is known, and judged as any other answer.

    pymodbus would raise inside asyncio, which prints a traceback and hangs up.
    """

    def decode(self, frame: bytes) -> ModbusPDU:
        """The answer in a frame, never empty."""
        return super().decode(frame) or _of_function(frame[0])


def _of_function(code: int) -> ModbusPDU:
    bare = ModbusPDU()
    bare.function_code = code
    return bare


def _cannot_connect(where: Place) -> str:
    return "the port cannot be opened" if isinstance(where, Cable) else "it takes no connection"


def _judged(block: Block, answer: ModbusPDU) -> Answer:
    """What an answer holds; that another function or fewer words came is said, never guessed at."""
    asked = next(code for code, table in READS.items() if table == block.table)
    if answer.isError():
        code = int(getattr(answer, "exception_code", 0))
        return Silent(NOBODY_THERE[code], is_clean=True) if code in NOBODY_THERE else Refused(code)
    if answer.function_code != asked:
        return Silent(f"it answers function {answer.function_code} when asked for {asked}")
    if block.table in ("coil", "discrete"):
        bits = [int(bit) for bit in answer.bits][: block.count]
        return bits if len(bits) == block.count else Silent(f"{len(bits)} bits came for {block.count}")
    words = list(answer.registers)
    return words if len(words) == block.count else Silent(f"{len(words)} words came for {block.count}")
