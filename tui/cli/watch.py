"""`chargelore watch`: listens to live chargers and prints a line whenever a case opens or changes its mind."""

from __future__ import annotations

import asyncio
import os
import signal as signals_of_the_system
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import click

from chargelore.engine.case import Charger
from chargelore.engine.ear import Ear, Hearing
from chargelore.engine.rule import existing
from chargelore.engine.shelf import Shelf, looked
from chargelore.engine.signal import Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.copies import Health, OnSignal
from chargelore.engine.watch import Watch
from chargelore.kb.errors import ChargeloreError, UseError
from chargelore.kb.store import Store
from chargelore.tui.cli.inferring import inference_option
from chargelore.tui.cli.keeping import Keeper
from chargelore.tui.cli.ledger import Ledger
from chargelore.tui.cli.output import aside, chosen, format_option
from chargelore.tui.cli.placing import placed, places_option, unasked_sentences
from chargelore.tui.cli.polling import in_vain, polling
from chargelore.tui.live import key_at_hand, known_here, live_watch, remember, sheet_here
from chargelore.tui.text import count

BEAT = 1.0  # seconds between two looks at what has become absent
MOST_WAITING = 20_000  # signals; beyond that the engine is too slow and the newest are left out
Knows = Callable[[Charger], None]
Source = Callable[[OnSignal, Knows], AbstractAsyncContextManager[Health]]


@click.command(epilog="Example: chargelore watch --tap 127.0.0.1:9000 --upstream ws://csms.example/ocpp")
@click.option("--tap", metavar="HOST:PORT", help="Listen here for chargers and forward everything to --upstream.")
@click.option("--upstream", metavar="URL", help="The management system; a charger's own path is put behind its path.")
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
    **where: str | None,
) -> int:
    """Watch live chargers until Ctrl-C: say what is likely wrong as soon as a case opens or changes."""
    shelf, inference, spots = _shelf(where.pop("rules")), where.pop("inference"), placed(places)
    source = chosen_source((units, connector), **where)
    known, learned = known_here(db)
    ear, rules = Ear(key_at_hand()), shelf.rules if shelf else None
    hearing = Hearing(sheet_here(db), ear)
    with live_watch(learned, rules, known, inference=inference, hearing=hearing, places=spots) as engine:
        keeper = Keeper(engine, f"{sorted(where.items(), key=str)} {units} {connector}", utc_now)
        ticking = partial(_each_tick, engine, [shelf] if shelf else [], _Notes(db, ear), keeper)
        goes_on = not anew and keeper.resumes()
        ledger = Ledger(engine, chosen(form), ticking, goes_on=goes_on)
        try:
            asyncio.run(_watched(source, ledger, partial(_says_what_is_not_asked, engine)))
        except BrokenPipeError:  # whoever read our output has gone; there is nobody left to complain to
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if ledger.signals:
            keeper.keeps()
        if spots:
            _says_what_is_not_asked(engine)
    _kept(db, ear)
    return int(ledger.has_cases)


def _says_what_is_not_asked(engine: Watch) -> None:
    for sentence in unasked_sentences(engine.unplaced()):
        aside(sentence)


class _Notes:
    """What was heard is kept once a day, so that a watch of months that is cut short has taught something."""

    def __init__(self, db: str | None, ear: Ear) -> None:
        self._db, self._ear, self._day = db, ear, utc_now().date()

    def keep(self) -> None:
        """Keep what was heard on days that are over."""
        if (today := utc_now().date()) != self._day:
            self._day = today
            _kept(self._db, self._ear)


def _kept(db: str | None, ear: Ear) -> None:
    """What chargers say is remembered for their models; a store that cannot be written is told, and stops nothing."""
    try:
        with Store.open(db) as store:
            remember(store, ear.taken())
    except ChargeloreError as error:
        aside(f"what chargers can say was not remembered: {error}")


def _each_tick(engine: Watch, held: list[Shelf], notes: _Notes, keeper: Keeper) -> None:
    notes.keep()
    keeper.keeps_now_and_then()
    if held:
        _reloaded(engine, held)


