"""A program in a pseudo-terminal: what a person types, and the screen as a terminal emulator makes it of the bytes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter, sleep

import pyte

WIDTH, HEIGHT = 120, 40
PATIENCE = 120.0  # seconds; what takes longer is told as not seen
PIECE = 65_536
PRIVATE = re.compile(rb"\x1b\[[<>=?][\d;]*(?:u|\$p)")
Holds = Callable[[str], bool]


class NeverSeenError(Exception):
    """The screen never showed what was waited for; `shown` is what it showed instead."""

    def __init__(self, shown: str) -> None:
        super().__init__(f"waited {PATIENCE:.0f} s in vain; the screen shows:\n{shown}")


class Terminal:
    """Lives as long as its program. `began` is the moment of the start; `pid` is the program itself."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)
        self.began = perf_counter()
        self.pid, self._end = _started(command, {**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"})
        self.is_over = False

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.close(self._end)
        os.waitpid(self.pid, 0)

    @property
    def shown(self) -> str:
        """What a person sees."""
        return "\n".join(self._screen.display)

    @property
    def queued(self) -> float:
        """Seconds that its main thread could have worked and others had the processors; 0 where nobody tells."""
        try:
            return int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[1]) / 1e9
        except (OSError, IndexError):
            return 0.0

    def types(self, keys: str) -> float:
        """Press keys; the moment of it."""
        pressed = perf_counter()
        os.write(self._end, keys.encode())
        return pressed

    def until(self, holds: Holds, patience: float = PATIENCE) -> float:
        """The moment at which the bytes came in by which the screen holds."""
        end, came = perf_counter() + patience, perf_counter()
        while not holds(self.shown):
            if perf_counter() > end or self.is_over:
                raise NeverSeenError(self.shown)
            came = self._reads(0.05) or came
        return came

    def rests(self, seconds: float) -> None:
        """Let the program go on, and read what it paints meanwhile."""
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0 and not self.is_over:
            self._reads(left)
        sleep(max(0.0, end - perf_counter()))

    def _reads(self, seconds: float) -> float | None:
        """Take in what comes within so long; the moment it came."""
        if not select.select([self._end], [], [], seconds)[0]:
            return None
        came = perf_counter()
        try:
            piece = os.read(self._end, PIECE)
        except OSError:  # Linux says so when the program has ended
            piece = b""
        self.is_over = not piece
        self._stream.feed(understood(piece))
        return came


def understood(piece: bytes) -> bytes:
    """Without the private sequences that the emulator would print: they ask for keys or name a mode."""
    return PRIVATE.sub(b"", piece)


def _started(command: Sequence[str], env: Mapping[str, str]) -> tuple[int, int]:
    pid, end = pty.fork()
    if not pid:
        try:
            os.execvpe(command[0], list(command), {**os.environ, **env})  # noqa: S606  # a program of our own choice
        finally:
            os._exit(127)
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    return pid, end
