"""Modbus source: asks a charger's registers again and again, read-only, and says when a part of it falls silent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Protocol

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from chargelore.engine.decode.modbus import Reader
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.sources.address import Address
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.errors import SourceError
from chargelore.kb.registermap import Register, RegisterMap

# It would print every frame around a silent device over the screen; what is silent we tell ourselves.
logging.getLogger("pymodbus.logging").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often to ask, in seconds, and by whose clock. A silent part is asked ever less often, up to `longest`."""

    every: float = 10.0
    timeout: float = 2.0
    longest: float = 300.0
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


EVERY_TEN_SECONDS = Pace()


class Words(Protocol):
    """Reads words from one charger."""

    async def read(self, register: Register) -> list[int] | str | None:
        """The words of a register, a reason why they cannot be read, or None when nobody answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Which of several chargers behind one connection is asked: its Modbus address (0: the map's) and its connector."""

    unit: int = 0
    connector: int = 1

    def check(self, register_map: RegisterMap) -> None:
        """SourceError when the map knows no such connector."""
        most = register_map.connectors.count
        if not 1 <= self.connector <= most:
            mend = f"use 1 to {most}" if most > 1 else "leave --connector out"
            raise SourceError(f"{register_map.map} knows no connector {self.connector}", mend=mend)


THE_FIRST = Outlet()


async def poll(
    where: Address,
    register_map: RegisterMap,
    charger: str = "",
    pace: Pace = EVERY_TEN_SECONDS,
    outlet: Outlet = THE_FIRST,
) -> AsyncGenerator[Signal, None]:
    """The signals of one charger for ever; a charger that does not answer is a signal too, never an error."""
    wire = TcpWords(where, register_map, outlet, pace.timeout)
    connector = outlet.connector if register_map.connectors.count > 1 else None
    reader = Reader(map=register_map, charger=charger or str(where), connector=connector)
    try:
        async for signal in polled(wire, reader, pace):
            yield signal
    finally:
        wire.close()


async def polled(wire: Words, reader: Reader, pace: Pace) -> AsyncGenerator[Signal, None]:
    """As `poll`, over any wire."""
    parts = [Part(device, registers) for device, registers in _by_device(reader.map)]
    while True:
        for part in parts:
            if part.is_due(pace.now()):
                signals = await part.asked(wire, reader, pace)
                _ends_when_cancelled()
                for signal in signals:
                    yield signal
        await pace.sleep(pace.every)


def _ends_when_cancelled() -> None:
    """Waiting for an answer that comes in that very moment can lose the order to stop; it is given again here."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _by_device(register_map: RegisterMap) -> Iterator[tuple[int, tuple[Register, ...]]]:
    ordered = sorted(register_map.registers, key=lambda each: each.device)
    return ((device, tuple(group)) for device, group in groupby(ordered, key=lambda each: each.device))


@dataclass(slots=True)
class Part:
    """One Modbus address with its registers, and what is remembered of it between two rounds."""

    device: int
    registers: tuple[Register, ...]
    before: dict[str, Scalar] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    waits: float = 0.0

    def is_due(self, now: datetime) -> bool:
        """Whether a part, when silent, has been left alone for long enough."""
        return self.asked_at is None or (now - self.asked_at).total_seconds() >= self.waits

    async def asked(self, wire: Words, reader: Reader, pace: Pace) -> list[Signal]:
        """The signals of one round; of a charger that the map does not fit, only that it does not."""
        self.asked_at = at = pace.now()
        answers: list[tuple[Register, list[int] | str]] = []
        for register in self.registers:
            words = await wire.read(register)
            if words is None:
                return [*self._told(reader, answers, at), self._silent(reader, at, pace)]
            answers.append((register, words))
        self.answered_at, self.waits = at, 0.0
        return self._told(reader, answers, at)

    def _told(self, reader: Reader, answers: list[tuple[Register, list[int] | str]], at: datetime) -> list[Signal]:
        asked = [(register, words) for register, words in answers if register.plausible and isinstance(words, list)]
        sense = [reader.makes_sense(register, words) for register, words in asked]
        odd = sense.count(False)
        if odd >= FEWEST_ODD and 2 * odd > len(sense):
            return self._once(reader.map.map, [reader.misfit(odd, len(sense), at)])
        self.refused.discard(reader.map.map)
        return [signal for answer in answers for signal in self._read(reader, *answer, at)]

    def _once(self, name: str, told: list[Signal]) -> list[Signal]:
        """What stays unreadable is told once."""
        is_known = name in self.refused
        self.refused.add(name)
        return [] if is_known else told

    def _silent(self, reader: Reader, at: datetime, pace: Pace) -> Signal:
        self.answered_at = self.answered_at or at
        self.waits = min(max(self.waits * 2, pace.every), pace.longest)
        return reader.silent(self.device, (at - self.answered_at).total_seconds(), at)

    def _read(self, reader: Reader, register: Register, words: list[int] | str, at: datetime) -> list[Signal]:
        if isinstance(words, str):
            return self._once(register.name, [reader.unreadable(register, words, at)])
        signals = reader.signals(register, words, at, self.before.get(register.name))
        if any(each.kind == "unreadable" for each in signals):
            return self._once(register.name, signals)
        self.refused.discard(register.name)
        self.before[register.name] = reader.value(register, words)
        return signals


class TcpWords:
    """Reads words over Modbus TCP with nothing but the two read functions. Lives as long as one poll."""

    def __init__(self, where: Address, register_map: RegisterMap, outlet: Outlet, timeout: float) -> None:
        steps = outlet.connector - 1
        self._shift = steps * register_map.connectors.offset
        self._unit = outlet.unit or register_map.unit_id
        port = where.port + steps * register_map.connectors.port_offset
        # Retries and reconnects are ours: a charger that is silent must not be asked four times a round.
        self._client = AsyncModbusTcpClient(where.host, port=port, timeout=timeout, retries=0, reconnect_delay=0)

    async def read(self, register: Register) -> list[int] | str | None:
        """See Words. One register at a time: no charger is asked for a block that it cannot give."""
        ask = self._client.read_input_registers if register.table == "input" else self._client.read_holding_registers
        address, unit = register.address + self._shift, register.device or self._unit
        try:
            if not self._client.connected and not await self._client.connect():
                return None
            answer = await ask(address, count=register.count, device_id=unit)
        except (ModbusException, OSError, TimeoutError):
            return None
        if answer.isError():
            return None if answer.exception_code in NOBODY_THERE else f"refused with code {answer.exception_code}"
        return list(answer.registers)

    def close(self) -> None:
        """Hang up."""
        self._client.close()


FEWEST_ODD = 2  # one odd value may be a broken sensor
NOBODY_THERE = frozenset({0x0A, 0x0B})  # a gateway says: no path, or no answer from the device behind me
