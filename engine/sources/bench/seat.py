"""Seat: one charger's place at the bench: its line while it has one, and who waits for what it says next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress

from chargelore.engine.sources.bench.guest import Guest
from chargelore.engine.sources.bench.talk import Talk

MOST_HEARD = 2_000  # messages that wait for one listener; of a charger that floods the rest goes unheard by it
CAME, LEFT = "(came)", "(left)"  # what happens to a line, told among its requests
Payload = Mapping[str, object]
Heard = tuple[str, Payload]


class Ears:
    """What a charger says from now on, for one listener. Lives as long as `Seat.listening`."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[Heard] = asyncio.Queue(MOST_HEARD)

    def hear(self, action: str, payload: Payload) -> None:
        """One request of the charger."""
        with suppress(asyncio.QueueFull):
            self._heard.put_nowait((action, payload))

    async def next(self, wanted: Callable[[str, Payload], bool], seconds: float) -> Heard | None:
        """The next request that is wanted; None when none came within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    heard = await self._heard.get()
                    if wanted(*heard):
                        return heard
        return None


class Seat:
    """Lives as long as the bench. `doing` is the errand that runs now, empty where none does;
    `host` is the address at which its newest line reached us, `speaks` the protocols for files that it has named.
    """

    def __init__(self, charger: str) -> None:
        self.guest = Guest(id=charger)
        self.talk: Talk | None = None
        self.doing, self.host = "", ""
        self.speaks = frozenset[str]()
        self._turn = asyncio.Lock()
        self._ears: set[Ears] = set()

    def tells(self, action: str, payload: Payload) -> None:
        """Everybody who listens hears this."""
        for ears in self._ears:
            ears.hear(action, payload)

    @contextmanager
    def listening(self) -> Iterator[Ears]:
        """Ears that hear from here on, over all lines of the charger."""
        ears = Ears()
        self._ears.add(ears)
        try:
            yield ears
        finally:
            self._ears.discard(ears)

    @asynccontextmanager
    async def turn(self, what: str) -> AsyncIterator[None]:
        """One errand after the other."""
        async with self._turn:
            self.doing = what
            try:
                yield
            finally:
                self.doing = ""
