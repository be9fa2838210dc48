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

from chargelore.engine.decode.modbus import Reader, value_of
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.sources.clock import utc_now
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


async def poll(
    host: str, port: int, register_map: RegisterMap, charger: str = "", pace: Pace = EVERY_TEN_SECONDS
) -> AsyncGenerator[Signal, None]:
    """The signals of one charger for ever; a charger that does not answer is a signal too, never an error."""
    wire = TcpWords(host, port, pace.timeout)
    reader = Reader(map=register_map, charger=charger or f"{host}:{port}")
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
                for signal in await part.asked(wire, reader, pace):
                    yield signal
        await pace.sleep(pace.every)


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
        """The signals of one round."""
        self.asked_at = at = pace.now()
        told: list[Signal] = []
        for register in self.registers:
            words = await wire.read(register)
            if words is None:
                return [*told, self._silent(reader, at, pace)]
            told += self._read(reader, register, words, at)
        self.answered_at, self.waits = at, 0.0
        return told

    def _silent(self, reader: Reader, at: datetime, pace: Pace) -> Signal:
        self.answered_at = self.answered_at or at
        self.waits = min(max(self.waits * 2, pace.every), pace.longest)
        return reader.silent(self.device, (at - self.answered_at).total_seconds(), at)

    def _read(self, reader: Reader, register: Register, words: list[int] | str, at: datetime) -> list[Signal]:
        if isinstance(words, str):
            is_known = register.name in self.refused
            self.refused.add(register.name)
            return [] if is_known else [reader.unreadable(register, words, at)]
        signals = reader.signals(register, words, at, self.before.get(register.name))
        if register.codes and len(words) == register.count:
            self.before[register.name] = value_of(register, words)
        return signals


class TcpWords:
    """Reads words over Modbus TCP with nothing but the two read functions. Lives as long as one poll."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        # Retries and reconnects are ours: a charger that is silent must not be asked four times a round.
        self._client = AsyncModbusTcpClient(host, port=port, timeout=timeout, retries=0, reconnect_delay=0)

    async def read(self, register: Register) -> list[int] | str | None:
        """See Words."""
        ask = self._client.read_input_registers if register.table == "input" else self._client.read_holding_registers
        try:
            if not self._client.connected and not await self._client.connect():
                return None
            answer = await ask(register.address, count=register.count, device_id=register.device)
        except (ModbusException, OSError, TimeoutError):
            return None
        if answer.isError():
            return None if answer.exception_code in NOBODY_THERE else f"refused with code {answer.exception_code}"
        return list(answer.registers)

    def close(self) -> None:
        """Hang up."""
        self._client.close()


NOBODY_THERE = frozenset({0x0A, 0x0B})  # a gateway says: no path, or no answer from the device behind me
