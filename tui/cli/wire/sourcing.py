"""Sourcing: which sources the options of a watch name, in any number and together with a file of sources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from chargelore.engine.case import Charger
from chargelore.engine.listening import listening
from chargelore.engine.places import Places
from chargelore.engine.relay.outbox import Outbox
from chargelore.engine.slices import Listening
from chargelore.engine.sourcefile import EntryFile, Source, Tapped, load_sources, sources_of
from chargelore.engine.sources.copies import Health, OnSignal
from chargelore.engine.sourcework import Hears
from chargelore.kb.errors import UseError
from chargelore.tui.cli.output import aside
from chargelore.tui.cli.wire.tapping import PLAIN, Wire, tapping

Command = TypeVar("Command", bound=Callable[..., Any])
MOST_WAITING = 1_000  # messages and signals; beyond that a log is not read on, as it can wait
A_MOMENT = 0.05  # seconds

_OPTIONS = (
    click.option(
        "--sources",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="A file of sources (YAML); see docs/watch.md.",
    ),
    click.option("--tap", metavar="HOST:PORT", help="Listen here for chargers and forward everything to --upstream."),
    click.option(
        "--upstream", metavar="URL", help="The management system; a charger's own path is put behind its path."
    ),
    click.option(
        "--modbus", metavar="PLACE", help="Read a charger's registers: HOST[:PORT], rtu://HOST:PORT or a serial port."
    ),
    click.option("--map", "register_map", metavar="NAME", help="The register map of that charger, or a file."),
    click.option(
        "--unit",
        "units",
        type=click.IntRange(1, 255),
        multiple=True,
        help="Its Modbus address; again for each on the bus.",
    ),
    click.option(
        "--serial", metavar="FORMAT", help="Speed and format of the serial port, where not the map's: 19200 8E1."
    ),
    click.option("--connector", type=click.IntRange(1, 99), default=1, help="Which connector to read; 1 is the first."),
    click.option(
        "--follow",
        "logs",
        metavar="FILE",
        multiple=True,
        help="Read a log as it grows; `-` is standard input. Again for more.",
    ),
    click.option(
        "--log-format", default="", metavar="NAME", help="The format of --follow, where its content does not tell."
    ),
    click.option("--from-start", is_flag=True, help="Read what stands in --follow already, too."),
    click.option(
        "--charger",
        "chargers",
        metavar="ID",
        multiple=True,
        help="Whose registers or own log that is; again for each --unit.",
    ),
)


def source_options(command: Command) -> Command:
    """The options that name sources."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options as they were typed."""

    sources: Path | None
    tap: str | None
    upstream: str | None
    modbus: str | None
    register_map: str | None
    units: tuple[int, ...]
    serial: str | None
    connector: int
    logs: tuple[str, ...]
    log_format: str
    from_start: bool
    chargers: tuple[str, ...]
    wire: Wire = PLAIN

    @property
    def name(self) -> str:
        """By which the memory of a watch is found again: the file, whatever it says by then, and all that was typed."""
        parts = (getattr(self, each) for each in self.__slots__ if each not in ("sources", "wire"))
        return f"{self.sources.absolute() if self.sources else ''} {list(parts)}"

    def all(self, places: Places) -> tuple[Source, ...]:
        """The sources. UseError or SourceError when they are none, or half of one."""
        named = load_sources(self.sources, places) if self.sources else ()
        found = sources_of(self._entries(), named)
        for each in found:
            if isinstance(each, Tapped):
                Wire(**each.tls).fits(each.upstream)
        return found

    def _entries(self) -> list[EntryFile]:
        bus = self.modbus or self.register_map or self.serial or self.units or self.connector != 1
        if self.chargers and not (bus or self.logs):
            raise UseError("--charger names nobody", mend="give --modbus with --map, or --follow, beside it")
        tls = {name: value for name, value in asdict(self.wire).items() if value}
        has_tap = self.tap or self.upstream or tls
        line = [EntryFile(tap=self.tap or "", upstream=self.upstream or "", **tls)] if has_tap else []
        return [*line, *([self._bus()] if bus else []), *map(self._log, self.logs)]

    def _bus(self) -> EntryFile:
        units, names = tuple(dict.fromkeys(self.units)), self.chargers
        if len(names) > 1 and len(names) != len(units):
            raise UseError(f"{len(names)} chargers are named for {len(units)} units", mend="give one --charger each")
        several = dict(zip(units, names or [""] * len(units), strict=False)) if len(units) > 1 else {}
        return EntryFile(
            modbus=self.modbus or "",
            map=self.register_map or "",
            serial=self.serial or "",
            unit=units[0] if len(units) == 1 else 0,
            units=several,
            connector=self.connector,
            charger=names[0] if names and not several else "",
        )

    def _log(self, file: str) -> EntryFile:
        charger = self.chargers[0] if len(self.chargers) == 1 else ""
        return EntryFile(
            follow=file, format=self.log_format, charger=charger, from_="start" if self.from_start else "end"
        )


@asynccontextmanager
async def heard(
    sources: Sequence[Source], outbox: Outbox, knows: Callable[[Charger], None]
) -> AsyncIterator[Listening]:
    """All sources, whose signals go to the outbox; a log that could wait is not read faster than they leave it."""

    async def room() -> None:
        while outbox.waiting > MOST_WAITING:
            await asyncio.sleep(A_MOMENT)

    def taps(source: Tapped, receiver: OnSignal) -> AbstractAsyncContextManager[Health]:
        return tapping(Wire(**source.tls), source.listen, source.upstream, receiver, knows)

    async with listening(sources, Hears(on_signal=outbox, knows=knows, tells=aside, room=room, taps=taps)) as found:
        yield found


Opened = Callable[[Outbox, Callable[[Charger], None]], AbstractAsyncContextManager[Listening]]
