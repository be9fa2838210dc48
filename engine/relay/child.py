"""Child: starts the engine behind a watch, sends it what was captured, hears it, and starts it again when it dies."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from signal import Signals

import msgspec

from chargelore.engine.relay.item import Unpacking, packed
from chargelore.engine.relay.outbox import Outbox
from chargelore.engine.relay.said import Journaled, Refused, Said, Stands, Start

AT_ONCE = 131_072  # bytes that are handed to the pipe before it is waited for
PAUSE = 0.01  # seconds in which more comes together, so that the wire pays for few wake-ups
PATIENCE = 120.0  # seconds without a word while something waits: the child hangs
PATIENCE_AT_END = 60.0  # seconds to work off what is left
SHORTEST, LONGEST = 0.2, 30.0  # seconds before a child is started again
STEADY = 60.0  # seconds; a child that ran for so long is not part of a row of failures
MOST_IN_A_ROW = 5  # children that died before they had caught up: then it may be what they remember
PIECE = 65_536

_said: Callable[[bytes], Said] = msgspec.msgpack.Decoder(Said).decode


class Child:
    """The engine's process behind one outbox. Run `works` as a task; lives until `ends` returns.

    `program` is what the child runs, `start` makes what it is told first, `on_said` gets what it says but for
    acknowledgements, `aside` a sentence for a person. The child ends when its parent does, as its stdin is closed then.
    """

    def __init__(
        self,
        program: tuple[str, ...],
        outbox: Outbox,
        start: Callable[[bool, bool], Start],
        on_said: Callable[[Said], None],
        aside: Callable[[str], None],
    ) -> None:
        self._program, self._outbox, self._start = program, outbox, start
        self._on_said, self._aside = on_said, aside
        self._work = asyncio.Event()
        self._is_over = False
        self._process: asyncio.subprocess.Process | None = None
        self._in_a_row, self._stood, self._wait = 0, False, SHORTEST
        self.restarts = 0
        self.why = ""  # how the last child ended
        outbox.wake = self._work.set

    @property
    def pid(self) -> int | None:
        """The process id of the child, None while there is none."""
        return self._process.pid if self._process is not None else None

    async def works(self) -> None:
        """Keep a child running until it is told to end."""
        while not self._is_over:
            begun = asyncio.get_running_loop().time()
            self.why = await self._one_life()
            if self._is_over:
                break
            self.restarts += 1
            lasted = asyncio.get_running_loop().time() - begun
            self._counts(lasted)
            self._aside(f"the engine {self.why}; the wire goes on, it is started again")
            await asyncio.sleep(self._wait)

    async def ends(self) -> None:
        """Send what is left, let the child work it off, and wait for its end; no longer than is reasonable."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_AT_END):
                while not (self._outbox.is_empty or self._is_over or self._is_hopeless):
                    await asyncio.sleep(PAUSE)
        self._is_over = True
        self._work.set()

    @property
    def _is_hopeless(self) -> bool:
        """Whether nobody takes anything, and nobody is likely to."""
        return self._process is None and self._in_a_row >= MOST_IN_A_ROW

    def _counts(self, lasted: float) -> None:
        self._in_a_row = 0 if self._stood else self._in_a_row + 1
        self._wait = SHORTEST if lasted > STEADY else min(self._wait * 2, LONGEST)

    async def _one_life(self) -> str:
        """One child from start to end; how it ended, in words."""
        self._stood = False
        try:
            process = await asyncio.create_subprocess_exec(
                *self._program,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            return f"cannot be started ({error.strerror or error})"
        self._process = process
        sending = asyncio.create_task(self._sends(process))
        try:
            await self._listens(process)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            self._process = None
            why = await _ended(process)
        return why

    async def _sends(self, process: asyncio.subprocess.Process) -> None:
        """Hand the pipe what was not sent yet, a bounded piece at a time; the wire never waits for it."""
        pipe = process.stdin
        assert pipe is not None  # noqa: S101  # a pipe by construction
        with suppress(ConnectionError):
            pipe.write(packed(self._start(self.restarts > 0, self._in_a_row >= MOST_IN_A_ROW)))
            self._outbox.begins_again()
            while True:
                await self._work.wait()
                self._work.clear()
                while told := self._outbox.unsent(AT_ONCE):
                    pipe.write(told)
                    await pipe.drain()
                if self._is_over:
                    pipe.close()
                    return
                await asyncio.sleep(PAUSE)

    async def _listens(self, process: asyncio.subprocess.Process) -> None:
        """Hear the child until it ends, talks nonsense, or says nothing for too long."""
        pipe = process.stdout
        assert pipe is not None  # noqa: S101  # a pipe by construction
        coming: Unpacking[Said] = Unpacking(_said)
        with suppress(ValueError, TimeoutError, msgspec.MsgspecError):
            while True:
                async with asyncio.timeout(PATIENCE_AT_END if self._is_over else PATIENCE):
                    piece = await pipe.read(PIECE)
                if not piece:
                    return
                for said in coming.fed(piece):
                    self._hears(said)

    def _hears(self, said: Said) -> None:
        if isinstance(said, Journaled):
            self._outbox.acknowledged(said.seq)
            return
        if isinstance(said, Stands):
            self._stood = True
        if isinstance(said, Refused):
            self._is_over = self.restarts == 0  # at the first start a person has to mend it; later it may pass
        self._on_said(said)


async def _ended(process: asyncio.subprocess.Process) -> str:
    """How a child ended that says nothing any more; one that hangs is made to end."""
    with suppress(TimeoutError):
        async with asyncio.timeout(1):
            await process.wait()
    with suppress(ProcessLookupError):
        process.kill()
    code = await process.wait()
    return f"was ended by {Signals(-code).name}" if code < 0 else f"ended with {code}"


def program(module: str) -> tuple[str, ...]:
    """What runs a module of ours by this same Python; nothing in the folder where we are gets in its way."""
    return sys.executable, "-P", "-m", module


def deaf(module: str) -> tuple[str, ...]:
    """The same for a program that Ctrl-C does not concern: not even while it still loads does it end, or complain."""
    begin = "import runpy, signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    return sys.executable, "-P", "-c", f"{begin}runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
