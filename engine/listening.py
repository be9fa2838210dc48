"""Listening: several sources at once, each with a life of its own: one that fails is told, tried again, and missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from chargelore.engine.slices import Listening, Slice
from chargelore.engine.sourcefile import Asked, Followed, Metered, Source, Tapped
from chargelore.engine.sourcework import Hears, Run, Work, works_of
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.model import Layer

LONGEST = 60.0  # seconds between two tries of a source that fails


@asynccontextmanager
async def listening(sources: Sequence[Source], hears: Hears) -> AsyncIterator[Listening]:
    """Listen to all sources until the block ends. When not one of them stands at the beginning, its error is raised."""
    stop = asyncio.Event()
    works = [(Run(_slice(each, hears), hears, stop), each, work) for each, work in works_of(sources)]
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
