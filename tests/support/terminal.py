"""A program in a terminal of its own, by tmux: what a person types and sees."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from time import monotonic, sleep

TMUX = shutil.which("tmux")
PATIENCE = 60.0  # seconds; a busy machine may be slow to start, and nothing is judged by its time


class Terminal:
    """A program in a terminal of its own. Ends with the test."""

    def __init__(self, name: str, size: str, command: list[str]) -> None:
        self.base = [TMUX or "tmux", "-L", f"{name}-{os.getpid()}"]
        width, height = size.split("x")
        self._tmux("new-session", "-d", "-x", width, "-y", height, *command)

    def keys(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            self._tmux("send-keys", key)
            sleep(0.05)  # as a person types; an escape followed at once by a letter would be another key

    def dragged(self, widths: Iterable[int], height: int) -> None:
        """Drag the right edge of the window along these widths, as fast as a hand does."""
        for width in widths:
            self._tmux("resize-window", "-x", str(width), "-y", str(height))
            sleep(0.03)

    def shown(self) -> str:
        """What a person sees."""
        return self._tmux("capture-pane", "-p")

    def painted(self) -> str:
        """The same with the codes of its colours."""
        return self._tmux("capture-pane", "-p", "-e")

    def until(self, holds: Callable[[str], bool]) -> str:
        """The screen once it holds; the last one when it never does."""
        end = monotonic() + PATIENCE
        while not holds(text := self.shown()) and monotonic() < end:
            sleep(0.1)
        return text

    def ends(self) -> None:
        """Close the terminal and everything in it."""
        subprocess.run([*self.base, "kill-server"], check=False, capture_output=True)

    def _tmux(self, *words: str) -> str:
        # GNU readline, loaded by pytest, puts COLUMNS and LINES beside what Python knows of the environment.
        told = subprocess.run([*self.base, *words], check=True, capture_output=True, text=True, env={**os.environ})
        return told.stdout
