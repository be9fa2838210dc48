"""`chargelore watch`: listens to live chargers and prints a line whenever a case opens or changes its mind."""

from __future__ import annotations

import asyncio
import os
import signal as signals_of_the_system
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from pathlib import Path

import click

from chargelore.engine.case import Charger
from chargelore.engine.relay.child import Child, program
from chargelore.engine.relay.said import Start
from chargelore.engine.sources.copies import Health, OnSignal
from chargelore.kb.errors import UseError
from chargelore.tui.cli.front import Front, Reports, run_name
from chargelore.tui.cli.inferring import inference_option
from chargelore.tui.cli.ledger import header
from chargelore.tui.cli.output import aside, chosen, format_option
from chargelore.tui.cli.placing import places_option
from chargelore.tui.cli.polling import polling
from chargelore.tui.cli.tapping import PLAIN, Wire, tap_options, tapping

BEAT = 1.0  # seconds between two looks at what has become absent
ENGINE = program("chargelore.tui.cli.behind")
Knows = Callable[[Charger], None]
Source = Callable[[OnSignal, Knows], AbstractAsyncContextManager[Health]]


@click.command(epilog="Example: chargelore watch --tap 127.0.0.1:9000 --upstream ws://csms.example/ocpp")
@click.option("--tap", metavar="HOST:PORT", help="Listen here for chargers and forward everything to --upstream.")
@click.option("--upstream", metavar="URL", help="The management system; a charger's own path is put behind its path.")
@tap_options
@click.option(
    "--modbus", metavar="PLACE", help="Read a charger's registers: HOST[:PORT], rtu://HOST:PORT or a serial port."
)
@click.option("--map", "register_map", metavar="NAME", help="The register map of that charger.")
@click.option(
    "--unit", "units", type=click.IntRange(1, 255), multiple=True, help="Its Modbus address; again for each on the bus."
)
@click.option("--serial", metavar="FORMAT", help="Speed and format of the serial port, where not the map's: 19200 8E1.")
@click.option("--connector", type=click.IntRange(1, 99), default=1, help="Which connector to read; 1 is the first.")
@click.option("--rules", metavar="FOLDER", help="Another folder of rules; a changed file is read at once.")
@click.option("--db", metavar="URL", default=None, help="Another store of findings than the one in the data folder.")
@click.option("--anew", is_flag=True, help="Begin without what the last watch of this source remembered.")
@click.option(
    "--keep",
    metavar="DAYS",
    type=click.IntRange(1, 3_650),
    default=30,
    show_default=True,
    help="How long captured signals stay in the store.",
)
@inference_option
@places_option
@format_option
def watch(  # noqa: PLR0913  # one argument for each option
    *,
    db: str | None,
    form: str | None,
    units: tuple[int, ...],
    connector: int,
    places: Path | None,
    anew: bool,
    keep: int,
    wire: Wire,
    **where: str | None,
) -> int:
    """Watch live chargers until Ctrl-C: say what is likely wrong as soon as a case opens or changes."""
    rules, inference = where.pop("rules"), where.pop("inference")
    source = chosen_source((units, connector), wire=wire, **where)
    name = f"{sorted(where.items(), key=str)} {units} {connector}"
    begin = Start(
        source=name,
        run=run_name(name),
        form=chosen(form),
        keep_days=keep,
        db=db,
        rules=rules,
        places=str(places) if places else None,
        inference=inference,
        is_anew=anew,
    )
    front = asyncio.run(_watched(source, begin))
    if front.is_unheard:  # whoever read our output has gone; there is nobody left to complain to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(front.has_cases())


def chosen_source(  # noqa: PLR0913, PLR0917  # one argument for each option
    outlets: tuple[tuple[int, ...], int],
    tap: str | None,
    upstream: str | None,
    modbus: str | None,
    register_map: str | None,
    serial: str | None = None,
    wire: Wire = PLAIN,
) -> Source:
    """The one source that the options name. UseError when they name none, two, or half of one."""
    if tap and upstream and not (modbus or register_map or serial):
        return partial(tapping, wire, tap, upstream)
    if modbus and register_map and not (tap or upstream or wire != PLAIN):
        return partial(polling, modbus, register_map, outlets, serial or "")
    raise UseError(
        "it is not clear what to watch",
        mend="give --tap with --upstream, or --modbus with --map; see chargelore watch --help",
    )


async def _watched(source: Source, begin: Start) -> Front:
    """The wire works here and the engine in a child, so that neither a busy nor a broken engine reaches the wire."""
    front = Front(begin)
    _stops_on_signals(front.stop)
    async with source(front.outbox, front.knows) as health:
        front.health = health
        child = Child(ENGINE, front.outbox, front.start, front.hears, aside)
        front.restarts = lambda: child.restarts
        working = asyncio.create_task(child.works())
        if above := header(begin.form):
            click.echo(above)
        await _until_stopped(front)
    front.outbox.beats()
    await child.ends()
    await working
    if error := front.refusal():
        raise error
    aside(f"watched {front.summary()}")
    return front


async def _until_stopped(front: Front) -> None:
    """Time goes on for the engine as it does for the wire."""
    reports = Reports(front)
    while not front.stop.is_set():
        front.outbox.beats()
        reports.looks()
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT):
                await front.stop.wait()


def _stops_on_signals(stop: asyncio.Event) -> None:
    for number in (signals_of_the_system.SIGINT, signals_of_the_system.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C comes as KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
