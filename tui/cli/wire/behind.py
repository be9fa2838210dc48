"""Behind: the engine of a live watch as a program of its own: takes what the wire captured, journals, judges, stores.

The wire's process runs it (`engine/relay/child.py`) and speaks with it over stdin and stdout; sentences for a person go
to stderr, which both share. Three threads follow one another through the journal: one takes items in, one feeds the
watch, one moves signals to the store. It ends when its stdin does, and so when its parent is killed.
"""

from __future__ import annotations

import os
import queue
import signal as signals_of_the_system
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import msgspec

from chargelore.engine.relay.intake import Intake, Numbered
from chargelore.engine.relay.item import Unpacking, item_in, packed
from chargelore.engine.relay.journal import Journal, segments
from chargelore.engine.relay.mover import Mover, given_up
from chargelore.engine.relay.said import Journaled, Refused, Said, Start, State
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.home import home
from chargelore.kb.store import Store
from chargelore.tui.cli.output import aside, aside_by
from chargelore.tui.cli.wire.judging import Judge
from chargelore.tui.cli.wire.keeping import short_name
from chargelore.tui.cli.wire.locking import held
from chargelore.tui.cli.wire.speaker import Speaker
from chargelore.tui.live import key_at_hand
from chargelore.tui.text import count

BEAT = 1.0  # seconds between two words to the parent
OFTEN = 0.1  # seconds between two looks at what is to be acknowledged
PATIENCE_AT_END = 10.0  # seconds for what is not stored yet; it stays in the journal otherwise
PIECE = 65_536
PIECES = 16  # that may wait to be taken in
POLITE = 10  # steps that this process stands behind the wire's when both want the processor
IN_THE_WAY = 20.0  # seconds for the child of an earlier watch to end

_start = msgspec.msgpack.Decoder(Start).decode


@dataclass(slots=True)
class Pipes:
    """The two ends towards the parent: pieces as they come, b"" at the end, and what is said, by any thread.

    Its speaker says sentences to a person.
    """

    out: int
    speaker: Speaker = field(default_factory=lambda: Speaker(lambda: None))
    pieces: queue.Queue[bytes] = field(default_factory=lambda: queue.Queue(PIECES))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def says(self, said: Said) -> None:
        """Tell the parent; when it was killed nobody is there any more, and this program ends soon."""
        told = memoryview(packed(said))
        with self._lock:
            try:
                while told:
                    told = told[os.write(self.out, told) :]
            except OSError:
                return

    def reads(self, incoming: int) -> None:
        """Read for ever what the parent sends."""
        while piece := os.read(incoming, PIECE):
            self.pieces.put(piece)
        self.pieces.put(b"")

    def next(self, seconds: float) -> bytes | None:
        """The next piece; None when there is none for so long."""
        try:
            return self.pieces.get(timeout=seconds)
        except queue.Empty:
            return None


def main() -> None:
    """Run the engine behind a watch until stdin ends."""
    for number in (signals_of_the_system.SIGINT, signals_of_the_system.SIGTERM):
        signals_of_the_system.signal(number, signals_of_the_system.SIG_IGN)  # the parent says when it is time
    _stands_apart()
    _lets_others_first()
    pipes = _pipes()
    with aside_by(partial(pipes.speaker.says, err=True)):  # a terminal that is halted holds up no journal and no store
        _guarded(pipes, lambda: _works(pipes))
    pipes.speaker.ends()


def _stands_apart() -> None:
    """What a terminal tells the watch (stop, quit, hang up) is not for us: the watch says what it wants from us.

    The session stays the same: Linux shares work out between sessions first, and `nice` counts within one only.
    """
    with suppress(AttributeError, OSError):  # Windows has no such thing
        os.setpgid(0, 0)


def _lets_others_first() -> None:
    """Where there is not enough work force for both, the wire goes first: it is bounded how much waits for us."""
    with suppress(AttributeError, OSError):  # Windows has no such thing
        os.nice(POLITE)


def _guarded(pipes: Pipes, work: Callable[[], None]) -> None:
    """The last border of each thread: one that would die alone takes the others along, and the parent starts anew."""
    try:
        work()
    except ChargeloreError as error:
        pipes.says(Refused(type(error).__name__, error.what, error.where, error.mend))
        os._exit(2)
    except BaseException as error:  # noqa: BLE001  # as above
        try:
            aside(f"the engine stumbles over {type(error).__name__}: {error}")
            pipes.speaker.ends()
            if os.environ.get("CHARGELORE_DEBUG"):
                sys.excepthook(type(error), error, error.__traceback__)
        finally:  # also where nobody reads our sentences any more
            os._exit(3)


def _pipes() -> Pipes:
    """Ours are put out of the way: whatever prints by mistake prints to stderr."""
    incoming, out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    pipes = Pipes(out)
    threading.Thread(target=pipes.reads, args=(incoming,), daemon=True).start()
    return pipes


