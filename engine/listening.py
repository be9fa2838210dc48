"""Listening: several sources at once, each with a life of its own: one that fails is told, tried again, and missed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec.structs import replace

from chargelore.engine import arrival
from chargelore.engine.case import Charger
from chargelore.engine.relay.item import Heard
from chargelore.engine.signal import Signal
from chargelore.engine.sourcefile import STDIN, Asked, Followed, Metered, Source, Tapped
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.copies import Health, Hearer, OnSignal
from chargelore.kb.errors import ChargeloreError, SourceError
from chargelore.kb.model import Layer

if TYPE_CHECKING:
    from chargelore.engine.sources.modbus import Outlet
    from chargelore.kb.registermap import RegisterMap

LONGEST = 60.0  # seconds between two tries of a source that fails
State = Literal["begins", "listens", "silent", "failed", "over"]
MISSING = ("silent", "failed", "over")


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


@dataclass(slots=True)
class Slice:
    """One source as it stands. `chargers` are those it was named for, empty where they name themselves."""

    name: str
    layers: tuple[Layer, ...]
    chargers: tuple[str, ...]
    since: datetime
    state: State = "begins"
    why: str = ""
    signals: int = 0
    last_at: datetime | None = None
    silent: dict[tuple[str, Layer], str] = field(default_factory=dict)  # whose device does not answer, and why
    health: Health = field(default_factory=Health)
    stands: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None

    def turns(self, state: State, at: datetime, why: str = "") -> None:
        """The source is in another state from now on."""
        if (state, why) != (self.state, self.why):
            self.state, self.since, self.why = state, at, why
        if state != "begins":
            self.stands.set()

    def misses(self, charger: str) -> dict[Layer, str]:
        """The layers of a charger that are missing here, and why."""
        if self.state in MISSING:
            return dict.fromkeys(self.layers, self.why)
        return {layer: why for (whose, layer), why in self.silent.items() if whose == charger}


class Missing(NamedTuple):
    """A slice of a charger that is not there: which layer, from which source, and why."""

    layer: Layer
    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Listening:
    """All sources of a watch as they stand."""

    slices: tuple[Slice, ...]

    @property
    def health(self) -> Health:
        """The counters of all sources together."""
        total = Health()
        for each in self.slices:
            one = each.health
            for name in ("connections", "open", "refused", "from_charger", "from_csms", "dropped_copies", "asked"):
                setattr(total, name, getattr(total, name) + getattr(one, name))
            total.engine_errors += one.engine_errors
            total.last_error = one.last_error or total.last_error
            total.in_vain += one.in_vain
            total.troubles += one.troubles
        return total

    @property
    def is_over(self) -> bool:
        """Whether nothing more will ever come."""
        return all(each.state == "over" for each in self.slices)

    def missing(self, charger: str) -> tuple[Missing, ...]:
        """The slices of a charger that are not there right now, and why."""
        own = (each for each in self.slices if not each.chargers or charger in each.chargers)
        return tuple(Missing(layer, each.name, why) for each in own for layer, why in each.misses(charger).items())

    def sentences(self) -> tuple[str, ...]:
        """What is missing right now, source by source."""
        told = []
        for each in self.slices:
            if each.state in MISSING:
                told.append(f"missing: {each.name} ({', '.join(each.layers)}): {each.why}")
            told += [f"missing: {layer} of {whose}: {why}" for (whose, layer), why in each.silent.items()]
        return tuple(told)

    def as_json(self) -> list[dict[str, object]]:
        """Every source with what it gives, how it stands, and since when."""
        return [
            {
                "source": each.name,
                "layers": list(each.layers),
                "chargers": list(each.chargers),
                "state": each.state,
                "since": each.since.isoformat(),
                "signals": each.signals,
                "last_at": each.last_at.isoformat() if each.last_at else None,
                "why": each.why,
                "silent": [
                    {"charger": whose, "layer": layer, "why": why} for (whose, layer), why in each.silent.items()
                ],
            }
            for each in self.slices
        ]


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


Work = Callable[[Run], Awaitable[None]]


@asynccontextmanager
async def listening(sources: Sequence[Source], hears: Hears) -> AsyncIterator[Listening]:
    """Listen to all sources until the block ends. When not one of them stands at the beginning, its error is raised."""
    stop = asyncio.Event()
    works = [(Run(_slice(each, hears), hears, stop), each, work) for each, work in _works(sources)]
    tasks = [asyncio.create_task(_kept_up(run, work)) for run, _, work in works]
    found = Listening(tuple(run.slice for run, _, _ in works))
    try:
        await asyncio.gather(*[each.stands.wait() for each in found.slices])
        _refuses_when_all_failed(found.slices)
        for each in found.slices:
            if each.error is not None:
                hears.tells(f"{each.name} cannot be heard: {each.why}; it is tried again")
        yield found
    finally:
        stop.set()
        for task, (run, some, _) in zip(tasks, works, strict=True):
            if not isinstance(some[0], Tapped) or run.slice.state != "listens":
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _refuses_when_all_failed(slices: Iterable[Slice]) -> None:
    errors = [each.error for each in slices]
    if all(errors) and (first := next(iter(errors), None)) is not None:
        raise first


async def _kept_up(run: Run, work: Work) -> None:
    """One source for ever: when it fails it is told, and tried again after a while."""
    wait = run.hears.first_wait
    while True:
        try:
            await work(run)
        except Exception as error:  # noqa: BLE001  # whatever one source does, the others go on
            was_up = run.slice.state in ("listens", "silent")
            wait = run.hears.first_wait if was_up else wait
            _failed(run, error, is_first=not run.slice.stands.is_set())
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST)
        else:
            if not run.stop.is_set():
                run.slice.turns("over", run.hears.now(), "it has come to its end")
                run.tells(f"{run.slice.name} has come to its end")
            return


def _failed(run: Run, error: Exception, *, is_first: bool) -> None:
    said = str(error) if isinstance(error, ChargeloreError) else f"{type(error).__name__}: {error}"
    one, is_news = run.slice, said != run.slice.why
    one.health.failed(error)
    one.error = error if is_first else None
    one.turns("failed", run.hears.now(), said)
    if is_news and not is_first:
        run.tells(f"{one.name} cannot be heard: {said}; it is tried again")


def _slice(sources: Sequence[Source], hears: Hears) -> Slice:
    first = sources[0]
    layers: Mapping[type, tuple[Layer, ...]] = {
        Tapped: ("ocpp",), Asked: ("modbus",), Metered: ("grid",), Followed: ("firmware",),
    }  # fmt: skip
    chargers = tuple(dict.fromkeys(each for source in sources for each in _chargers(source)))
    given = tuple(dict.fromkeys(each for source in sources for each in layers[type(source)]))
    return Slice(str(first), given, chargers, hears.now())


def _chargers(source: Source) -> Iterable[str]:
    if isinstance(source, Asked):
        return source.outlets
    if isinstance(source, Metered):
        return source.chargers
    return (source.charger,) if isinstance(source, Followed) and source.charger else ()


def _works(sources: Sequence[Source]) -> list[tuple[list[Source], Work]]:
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
