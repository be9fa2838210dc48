"""Polling: chargers that a watch asks for their registers, and what a person is told about those that answer oddly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from chargelore.engine.case import Charger
from chargelore.engine.signal import Signal
from chargelore.engine.sources.copies import Health, OnSignal
from chargelore.tui.cli.output import aside
from chargelore.tui.text import count

if TYPE_CHECKING:
    from chargelore.engine.sources.modbus import Outlet
    from chargelore.engine.sources.modbusplace import Place
    from chargelore.kb.registermap import RegisterMap

FEW = 5  # reasons that the summary names
ONE_CLIENT = "; it serves one client at a time, so another program may hold it"


@asynccontextmanager
async def polling(  # noqa: PLR0913, PLR0917  # what the options name, and where it goes
    address: str,
    register_map: str,
    outlets: tuple[tuple[int, ...], int],
    serial: str,
    on_signal: OnSignal,
    knows: Callable[[Charger], None],
) -> AsyncIterator[Health]:
    """Chargers that are asked over Modbus; `outlets`: their Modbus addresses, none for the map's, and a connector."""
    from chargelore.engine.sources.modbus import Outlet  # noqa: PLC0415  # the tap does without
    from chargelore.engine.sources.modbusplace import read_place  # noqa: PLC0415  # as above
    from chargelore.kb.loadmap import load_map  # noqa: PLC0415  # as above

    registers = load_map(register_map)
    where = read_place(address, registers, serial)
    asked = _named(where, [Outlet(unit=unit, connector=outlets[1]) for unit in dict.fromkeys(outlets[0] or (0,))])
    for name, outlet in asked.items():
        outlet.check(registers)
        knows(Charger(id=name, vendor=registers.vendor, model=registers.model))
    health = Health()
    asking = asyncio.create_task(_asks(where, registers, asked, health, on_signal))
    units = f", units {', '.join(str(each.unit) for each in asked.values())}" if len(asked) > 1 else ""
    aside(f"reading {registers.vendor} {registers.model} at {where}{units}. Ctrl-C ends it.")
    try:
        yield health
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking


def _named(where: Place, outlets: list[Outlet]) -> dict[str, Outlet]:
    """Each charger by its name: the place, and the Modbus address where there are several."""
    return {f"{where}/{each.unit}" if len(outlets) > 1 else str(where): each for each in outlets}


async def _asks(
    where: Place, registers: RegisterMap, asked: dict[str, Outlet], health: Health, on_signal: OnSignal
) -> None:
    from chargelore.engine.sources.modbus import EVERY_TEN_SECONDS, polled_all, reading  # noqa: PLC0415  # as above

    wire = next(iter(asked.values())).wire(where, registers, EVERY_TEN_SECONDS)
    chargers = [(reading(registers, name, outlet), outlet) for name, outlet in asked.items()]
    health.in_vain, told = wire.in_vain, Told(health, registers.sessions == 1)
    try:
        async for signal in polled_all(wire, chargers, EVERY_TEN_SECONDS):
            health.asked = wire.asked
            told.hears(signal)
            on_signal(signal)
    finally:
        wire.close()


class Told:
    """What a person has been told of chargers that are asked. Lives as long as the watch.

    A charger that answers is a connection; each reason why one does not, or says what we cannot use, is told once.
    """

    def __init__(self, health: Health, has_one_client: bool) -> None:  # one fact of the map
        self._health, self._hint = health, ONE_CLIENT if has_one_client else ""
        self._answered: set[str] = set()
        self._silent: set[tuple[str, str, str]] = set()

    def hears(self, signal: Signal) -> None:
        """Say what is new about the charger that a signal came from."""
        if signal.fields.get("name") == "silent":
            self._is_silent(signal)
            return
        self._answered.add(signal.charger)
        self._health.connections = self._health.open = len(self._answered)
        self._health.from_charger += 1
        if signal.kind == "unreadable":
            aside(f"cannot use {signal.raw}: {signal.fields.get('why', '')}")

    def _is_silent(self, signal: Signal) -> None:
        part, why = str(signal.fields.get("part", "")), str(signal.fields.get("why", "no answer"))
        key = (signal.charger, part, why)
        if key in self._silent:
            return
        self._silent.add(key)
        if signal.charger in self._answered:
            aside(f"{part} of {signal.charger} fell silent: {why}{self._hint}; it is asked again until it answers")
        elif part == "charger" or not self._answered:
            self._health.refused = 1
            mend = "check address, port and cable; it is asked again until it does"
            aside(f"nothing answers at {signal.charger}: {why}{self._hint} — {mend}")


def in_vain(health: Health) -> str:
    """How many requests there were, and why some were in vain, most first; nothing where we asked nobody."""
    if not health.in_vain:
        return ""
    most = [f"{times} x {why}" for why, times in health.in_vain.most_common(FEW)]
    return f"; of {count(health.asked, 'request')} in vain: {', '.join(most)}"
