"""Speaker: prints from a thread of its own, so that a pipe or a terminal that nobody reads holds up nobody else."""

from __future__ import annotations

import io
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import click

MOST_WAITING = 10_000  # lines
PATIENCE_AT_END = 5.0  # seconds for what is not printed yet
PATIENCE = 0.7  # seconds without a line printed: then nobody reads


class Speaker:
    """Prints lines in their order. Lives as long as the watch; `gone` is called, from a thread, when nobody reads."""

    def __init__(self, gone: Callable[[], object]) -> None:
        self._gone = gone
        self._lines: queue.Queue[tuple[str, bool] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._works, daemon=True)
        self._thread.start()
        self.unsaid = 0  # lines for which there was no room
        self._said = 0  # lines that were printed

    def says(self, text: str, *, err: bool = False) -> bool:
        """Print a line some time soon; whether there was room for it. Never waits."""
        try:
            self._lines.put_nowait((text, err))
        except queue.Full:
            self.unsaid += 1
            return False
        return True

    def ends(self) -> None:
        """Wait until all is printed, though not for ever, and hardly where nobody reads."""
        with suppress(queue.Full):
            self._lines.put_nowait(None)
        until, before = time.monotonic() + PATIENCE_AT_END, -1
        while self._thread.is_alive() and self._said != before and time.monotonic() < until:
            before = self._said
            self._thread.join(PATIENCE)

    def _works(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                _printed(*line)
                self._said += 1
            except OSError:
                with suppress(RuntimeError):  # the loop of whoever would like to know is over
                    self._gone()


def _printed(text: str, err: bool) -> None:
    """Write straight to the system: a thread that is stuck amid a buffer could not be left behind at the end."""
    stream = sys.stderr if err else sys.stdout
    try:
        place = stream.fileno()
    except (OSError, io.UnsupportedOperation):
        click.echo(text, err=err)
        return
    rest = memoryview(f"{text}\n".encode(stream.encoding, "backslashreplace"))
    while rest:
        rest = rest[os.write(place, rest) :]
