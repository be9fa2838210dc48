"""Modbus source: asks chargers' registers again and again, read-only; faster when something changes, slower in vain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chargelore.engine.decode.modbus import Reader
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.modbusplace import Place, behind
from chargelore.engine.sources.modbuswire import ModbusWire, Refused, Silent, Words
from chargelore.kb.errors import SourceError
from chargelore.kb.registerblocks import Block, blocks
from chargelore.kb.registermap import Register, RegisterMap

LONG_AGO = datetime.min.replace(tzinfo=utc_now().tzinfo)
SLOWS_DOWN = 1.5  # by how much a part that changed and now rests is asked less often, round by round


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often to ask, in seconds, and by whose clock.

    `every` at rest, `fastest` after a state or a fault changed; what is silent or refused is asked ever less often, up
    to `longest`. An answer may take `timeout`.
    """

    every: float = 10.0
    fastest: float = 2.0
    timeout: float = 2.0
    longest: float = 300.0
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def longer(self, waits: float) -> float:
        """How long to leave alone what did not answer once more."""
        return min(max(waits * 2, self.every), self.longest)


EVERY_TEN_SECONDS = Pace()


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

    def blocks(self, register_map: RegisterMap, device: int) -> tuple[Block, ...]:
        """What is asked of one device of this charger."""
        shift = (self.connector - 1) * register_map.connectors.offset
        return blocks(register_map, device, device or self.unit or register_map.unit_id, shift)

    def wire(self, where: Place, register_map: RegisterMap, pace: Pace) -> ModbusWire:
        """A connection to it, not yet made; the caller hangs up."""
        return ModbusWire(behind(where, (self.connector - 1) * register_map.connectors.port_offset), pace.timeout)


THE_FIRST = Outlet()


async def poll(
    where: Place,
    register_map: RegisterMap,
    charger: str = "",
    pace: Pace = EVERY_TEN_SECONDS,
    outlet: Outlet = THE_FIRST,
) -> AsyncGenerator[Signal, None]:
    """The signals of one charger for ever; a charger that does not answer is a signal too, never an error."""
    wire = outlet.wire(where, register_map, pace)
    try:
        async for signal in polled(wire, reading(register_map, charger or str(where), outlet), pace, outlet):
            yield signal
    finally:
        wire.close()


def reading(register_map: RegisterMap, charger: str, outlet: Outlet) -> Reader:
    """The reader of the charger behind an outlet; it names a connector where the map has several."""
    connector = outlet.connector if register_map.connectors.count > 1 else None
    return Reader(map=register_map, charger=charger, connector=connector)


async def polled(wire: Words, reader: Reader, pace: Pace, outlet: Outlet = THE_FIRST) -> AsyncGenerator[Signal, None]:
    """As `poll`, over any wire."""
    async for signal in polled_all(wire, [(reader, outlet)], pace):
        yield signal


async def polled_all(
    wire: Words, chargers: Sequence[tuple[Reader, Outlet]], pace: Pace
) -> AsyncGenerator[Signal, None]:
    """As `polled`, for several chargers on one connection, one request after the other."""
    parts = [part for reader, outlet in chargers for part in _parts(reader, outlet, pace)]
    hangs_up = any(reader.map.sessions for reader, _ in chargers)
    while True:
        for part in parts:
            if part.due <= pace.now():
                signals = await part.asked(wire, pace)
                _ends_when_cancelled()
                for signal in signals:
                    yield signal
        if hangs_up:
            wire.close()
        soonest = min((part.due for part in parts), default=pace.now())
        await pace.sleep(max((soonest - pace.now()).total_seconds(), pace.fastest / 10))


