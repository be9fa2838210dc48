"""Promise: Ctrl-Z gives the terminal to the shell, and `fg` brings the screens back whole; no colour is ever needed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import TMUX, Terminal

pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux: apt install tmux, or brew install tmux")

GREYS = {30, 37, 39, 40, 47, 49, 90, 97, 100, 107}  # black, greys, white, and what the terminal itself has
PAINT = re.compile(r"\x1b\[([0-9;]*)m")


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Terminal]:
    """A shell with job control, as over SSH from a terminal that promises little."""
    terminal = Terminal(tmp_path.name, "80x24", ["env", "PS1=shell> ", "TERM=xterm", "bash", "--norc", "-i"])
    terminal.until(lambda text: "shell>" in text)
    yield terminal
    terminal.ends()


def demo(tmp_path: Path) -> str:
    """The demo at a pace at which the first fault shows within seconds."""
    return f"'{Path(sys.executable).parent / 'chargelore'}' demo --db '{tmp_path / 'kept.db'}' --speed 60"


def test_after_a_stop_and_fg_the_whole_screen_stands_there_again(shell: Terminal, tmp_path: Path) -> None:
    shell.keys(demo(tmp_path), "Enter")
    shell.until(lambda text: "▲" in text and "Under the cursor" in text)
    shell.keys("C-z")
    assert "Stopped" in shell.until(lambda text: "Stopped" in text)
    shell.keys("echo my own words", "Enter")
    shell.until(lambda text: text.count("my own words") == 2)
    shell.keys("fg", "Enter")
    back = shell.until(lambda text: "Cases and chargers" in text and "Under the cursor" in text)
    assert back.splitlines()[0].lstrip().startswith("Bench")
    assert "Look up" in back
    assert "my own words" not in back
    shell.keys("l")
    shell.until(lambda text: "a code, a display text" in text)
    shell.keys("Escape", "q")
    shell.until(lambda text: text.rstrip().endswith("shell>"))


def test_a_window_whose_edge_is_dragged_comes_to_rest_and_keys_work(shell: Terminal, tmp_path: Path) -> None:
    shell.keys(demo(tmp_path), "Enter")
    shell.until(lambda text: "▲" in text and "Under the cursor" in text)
    shell.keys("F9")
    shell.until(lambda text: "Reading the rules" in text or "chargelore    " in text)
    shell.dragged([*range(82, 132, 2), *range(130, 78, -2)] * 2, 24)
    shell.keys("l")
    assert "a code, a display text" in shell.until(lambda text: "a code, a display text" in text)
    shell.keys("C-q")
    shell.until(lambda text: text.rstrip().endswith("shell>"))


def test_a_terminal_without_colours_gets_greys_and_the_same_words(shell: Terminal, tmp_path: Path) -> None:
    shell.keys(f"NO_COLOR=1 {demo(tmp_path)}", "Enter")
    shell.until(lambda text: "▲" in text and "Under the cursor" in text)
    painted = shell.painted()
    assert {code for each in PAINT.findall(painted) for code in map(int, filter(None, each.split(";")))} - GREYS <= {
        *range(10),  # weight and reverse
    }
    shell.keys("q")
    shell.until(lambda text: text.rstrip().endswith("shell>"))