def _works(pipes: Pipes) -> None:
    coming: Unpacking[bytes] = Unpacking(bytes)
    first: list[bytes] = []
    while not first:
        piece = pipes.next(BEAT)
        if piece == b"":
            return
        first = list(coming.fed(piece or b""))
    start = _start(first[0])
    with held(home() / "watch" / f"{short_name(start.source)}.lock", IN_THE_WAY):
        Room(start, pipes).works([item_in(each) for each in first[1:]], coming)


class Room:
    """All that one child does. Lives as long as its process."""

    def __init__(self, start: Start, pipes: Pipes) -> None:
        self._start, self._pipes = start, pipes
        self._journal = Journal(home() / "watch" / short_name(start.source))
        if self._journal.cut:
            aside(f"the journal ended in the middle of a line: {count(self._journal.cut, 'byte')} of it are cut off")
        self._intake = Intake(self._journal, start.run, key_at_hand(), time.monotonic)
        self._taken, self._judged = threading.Event(), threading.Event()
        self._judge: Judge | None = None
        self._mover = self._made_mover()
        self._lost = 0

    def works(self, items: Sequence[Numbered], coming: Unpacking[bytes]) -> None:
        """Take in until stdin ends; then let the others come to their end."""
        before = self._journal.last
        judging, moving = self._thread(lambda: self._judges(before)), self._thread(self._moves)
        self._intake.takes(items)
        self._takes_in(coming)
        self._taken.set()
        self._waits_for(judging)
        self._judged.set()
        self._waits_for(moving)
        self._says_how_it_stands()
        self._journal.close()

    def _made_mover(self) -> Mover:
        start, journal = self._start, self._journal
        there = segments(journal.folder)
        first = there[0].first - 1 if there else journal.last
        return Mover(journal, first, lambda: Store.open(start.db), timedelta(days=start.keep_days), utc_now)

    def _thread(self, work: Callable[[], None]) -> threading.Thread:
        alike = copy_context()  # whoever speaks there waits for no reader either
        thread = threading.Thread(target=alike.run, args=(_guarded, self._pipes, work), daemon=True)
        thread.start()
        return thread

    def _waits_for(self, thread: threading.Thread) -> None:
        """Wait for another thread, and let the parent know meanwhile that this is no hanging child."""
        while thread.is_alive():
            thread.join(BEAT)
            self._says_how_it_stands()

    def _takes_in(self, coming: Unpacking[bytes]) -> None:
        told_at = 0.0
        piece: bytes | None = None
        while piece != b"":
            piece = self._next_piece()
            self._intake.takes([item_in(each) for each in coming.fed(piece)] if piece else [])
            self._acknowledges(at_once=piece == b"")
            if time.monotonic() - told_at >= BEAT:
                told_at = time.monotonic()
                self._says_how_it_stands()

    def _next_piece(self) -> bytes | None:
        if not self._intake.is_full:
            return self._pipes.next(OFTEN)
        time.sleep(OFTEN)
        return None

    def _acknowledges(self, *, at_once: bool) -> None:
        done = self._intake.acknowledged(at_once=at_once)
        if done is not None:
            self._pipes.says(Journaled(done))

    def _judges(self, before: int) -> None:
        judge = Judge(self._start, self._journal, before, self._pipes.says)
        self._judge = judge
        judge.works(self._intake, self._taken)

    def _moves(self) -> None:
        until: float | None = None
        while until is None or (time.monotonic() < until and not self._is_all_moved()):
            waits = self._mover.moves(self._journal.last)
            self._makes_room()
            if until is None and self._judged.wait(waits):
                until = time.monotonic() + PATIENCE_AT_END
        self._mover.close()

    def _is_all_moved(self) -> bool:
        """Whether no more can be moved now: all is stored, or the store is away."""
        self._makes_room()
        return bool(self._mover.error) or self._mover.stored >= self._journal.last

    def _makes_room(self) -> None:
        """Let go of what is stored and remembered, and of the oldest when the store is away for too long."""
        if self._judge is not None:
            self._journal.forget(min(self._mover.stored, self._judge.remembered))
        lost = given_up(self._journal, self._mover, utc_now())
        if lost:
            self._lost += lost
            aside(f"the journal is full: {count(lost, 'signal')} are let go of that the store never took")

    def _says_how_it_stands(self) -> None:
        ledger, mover = self._judge.ledger if self._judge else None, self._mover
        told = State(
            signals=self._intake.signals,
            cases=ledger.cases if ledger else 0,
            errors=ledger.errors if ledger else 0,
            last_error=ledger.last_error if ledger else "",
            unjudged=max(0, self._journal.last - self._judge.taken) if self._judge else 0,
            unstored=max(0, self._journal.last - mover.stored),
            stored=mover.signals,
            unkept=sum(self._intake.unkept.values()),
            lost=self._lost,
            journal=self._intake.why,
            store=mover.error,
        )
        self._pipes.says(told)


if __name__ == "__main__":
    main()
