"""Asking: chargers and meters whose registers a watch reads, and what a person is told of those that answer oddly."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from chargelore.engine.signal import Signal
from chargelore.engine.sources.copies import Health
from chargelore.engine.sources.modbus import EVERY_TEN_SECONDS, Outlet, Pace, polled_all, reading
from chargelore.engine.sources.modbusplace import Place
from chargelore.kb.registermap import RegisterMap

ONE_CLIENT = "; it serves one client at a time, so another program may hold it"

Devices = Sequence[tuple[str, RegisterMap, Outlet]]  # whose registers, which they are, and where


async def asked(
    where: Place, devices: Devices, health: Health, tells: Callable[[str], None], pace: Pace = EVERY_TEN_SECONDS
) -> AsyncGenerator[Signal, None]:
    """The signals of all devices behind one connection, for ever; what is odd about them is told once each."""
    _, first, outlet = devices[0]
    wire = outlet.wire(where, first, pace)
    told = Told(health, tells, any(registers.sessions == 1 for _, registers, _ in devices))
    health.in_vain = wire.in_vain
    try:
        chargers = [(reading(registers, name, each), each) for name, registers, each in devices]
        async with aclosing(polled_all(wire, chargers, pace)) as signals:
            async for signal in signals:
                health.asked = wire.asked
                told.hears(signal)
                yield signal
    finally:
        wire.close()


class Told:
    """What a person has been told of chargers that are asked. Lives as long as the watch.

    A charger that answers is a connection; each reason why one does not, or says what we cannot use, is told once.
    """

    def __init__(self, health: Health, tells: Callable[[str], None], has_one_client: bool) -> None:  # one fact of a map
        self._health, self._tells, self._hint = health, tells, ONE_CLIENT if has_one_client else ""
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
            self._tells(f"cannot use {signal.raw}: {signal.fields.get('why', '')}")

    def _is_silent(self, signal: Signal) -> None:
        part, why = str(signal.fields.get("part", "")), str(signal.fields.get("why", "no answer"))
        has_answered = signal.charger in self._answered
        key = (
            signal.charger,
            part if has_answered else "",
            why,
        )  # of one that never answered all its parts say the same
        if key in self._silent:
            return
        self._silent.add(key)
        if has_answered:
            self._tells(
                f"{part} of {signal.charger} fell silent: {why}{self._hint}; it is asked again until it answers"
            )
        elif part == "charger" or not self._answered:
            self._health.refused = 1
            mend = "check address, port and cable; it is asked again until it does"
            self._tells(f"nothing answers at {signal.charger}: {why}{self._hint} — {mend}")
