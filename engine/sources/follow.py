"""Follow: what a growing log says, as soon as it says it."""

from __future__ import annotations

import asyncio
import codecs
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from chargelore.engine.decode.logs.record import Line
from chargelore.engine.decode.slicing import Slicer
from chargelore.engine.growing import BY_CONTENT, Growing
from chargelore.engine.read import SAMPLE, refuse_what_is_no_text, wide
from chargelore.engine.signal import Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.tail import MARK, Ended, Piece
from chargelore.kb.errors import InputError

AT_ONCE = 500  # signals handed over together
State = Literal["more", "quiet", "over"]
SAID: dict[str, str] = {
    "moved": "another file took its name; it is read from its begin",
    "cut": "it was cut short; it is read from its begin",
}


class Tail(Protocol):
    """Gives the bytes of a log as they come."""

    trouble: str

    def read(self) -> Piece | None:
        """The next bytes; None where there are none now. Raises Ended where there will be none."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """How long to wait, in seconds, and by whose clock.

    `every`: between two looks at a log that is quiet; `settle`: for the rest of what was begun; `patience`: for the end
    of a last line, which some programs write in front of the next.
    """

    every: float = 0.25
    settle: float = 0.2
    patience: float = 30.0
    now: Callable[[], datetime] = utc_now


EVERY_QUARTER = Beat()


@dataclass(slots=True, kw_only=True)
class Log:
    """One log: whose it is (a charger's own, or "" for one of many), its format, and what there is to tell of it."""

    tail: Tail
    name: str
    charger: str = ""
    form: str = BY_CONTENT
    beat: Beat = EVERY_QUARTER
    told: deque[str] = field(default_factory=deque)
    is_over: bool = False
    _growing: Growing | None = None
    _slicer: Slicer = field(default_factory=Slicer)
    _next: Piece | None = None
    _decoder: codecs.IncrementalDecoder | None = None
    _refusal: str = ""
    _trouble: str = ""
    _format: str = ""
    _heard_at: float = 0.0
    _is_live: bool = False

    def signals(self) -> Generator[Signal | None, None, None]:
        """What the log says, for ever; None whenever it is quiet. Waits no longer than `settle` at a time."""
        try:
            while not self.is_over or self._next is not None:
                piece = self._piece()
                yield from self._of_nothing() if piece is None else self._of(piece)
            yield from self._last_words()
        finally:
            self.tail.close()

    def _of_nothing(self) -> Iterator[Signal | None]:
        self._is_live = True
        if self._growing is not None:
            self._growing.is_live = True
        if self._slicer.rest and time.monotonic() - self._heard_at > self.beat.patience:
            yield from self._last_words()
        yield None

    def _of(self, piece: Piece) -> Iterator[Signal]:
        if piece.news:
            yield from self._last_words()
            self._begins(piece)
        if self._growing is not None and not self._refusal:
            yield from self._growing.signals(self._lines(piece))

    def _begins(self, piece: Piece) -> None:
        """Another file: its own format and numbers of lines."""
        self._growing = Growing(self.beat.now, self.form, self.charger, is_live=self._is_live)
        if not self._refusal:
            self._growing.sees(piece.head.decode("utf-8", "replace"))
        manner = self._growing.manner
        is_whole = piece.head[:MARK] == piece.data[:MARK]
        self._slicer = Slicer(1 if is_whole or manner is None else manner.first)

    def _lines(self, piece: Piece) -> Iterator[Line]:
        """Lines as long as more come without a pause; a piece of another file is left for the next time."""
        more: Piece | None = piece
        while more is not None:
            yield from self._slicer.cut(more.data)
            more = self._piece() or self._after_a_while()
            if more is not None and more.news:
                self._next, more = more, None
        self._names_format()

    def _after_a_while(self) -> Piece | None:
        time.sleep(0 if self.is_over else self.beat.settle)
        return self._piece()

    def _piece(self) -> Piece | None:
        if self._next is not None:
            piece, self._next = self._next, None
            return piece
        try:
            found = None if self.is_over else self.tail.read()
        except Ended:
            self.is_over, found = True, None
        self._tells_trouble()
        return None if found is None else self._narrow(found)

    def _narrow(self, piece: Piece) -> Piece:
        """The piece in UTF-8, with a look at it as long as the format is not known."""
        self._heard_at, head = time.monotonic(), piece.head
        if piece.news:
            self._decoder, self._refusal = _decoder(head), _refusal(head, self.name)
            head = _narrowed(head, _decoder(head))
            if (said := self._refusal or SAID.get(piece.news)) is not None:
                self.told.append(f"{self.name}: {said}")
        data = _narrowed(piece.data, self._decoder)
        if not piece.news and self._growing is not None and self._growing.wonders:
            self._growing.sees(data[:SAMPLE].decode("utf-8", "replace"))
        return Piece(data, piece.news, head)

    def _last_words(self) -> Iterator[Signal]:
        """A last line that nothing ended."""
        if self._growing is not None and self._slicer.rest and not self._refusal:
            yield from self._growing.signals(self._slicer.end())

    def _tells_trouble(self) -> None:
        if self.tail.trouble != self._trouble:
            self._trouble = self.tail.trouble
            said = f"{self._trouble}; it is looked for again and again" if self._trouble else "it is there now"
            self.told.append(f"{self.name}: {said}")

    def _names_format(self) -> None:
        name = self._growing.manner.name if self._growing is not None and self._growing.manner is not None else ""
        if name != self._format:
            self._format = name
            self.told.append(f"{self.name}: read as {name}")


def _decoder(head: bytes) -> codecs.IncrementalDecoder | None:
    encoding = wide(head)
    return codecs.getincrementaldecoder(encoding)("replace") if encoding else None


def _narrowed(data: bytes, decoder: codecs.IncrementalDecoder | None) -> bytes:
    return data if decoder is None else decoder.decode(data).removeprefix("\ufeff").encode("utf-8", "replace")


def _refusal(head: bytes, name: str) -> str:
    """Why a file is no log that can be followed; empty where nothing speaks against it."""
    try:
        if head.strip() and not wide(head):
            refuse_what_is_no_text(head, name)
    except InputError as error:
        return f"{error.what}; {error.mend}"
    return ""


async def follow(log: Log, tells: Callable[[str], None] = lambda _: None) -> AsyncGenerator[Signal, None]:
    """The signals of a log until its stream ends, which a file never does. What happens to it is told in sentences.

    The log is read in a thread of its own, no further ahead than one handful.
    """
    loop, told = asyncio.get_running_loop(), log.signals()
    with ThreadPoolExecutor(1, thread_name_prefix="follow") as thread:
        try:
            state: State = "more"
            while state != "over":
                batch, state = await loop.run_in_executor(thread, _some, told)
                while log.told:
                    tells(log.told.popleft())
                for signal in batch:
                    yield signal
                await asyncio.sleep(log.beat.every if state == "quiet" else 0)
        finally:
            await loop.run_in_executor(thread, told.close)


def _some(told: Iterator[Signal | None]) -> tuple[list[Signal], State]:
    """A handful of signals, and whether more can be had at once."""
    batch: list[Signal] = []
    for signal in told:
        if signal is None:
            return batch, "quiet"
        batch.append(signal)
        if len(batch) >= AT_ONCE:
            return batch, "more"
    return batch, "over"