def _ends_when_cancelled() -> None:
    """Waiting for an answer that comes in that very moment can lose the order to stop; it is given again here."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _parts(reader: Reader, outlet: Outlet, pace: Pace) -> Iterator[Part]:
    for device in sorted({each.device for each in reader.map.registers}):
        asks = [Asking(block) for block in outlet.blocks(reader.map, device)]
        yield Part(reader, device, asks, every=pace.every)


@dataclass(slots=True)
class Asking:
    """A block as it is asked for: one that is refused rests ever longer."""

    block: Block
    waits: float = 0.0
    due: datetime = LONG_AGO


@dataclass(slots=True)
class Round:
    """One round as it goes: words by register, and the registers that were refused."""

    wire: Words
    pace: Pace
    at: datetime
    words: list[tuple[Register, list[int]]] = field(default_factory=list)
    refused: list[tuple[Register, Refused]] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """One device of one charger with its blocks, and what is remembered of it between two rounds."""

    reader: Reader
    device: int
    asks: list[Asking]
    every: float
    before: dict[str, Scalar] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    due: datetime = LONG_AGO
    answered_at: datetime | None = None
    waits: float = 0.0
    has_changed: bool = False

    async def asked(self, wire: Words, pace: Pace) -> list[Signal]:
        """The signals of one round; of a charger that the map does not fit, only that it does not."""
        goes = Round(wire, pace, pace.now())
        for asking in [each for each in self.asks if each.due <= goes.at]:
            silent = await self._heard(asking, goes)
            if silent is not None:
                return [*self._told(goes), self._silent(silent, goes)]
        self.answered_at, self.waits, self.has_changed = goes.at, 0.0, False
        signals = self._told(goes)
        self.every = min(pace.fastest if self.has_changed else self.every * SLOWS_DOWN, pace.every)
        self.due = goes.at + timedelta(seconds=self.every)
        return signals

    async def _heard(self, asking: Asking, goes: Round) -> Silent | None:
        """Ask for one block; a device that refuses several registers at once is asked for each alone from now on."""
        answer = await goes.wire.read(asking.block)
        if isinstance(answer, Silent):
            return answer
        if isinstance(answer, Refused):
            return await self._refused(asking, answer, goes)
        asking.waits = 0.0
        goes.words += asking.block.parted(answer)
        return None

    async def _refused(self, asking: Asking, answer: Refused, goes: Round) -> Silent | None:
        if len(asking.block.registers) > 1 and not answer.is_for_now:
            return await self._alone(asking, goes)
        asking.waits = goes.pace.longer(asking.waits)
        asking.due = goes.at + timedelta(seconds=asking.waits)
        goes.refused += [(register, answer) for _, register in asking.block.registers]
        return None

    async def _alone(self, asking: Asking, goes: Round) -> Silent | None:
        alone = [Asking(each) for each in asking.block.alone()]
        place = self.asks.index(asking)
        self.asks[place : place + 1] = alone
        for each in alone:
            silent = await self._heard(each, goes)
            if silent is not None:
                return silent
        return None

    def _told(self, goes: Round) -> list[Signal]:
        why, at = self.reader.misfit(goes.words), goes.at
        if len(goes.refused) > 1 and not self.before and not goes.words:
            why = f"all {len(goes.refused)} registers are refused ({goes.refused[0][1].why})"
        if not why and not self.before:
            why = self.reader.lacks(goes.words, sum(not answer.is_for_now for _, answer in goes.refused))
        if why:
            return self._once(self.reader.map.map, [self.reader.refused(why, at)])
        self.refused.discard(self.reader.map.map)
        signals = [signal for register, words in goes.words for signal in self._read(register, words, at)]
        return signals + [signal for register, answer in goes.refused for signal in self._unread(register, answer, at)]

    def _once(self, name: str, told: list[Signal]) -> list[Signal]:
        """What stays unreadable is told once."""
        is_known = name in self.refused
        self.refused.add(name)
        return [] if is_known else told

    def _silent(self, silent: Silent, goes: Round) -> Signal:
        self.answered_at = self.answered_at or goes.at
        self.waits = goes.pace.longer(self.waits)
        self.due = goes.at + timedelta(seconds=self.waits)
        return self.reader.silent(self.device, (goes.at - self.answered_at).total_seconds(), goes.at, silent.why)

    def _unread(self, register: Register, answer: Refused, at: datetime) -> list[Signal]:
        return self._once(register.name, [self.reader.unreadable(register, answer.why, at)])

    def _read(self, register: Register, words: list[int], at: datetime) -> list[Signal]:
        signals = self.reader.signals(register, words, at, self.before.get(register.name))
        if any(each.kind == "unreadable" for each in signals):
            return self._once(register.name, signals)
        self.refused.discard(register.name)
        value = self.reader.value(register, words)
        if register.values or register.bits or self.reader.map.rule(register):
            self.has_changed |= self.before.get(register.name, value) != value
        self.before[register.name] = value
        return signals
