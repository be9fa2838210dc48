"""A charger's registers in memory, for tests of the Modbus source: no network, no clock but the test's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chargelore.engine.sources.modbuswire import Answer, Refused, Silent
from chargelore.kb.registerblocks import Block

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class StillClock:
    """Time that moves only while somebody sleeps; after `ends` seconds the sleeper is woken by `Enough`."""

    def __init__(self, ends: float, at: dict[float, Callable[[], None]] | None = None) -> None:
        self._seconds, self._ends, self._at = 0.0, ends, dict(at or {})

    def now(self) -> datetime:
        return START + timedelta(seconds=self._seconds)

    async def sleep(self, seconds: float) -> None:
        self._seconds += seconds
        for moment in [each for each in self._at if each <= self._seconds]:
            self._at.pop(moment)()
        if self._seconds > self._ends:
            raise Enough


class Enough(Exception):  # noqa: N818  # not an error: the test has seen enough
    """The test's time is over."""


class Wallbox:
    """Words by register name; a name in `silent` does not answer, one in `refused` answers with an exception."""

    def __init__(self, **words: list[int]) -> None:
        self.words, self.silent, self.refused = words, set[str](), set[str]()
        self.asked: list[str] = []
        self.hung_up = 0

    async def read(self, block: Block) -> Answer:
        names = [register.name for _, register in block.registers]
        self.asked += names
        if self.silent.intersection(names):
            return Silent("no answer")
        if self.refused.intersection(names):
            return Refused(2)
        return [word for name in names for word in self.words[name]]

    def close(self) -> None:
        self.hung_up += 1
