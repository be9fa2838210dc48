"""Keeping: what a watch remembers, in a file of the data folder, so that the next watch of the same source goes on."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from chargelore.engine.snapshot import SHORT, Resumed
from chargelore.engine.watch import Watch
from chargelore.kb.home import home, made
from chargelore.tui.cli.output import aside
from chargelore.tui.text import clock, count

EVERY = 300.0  # seconds; what came in since is lost when the power fails
MOST_OF_IT = 50  # writing takes at most one part in so many of the time


class Keeper:
    """Keeps what one watch of one source remembers. `source` names it; `now` and `timer` are clocks."""

    def __init__(
        self, engine: Watch, source: str, now: Callable[[], datetime], timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine, self._now, self._timer = engine, now, timer
        self._file = home() / "watch" / f"{short_name(source)}.json"
        self.place = 0  # of the newest snapshot on the disk, in the journal
        self._next = timer() + EVERY
        self._complaint = ""

    def resumes(self) -> Resumed | None:
        """Go on where the last watch of this source stopped; None where there was none that could be read.

        Nothing counts as a break yet: a journal may hold what came after. See `was_away`.
        """
        try:
            told = self._engine.resume(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001  # a file of the past must not keep a watch from beginning
            aside(f"begins anew, as {self._file} cannot be used: {error}")
            return None
        self.place = told.place
        return told

    def forgets(self) -> None:
        """Nothing of earlier watches counts any more."""
        with suppress(OSError):  # where it cannot be deleted, it is not read either
            self._file.unlink(missing_ok=True)

    def was_away(self, since: datetime) -> None:
        """Nobody listened since then: say with what the watch goes on, and judge nothing across a long break."""
        told = self._engine.resume(self._engine.snapshot(since), self._now())
        for sentence in _sentences(told, self._now()):
            aside(sentence)

    def keeps_now_and_then(self, place: int = 0) -> None:
        """Keep what is remembered when it is time."""
        if self._timer() >= self._next:
            self.keeps(place)

    def keeps(self, place: int = 0) -> None:
        """Keep what is remembered up to a place in the journal.

        A folder that cannot be written is told once, and stops nothing.
        """
        begun = self._timer()
        try:
            _written(self._file, self._engine.snapshot(self._now(), place).encode("ascii"))
            self.place = place
        except Exception as error:  # noqa: BLE001  # what cannot be kept must not end a watch
            if str(error) != self._complaint:
                self._complaint = str(error)
                aside(f"what is remembered is not kept: {error}")
        took = self._timer() - begun
        self._next = begun + max(EVERY, took * MOST_OF_IT)


def short_name(source: str) -> str:
    """The name of a source in the data folder."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def _written(file: Path, content: bytes) -> None:
    """Written aside, for the owner alone, and moved into place, so that a cut in power leaves the old or the new."""
    made(file.parent)
    draft = file.with_suffix(f".{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _sentences(told: Resumed, now: datetime) -> list[str]:
    since = f"{clock(told.at)} of {told.at:%Y-%m-%d}"
    said = [f"goes on with {count(told.chargers, 'charger')} and {count(told.cases, 'case')} of {since}"]
    if now - told.at > SHORT:
        gap = timedelta(seconds=round((now - told.at).total_seconds()))
        said.append(f"nobody listened for {gap}: {count(told.unjudged, 'wait')} across that time cannot be judged")
    return said
