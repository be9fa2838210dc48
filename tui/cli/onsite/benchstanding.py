"""Benchstanding: a bench as the options want it, and what a person has to know before and after."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from chargelore.engine.sources.bench.admission import Admission
from chargelore.engine.sources.bench.bench import Bench
from chargelore.engine.sources.bench.reached import reached_at
from chargelore.engine.sources.bench.receiver import Receiver
from chargelore.engine.sources.bench.setup import Setup
from chargelore.engine.sources.clock import utc_now
from chargelore.tui.cli.onsite.benchsetup import Wanted
from chargelore.tui.live import key_at_hand
from chargelore.tui.site import Danger, OnSignal, Tells


@dataclass(frozen=True, slots=True)
class Ready:
    """The options with all that a person was asked for and all files read, before anything else is shown."""

    options: Wanted
    admission: Admission
    tls: ssl.SSLContext | None


def ready(options: Wanted) -> Ready:
    """UseError or SourceError where the options cannot be met."""
    return Ready(options, options.admission, options.tls(utc_now()))


@asynccontextmanager
async def standing(given: Ready, hears: OnSignal, danger: Danger, tells: Tells) -> AsyncIterator[Bench]:
    """The bench, with a place for uploads where one is wanted. SourceError where it cannot listen."""
    options = given.options
    async with AsyncExitStack() as until:
        host = options.listen.rpartition(":")[0].strip("[]") or "0.0.0.0"  # noqa: S104  # as one asks for every one
        uploads = await until.enter_async_context(Receiver(options.uploads, host)) if options.uploads else None
        setup = Setup(
            admission=given.admission,
            tls=given.tls,
            key=key_at_hand(),
            uploads=uploads,
            danger=danger,
            tells=tells,
            seconds=options.timeout.total_seconds(),
        )
        bench = await until.enter_async_context(Bench(options.listen, hears, setup))
        for sentence in welcome(bench, options):
            tells(sentence)
        yield bench


def welcome(bench: Bench, options: Wanted) -> list[str]:
    """What a person has to know before a charger is pointed here."""
    return [
        f"point the charger to {reached_at(bench.address)}/ and let it put its id behind",
        "while it points here its operator does not see it, and nothing is passed on",
        *options.warnings(utc_now()),
    ]


def farewell(chargers: Iterable[str]) -> list[str]:
    """What a person has to do at the end."""
    return [f"point {name} back to its own management system" for name in chargers]