def _shelf(folder: str | None) -> Shelf | None:
    """The rules of a folder; those that ship come from the cache and do not change."""
    if folder is None:
        return None
    shelf = looked(Shelf(existing(Path(folder))))
    for why in shelf.broken.values():
        aside(f"{why}; the other rules run")
    return shelf


def _reloaded(engine: Watch, held: list[Shelf]) -> None:
    """Look at the folder of rules again; a file that is broken keeps its last good rule, and is told once."""
    before, held[0] = held[0], looked(held[0])
    if held[0] is before:
        return
    engine.reload(held[0].rules)
    aside(f"rules were read again: {count(len(held[0].files), 'file')}")
    for file, why in held[0].broken.items():
        if before.broken.get(file) != why:
            aside(f"{why}; {held[0].meanwhile(file)}")


def chosen_source(  # noqa: PLR0913, PLR0917  # one argument for each option
    outlets: tuple[tuple[int, ...], int],
    tap: str | None,
    upstream: str | None,
    modbus: str | None,
    register_map: str | None,
    serial: str | None = None,
) -> Source:
    """The one source that the options name. UseError when they name none, two, or half of one."""
    if tap and upstream and not (modbus or register_map or serial):
        return partial(tapping, tap, upstream)
    if modbus and register_map and not (tap or upstream):
        return partial(polling, modbus, register_map, outlets, serial or "")
    raise UseError(
        "it is not clear what to watch",
        mend="give --tap with --upstream, or --modbus with --map; see chargelore watch --help",
    )


@asynccontextmanager
async def tapping(listen: str, upstream: str, on_signal: OnSignal, _knows: Knows) -> AsyncIterator[Health]:
    """A tap between chargers and their management system; these say themselves who they are."""
    from chargelore.engine.sources.tap import Tap  # noqa: PLC0415  # the other source does without

    async with Tap(listen, upstream, on_signal) as tap:
        aside(f"chargers connect to {tap.address}; all goes on to {upstream}. Ctrl-C ends it.")
        yield tap.health


async def _watched(source: Source, ledger: Ledger, once_it_stands: Callable[[], None]) -> None:
    """The engine works in a thread of its own, one batch after the other, so that the wire never waits for it."""
    stop, waiting = asyncio.Event(), asyncio.Queue[Signal]()
    _stops_on_signals(stop)
    async with source(partial(_keeps, waiting, ledger), ledger.knows) as health:
        once_it_stands()
        while not stop.is_set():
            batch = await _batch(waiting, stop)
            await asyncio.to_thread(ledger.takes, batch, utc_now())
    await asyncio.to_thread(ledger.takes, _left(waiting), utc_now())
    aside(_summary(ledger, health))


def _keeps(waiting: asyncio.Queue[Signal], ledger: Ledger, signal: Signal) -> None:
    if waiting.qsize() < MOST_WAITING:
        waiting.put_nowait(signal)
    else:
        ledger.missed += 1


def _stops_on_signals(stop: asyncio.Event) -> None:
    for number in (signals_of_the_system.SIGINT, signals_of_the_system.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C comes as KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(number, stop.set)


async def _batch(waiting: asyncio.Queue[Signal], stop: asyncio.Event) -> list[Signal]:
    """What came in since the last batch; empty after a quiet beat or when it is time to stop."""
    first = asyncio.ensure_future(waiting.get())
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait([first, stopped], timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if first.cancel():
        return []
    return [first.result(), *_left(waiting)]


def _left(waiting: asyncio.Queue[Signal]) -> list[Signal]:
    return [waiting.get_nowait() for _ in range(waiting.qsize())]


def _summary(ledger: Ledger, health: Health) -> str:
    told = [
        count(health.connections, "connection"),
        count(ledger.signals, "signal"),
        count(ledger.cases, "case"),
        count(health.engine_errors + ledger.errors, "engine error"),
        count(health.dropped_copies + ledger.missed, "dropped copy", "dropped copies"),
    ]
    last = ledger.last_error or health.last_error
    return f"watched {', '.join(told)}" + in_vain(health) + (f"; last error: {last}" if last else "")
