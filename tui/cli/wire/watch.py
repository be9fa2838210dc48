"""`chargelore watch`: listens to live chargers and prints a line whenever a case opens or changes its mind."""

from __future__ import annotations

import asyncio
import os
import signal as signals_of_the_system
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from chargelore.engine.diagnosing.person import Person
from chargelore.engine.relay.child import Child, deaf
from chargelore.engine.relay.said import Start
from chargelore.engine.sourcefile import Tapped
from chargelore.engine.sources.loop import turns
from chargelore.tui.cli.going import person_options
from chargelore.tui.cli.inferring import inference_option
from chargelore.tui.cli.ledger import header
from chargelore.tui.cli.output import aside, aside_by, chosen, format_option
from chargelore.tui.cli.placing import placed, places_option
from chargelore.tui.cli.wire.front import Front, Reports, run_name
from chargelore.tui.cli.wire.sourcing import Asked, Opened, heard, source_options
from chargelore.tui.cli.wire.speaker import Speaker
from chargelore.tui.cli.wire.tapping import Wire, tap_options

BEAT = 1.0  # seconds between two looks at what has become absent
ENGINE = deaf("chargelore.tui.cli.wire.behind")


@click.command(epilog="Example: chargelore watch --tap 127.0.0.1:9000 --upstream ws://csms.example/ocpp")
@source_options
@tap_options
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
@person_options
@format_option
def watch(  # noqa: PLR0913  # one argument for each option
    *,
    db: str | None,
    form: str | None,
    rules: str | None,
    inference: str | None,
    places: Path | None,
    anew: bool,
    keep: int,
    wire: Wire,
    person: Person,
    **typed: Any,
) -> int:
    """Watch live chargers until Ctrl-C: say what is likely wrong as soon as a case opens or changes."""
    asked = Asked(wire=wire, **typed)
    sources = asked.all(placed(places))
    begin = Start(
        source=asked.name,
        run=run_name(asked.name),
        form=chosen(form),
        keep_days=keep,
        db=db,
        rules=rules,
        places=str(places) if places else None,
        inference=inference,
        is_anew=anew,
        person=person,
    )
    front = turns(
        _aloud(partial(heard, sources), begin),
        is_secured=any(isinstance(each, Tapped) and each.is_secured for each in sources),
    )
    if front.is_unheard:  # whoever read our output has gone; there is nobody left to complain to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(front.has_cases())


async def _aloud(opened: Opened, begin: Start) -> Front:
    """What is said beside the results waits for no reader either."""
    speaker = Speaker(lambda: None)
    try:
        with aside_by(partial(speaker.says, err=True)):
            return await _watched(opened, begin)
    finally:
        await asyncio.to_thread(speaker.ends)


async def _watched(opened: Opened, begin: Start) -> Front:
    """The wire works here and the engine in a child, so that neither a busy nor a broken engine reaches the wire."""
    front = Front(begin)
    _stops_on_signals(front.stop)
    loop = asyncio.get_running_loop()
    speaker = Speaker(lambda: loop.call_soon_threadsafe(front.is_left))
    front.says = speaker.says
    async with opened(front.outbox, front.knows) as found:
        front.listens(found)
        child = Child(ENGINE, front.outbox, front.start, front.hears, aside)
        front.restarts = lambda: child.restarts
        working = asyncio.create_task(child.works())
        if above := header(begin.form):
            front.says(above)
        await _until_stopped(front)
        for sentence in found.sentences():
            aside(sentence)
    front.outbox.beats()
    await child.ends()
    await working
    await asyncio.to_thread(speaker.ends)
    if error := front.refusal():
        raise error
    aside(f"watched {front.summary()}")
    return front


async def _until_stopped(front: Front) -> None:
    """Time goes on for the engine as it does for the wire."""
    reports = Reports(front)
    while not front.stop.is_set() and not front.is_over:
        front.outbox.beats()
        reports.looks()
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT):
                await front.stop.wait()


def _stops_on_signals(stop: asyncio.Event) -> None:
    for number in (signals_of_the_system.SIGINT, signals_of_the_system.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C comes as KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
