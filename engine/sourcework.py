"""Sourcework: what each kind of source does to be heard, and where what it hears goes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chargelore.engine.case import Charger
from chargelore.engine.clocks import arrival
from chargelore.engine.relay.item import Heard
from chargelore.engine.signal import Signal
from chargelore.engine.slices import Slice, State
from chargelore.engine.sourcefile import STDIN, Asked, Followed, Metered, Source, Tapped
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.copies import Health, Hearer, OnSignal
from chargelore.kb.errors import SourceError
from chargelore.kb.model import Layer

if TYPE_CHECKING:
    from chargelore.engine.sources.modbus import Outlet
    from chargelore.kb.registermap import RegisterMap

Taps = Callable[[Tapped, OnSignal], AbstractAsyncContextManager[Health]]


@asynccontextmanager
async def _plainly(source: Tapped, receiver: OnSignal) -> AsyncIterator[Health]:
    """A tap without TLS."""
    from chargelore.engine.sources.tap import Tap  # noqa: PLC0415  # the other sources do without

    if source.tls:
        raise SourceError("nobody here knows how to offer TLS", where=str(source), mend="leave the certificates out")
    async with Tap(source.listen, source.upstream, receiver) as tap:
        yield tap.health


async def _at_once() -> None:
    """There is room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hears:
    """Where what is heard goes: signals, who chargers are, sentences for a person.

    `room` waits until more can be taken, for sources that lose nothing by waiting; `taps` opens a tap.
    """

    on_signal: Callable[[Signal], None]
    knows: Callable[[Charger], None] = lambda _: None
    tells: Callable[[str], None] = lambda _: None
    room: Callable[[], Awaitable[None]] = _at_once
    taps: Taps = _plainly
    now: Callable[[], datetime] = utc_now
    first_wait: float = 1.0  # seconds before a source that failed is tried again; doubled each time


@dataclass(frozen=True, slots=True)
class Run:
    """A source at work: its slice, and where it speaks to."""

    slice: Slice
    hears: Hears
    stop: asyncio.Event  # set when the watch ends, for sources that have something left to say then

    def takes(self, signal: Signal) -> None:
        """A signal came from the source."""
        one = self.slice
        self.counts(signal.at or self.hears.now())
        if signal.layer not in one.layers:
            one.layers = (*one.layers, signal.layer)
        self.hears.on_signal(signal)

    def counts(self, at: datetime) -> None:
        """Something came from the source."""
        self.slice.signals += 1
        self.slice.last_at = at

    def stands(self, state: State = "listens", why: str = "") -> None:
        """The source can be heard, or is there but has nothing to say."""
        if self.slice.state == "failed":
            self.hears.tells(f"{self.slice.name} is heard again")
        self.slice.turns(state, self.hears.now(), why)

    def answers(self, whose: Iterable[str], layer: Layer, signal: Signal) -> None:
        """Note whether a device answers; a part of it that is silent is a signal, not a missing slice."""
        is_silent = signal.fields.get("name") == "silent"
        if is_silent and signal.fields.get("part") != "charger":
            return
        for charger in whose:
            if is_silent:
                self.slice.silent[charger, layer] = str(signal.fields.get("why") or "no answer")
            else:
                self.slice.silent.pop((charger, layer), None)

    def tells(self, text: str) -> None:
        """Say something to a person."""
        self.hears.tells(text)


Work = Callable[[Run], Awaitable[None]]


class Sink:
    """Hands on what a tap captures, and counts it. `hears` takes whole messages for a receiver that decodes them."""

    def __init__(self, run: Run, receiver: Hearer) -> None:
        self._run, self._receiver = run, receiver

    def __call__(self, signal: Signal) -> None:
        """A signal that the tap made."""
        self._run.takes(signal)

    def hears(self, heard: Heard) -> None:
        """A whole message, not decoded."""
        self._run.counts(heard.at)
        self._receiver.hears(heard)


def works_of(sources: Sequence[Source]) -> list[tuple[list[Source], Work]]:
    """Sources with what they do; devices at one Modbus connection share it, as many gateways allow only one."""
    by_place: dict[str, list[Source]] = {}
    for each in sources:
        key = str(each.where) if isinstance(each, Asked | Metered) else f"{type(each).__name__} {each}"
        by_place.setdefault(key, []).append(each)
    return [(some, _work(some)) for some in by_place.values()]


