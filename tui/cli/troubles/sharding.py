"""Sharding: a log triaged by several processes; one that dies is told on stderr, and its share was done again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile

import click

from chargelore.engine.infer import Standing
from chargelore.engine.places import Places
from chargelore.engine.shard.crew import done
from chargelore.engine.shard.deal import Deal, alone, neighbours
from chargelore.engine.shard.play import Share, Source, fared, share
from chargelore.engine.triage import Triaged, joined
from chargelore.engine.watch import Watch
from chargelore.tui.cli.output import aside
from chargelore.tui.cli.parcels import Input

MOST_SHARDS = 64

shards_option = click.option(
    "--shards",
    type=click.IntRange(1, MOST_SHARDS),
    default=1,
    help="Deal the chargers of a large log to so many processes, best one a core; it changes no result.",
)


def sharded(
    shards: int, places: Places, given: Mapping[str, Input], columns: Mapping[str, str], opened: Callable[[], Watch]
) -> tuple[Mapping[str, Triaged], Standing]:
    """What all shards find in the inputs, and how inference fared in them. `opened` must be picklable."""
    with ExitStack() as stack:
        files = {name: stack.enter_context(_on_disk(each)) for name, each in given.items()}
        for name, each in files.items():
            hint = each.read(columns).hint  # a file that cannot be read is told before anybody starts
            if hint:
                aside(f"{name}: {hint}")
        sources = {name: partial(each.read, columns) for name, each in files.items()}
        told = done(partial(_share, opened, sources, places, shards), shards)
    for number, deaths in enumerate(told.deaths, 1):
        if deaths:
            aside(f"shard {number} of {shards} died and was done again")
    return joined(each.part for each in told.results), fared(each.standing for each in told.results)


def _share(
    opened: Callable[[], Watch], sources: Mapping[str, Source], places: Places, shards: int, number: int
) -> Share:
    party = partial(neighbours, places) if places else alone
    return share(opened, sources, Deal(shards, number, party))


@contextmanager
def _on_disk(each: Input) -> Iterator[Input]:
    """The input as several processes can read it: what is piped is put into a file for as long as that takes."""
    if not each.is_piped:
        yield each
        return
    with NamedTemporaryFile(prefix="chargelore-", suffix=".log") as spooled:
        copyfileobj(sys.stdin.buffer, spooled)
        spooled.flush()
        yield replace(each, file=Path(spooled.name))
