"""Pipe: a program of its own that answers lines of JSON, asked with patience and let go of when it crashes or hangs."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from contextlib import suppress
from os import read, write
from pathlib import Path
from signal import Signals
from time import monotonic
from typing import Any

PIECE = 4_096  # bytes that a pipe takes at once when it is ready for any
WORKS_HERE = hasattr(select, "poll")  # not on Windows, where pipes cannot be waited for


class Pipe:
    """A running child. Lives until `end`, or until its parent is gone, which closes its stdin."""

    def __init__(self, program: Path) -> None:
        self._child = subprocess.Popen(  # noqa: S603  # a program of ours, by this same Python
            [sys.executable, "-I", str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._child.stdin is not None  # noqa: S101  # both are pipes by construction
        assert self._child.stdout is not None  # noqa: S101  # it was opened with a pipe
        self._stdin, self._stdout = self._child.stdin, self._child.stdout
        self._in, self._out = self._stdin.fileno(), self._stdout.fileno()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    def asked(self, question: object, patience: float) -> Any:
        """The answer to one question. OSError or ValueError when none comes within so many seconds."""
        until = monotonic() + patience
        unsent, answer = json.dumps(question).encode() + b"\n", b""
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        poll.register(self._in, select.POLLOUT)
        while not answer.endswith(b"\n"):
            ready = dict(poll.poll(max(0, until - monotonic()) * 1_000))
            if not ready:
                raise TimeoutError(f"gave no answer within {patience:g} s")
            if unsent and self._in in ready:
                unsent = unsent[write(self._in, unsent[:PIECE]) :]
                if not unsent:
                    poll.unregister(self._in)
            if self._out in ready:
                answer += self._read()
        return _understood(answer)

    def end(self) -> None:
        """Let the child end by itself, as it does when nothing more can be asked."""
        with suppress(OSError):
            self._stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=2)
        self.killed()

    def killed(self) -> str:
        """Make the child end, where it did not already; how it ended, in words."""
        self._child.kill()
        code = self._child.wait()
        with suppress(OSError):  # what was not sent yet goes nowhere
            self._stdin.close()
        self._stdout.close()
        return f"ended by {Signals(-code).name}" if code < 0 else f"ended with {code}"

    def _read(self) -> bytes:
        part = read(self._out, 65_536)
        if not part:
            raise ConnectionResetError
        return part


def _understood(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError as error:
        raise ValueError("gave an answer that cannot be read") from error