def _work(sources: list[Source]) -> Work:
    first = sources[0]
    if isinstance(first, Tapped):
        return lambda run: _taps(first, run)
    if isinstance(first, Followed):
        return lambda run: _follows(first, run)
    return lambda run: _asks([each for each in sources if isinstance(each, Asked | Metered)], run)


async def _taps(source: Tapped, run: Run) -> None:
    receiver = run.hears.on_signal
    sink = Sink(run, receiver) if isinstance(receiver, Hearer) else run.takes
    async with run.hears.taps(source, sink) as run.slice.health:
        run.stands()
        await run.stop.wait()


async def _asks(sources: Sequence[Asked | Metered], run: Run) -> None:
    from chargelore.engine.asking import asked  # noqa: PLC0415  # as above

    behind = {_device(each): each.chargers for each in sources if isinstance(each, Metered)}
    devices = [device for each in sources for device in _devices(each)]
    for name, registers, _ in devices:
        if name not in behind:
            run.hears.knows(Charger(id=name, vendor=registers.vendor, model=registers.model))
    run.stands()
    run.tells(_reading(sources, len(devices)))
    async with aclosing(asked(sources[0].where, devices, run.slice.health, run.tells)) as signals:
        async for signal in signals:
            run.answers(behind.get(signal.charger, (signal.charger,)), _layer(signal, behind), signal)
            for each in _for_each(signal, behind):
                run.takes(each)


def _layer(signal: Signal, behind: Mapping[str, tuple[str, ...]]) -> Layer:
    return "grid" if signal.charger in behind else signal.layer


def _reading(sources: Sequence[Asked | Metered], count: int) -> str:
    made = " and ".join(dict.fromkeys(f"{each.registers.vendor} {each.registers.model}" for each in sources))
    units = [str(outlet.unit) for each in sources if isinstance(each, Asked) for outlet in each.outlets.values()]
    told = f", units {', '.join(units)}" if count > 1 and units else ""
    return f"reading {made} at {sources[0].where}{told}. Ctrl-C ends it."


def _device(source: Metered) -> str:
    return f"{source}/{source.outlet.unit}" if source.outlet.unit else str(source)


def _devices(source: Asked | Metered) -> Iterable[tuple[str, RegisterMap, Outlet]]:
    if isinstance(source, Metered):
        return ((_device(source), source.registers, source.outlet),)
    return ((name, source.registers, outlet) for name, outlet in source.outlets.items())


def _for_each(signal: Signal, behind: Mapping[str, tuple[str, ...]]) -> Iterable[Signal]:
    """What a site's meter says is said of every charger behind it; that it is silent says nothing of them."""
    if signal.charger not in behind:
        return (signal,)
    if signal.fields.get("name") == "silent" or signal.kind == "unreadable":
        return ()
    fields = {**signal.fields, "part": signal.charger}
    return (replace(signal, charger=each, layer="grid", fields=fields) for each in behind[signal.charger])


async def _follows(source: Followed, run: Run) -> None:
    from chargelore.engine.sources.follow import Log, follow  # noqa: PLC0415  # as above
    from chargelore.engine.sources.tail import FileTail, StreamTail  # noqa: PLC0415  # as above

    tail = StreamTail(sys.stdin.fileno()) if source.file == STDIN else FileTail(Path(source.file), source.from_start)
    log = Log(tail=tail, name=str(source), charger=source.charger, form=source.form)

    def tells(text: str) -> None:
        run.tells(text)
        run.stands("silent" if tail.trouble else "listens", tail.trouble)

    run.stands()
    clock = arrival.START
    async with aclosing(follow(log, tells)) as signals:
        async for signal in signals:
            await run.hears.room()
            before = clock.move
            clock, aligned = arrival.step(clock, signal, run.hears.now())
            if clock.move != before:
                run.tells(_moved(run.slice.name, clock.move))
            run.takes(aligned)


def _moved(name: str, move: float) -> str:
    if not move:
        return f"{name}: its clock is right again"
    span = timedelta(seconds=round(abs(move)))
    return f"{name}: its clock is {span} {'behind' if move > 0 else 'ahead'}; that is mended"
