"""Crew: one process for each share of the work; one that dies is replaced, and its share done again."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Generic, NamedTuple, TypeVar

from chargelore.kb.errors import EngineError

TRIES = 3

Result = TypeVar("Result")


class Done(NamedTuple, Generic[Result]):
    """The results in the order of the shares, and how often the process of each died before it."""

    results: tuple[Result, ...]
    deaths: tuple[int, ...]


def done(work: Callable[[int], Result], shares: int, jobs: int | None = None) -> Done[Result]:
    """Do each share in a process of its own, `jobs` at once. EngineError when one dies every time.

    `work` and what it returns must be picklable; what it raises is raised here.
    """
    with ThreadPoolExecutor(min(shares, jobs or os.cpu_count() or 1)) as threads:
        told = tuple(threads.map(lambda share: _share_done(work, share, shares), range(shares)))
    return Done(tuple(result for result, _ in told), tuple(deaths for _, deaths in told))


def _share_done(work: Callable[[int], Result], share: int, shares: int) -> tuple[Result, int]:
    for deaths in range(TRIES):
        try:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                return process.submit(work, share).result(), deaths
        except BrokenProcessPool:
            continue
    what = f"the process of shard {share + 1} of {shares} died {TRIES} times"
    raise EngineError(what, where="shards", mend="give it more memory, or run with --shards 1")
