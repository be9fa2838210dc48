"""Promise: `chargelore demo` in a terminal of 80×24 shows faults as they happen, and keys alone do the work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from chargelore.kb.store import Store

TMUX = shutil.which("tmux")
PATIENCE = 60.0  # seconds; a busy machine may be slow to start, and nothing is judged by its time
pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux")


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

    def shown(self) -> str:
        """What a person sees."""
        return self._tmux("capture-pane", "-p")

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


@pytest.fixture(params=["80x24", "120x40"])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """The demo at a pace at which the first fault shows within seconds."""
    program = str(Path(sys.executable).parent / "chargelore")
    terminal = Terminal(
        tmp_path.name, request.param, ["sh", "-c", f"'{program}' demo --speed 60; echo left with $?; cat"]
    )
    yield terminal
    terminal.ends()


def test_a_fault_of_the_demo_is_found_explained_and_recorded_by_keys(demo: Terminal, tmp_path: Path) -> None:
    assert "LIVE" in demo.until(lambda text: "▲" in text)
    assert "not in this knowledge base" in demo.until(lambda text: "not in this knowledge base" in text)
    demo.keys("/", *"plaza", "Enter")
    demo.until(lambda text: "1 of 8" in text)
    demo.keys("Enter")
    assert "Next step" in demo.until(lambda text: "Suspects" in text and "PLAZA" in text)
    demo.keys("x")
    assert "✓" in demo.until(lambda text: "For it" in text)
    demo.keys("Escape")
    demo.until(lambda text: "Suspects" in text)
    demo.keys("r")
    assert "What fixed it?" in demo.until(lambda text: "Record finding" in text)
    demo.keys("C-s")
    assert "Recorded" in demo.until(lambda text: "Recorded" in text)
    with Store.open(tmp_path / "home" / "events.db") as store:
        assert store.learned().cases == 1


def test_the_demo_leaves_the_terminal_as_it_was(demo: Terminal) -> None:
    demo.until(lambda text: "LIVE" in text)
    demo.keys("?")
    assert "Faults only" in demo.until(lambda text: "Keys of Bench" in text)
    demo.keys("Escape")
    demo.until(lambda text: "Cases and chargers" in text)
    demo.keys("q")
    left = demo.until(lambda text: "left with" in text)
    assert left.strip() == "left with 0"
