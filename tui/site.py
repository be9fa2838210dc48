"""Site: the bench as the screens see it: who has come, what was asked of whom, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from chargelore.engine.nameplate import short
from chargelore.engine.signal import Signal
from chargelore.engine.sources.bench.answers import Result
from chargelore.engine.sources.bench.bench import Bench
from chargelore.engine.sources.bench.guest import Guest
from chargelore.engine.sources.bench.reached import reached_at
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.danger import danger
from chargelore.tui.desk import Desk

MOST_TOLD = 200  # sentences

OnSignal = Callable[[Signal], None]
Danger = Callable[[str], Awaitable[str]]
Tells = Callable[[str], None]
Stands = Callable[[OnSignal, Danger, Tells], AbstractAsyncContextManager[Bench]]


@dataclass(frozen=True, slots=True)
class Present:
    """One charger that came: what it says of itself, what is being asked of it, and what became of the last errand."""

    guest: Guest
    doing: str
    last: Result | None


class Site:
    """Lives as long as the screens. `address` is what a charger is to be given; `broke` is why there is no bench."""

    def __init__(self, desk: Desk, stands: Stands) -> None:
        self.desk, self._stands = desk, stands
        self.bench: Bench | None = None
        self.broke: ChargeloreError | None = None
        self.told: list[str] = []
        self.last: dict[str, Result] = {}
        self.is_over = asyncio.Event()

    @property
    def address(self) -> str:
        """Where chargers can come; empty until the bench stands."""
        return reached_at(self.bench.address) if self.bench else ""

    @property
    def present(self) -> tuple[Present, ...]:
        """Those that came, who is here first."""
        guests = sorted(self.bench.guests.values(), key=lambda each: (not each.is_here, each.id)) if self.bench else []
        doing = self.bench.doing if self.bench else str
        return tuple(Present(each, doing(each.id), self.last.get(each.id)) for each in guests)

    async def serves(self, feed: OnSignal) -> None:
        """Be there for chargers until this is cancelled; what keeps the bench from standing is in `broke`."""
        try:
            async with self._stands(feed, self.danger, self.hears) as self.bench:
                await asyncio.Event().wait()
        except ChargeloreError as error:
            self.broke = error
        finally:
            self.is_over.set()

    async def danger(self, charger: str) -> str:
        """The safety fault that is suspected at a charger."""
        watch = self.desk.watch
        cases = [case for case, who in watch.opened if who == short(charger)]
        return danger([watch.diagnosis(case) for case in cases], self.desk.knowledge)

    def hears(self, sentence: str) -> None:
        """What the bench tells."""
        self.told = [*self.told[-MOST_TOLD:], sentence]
