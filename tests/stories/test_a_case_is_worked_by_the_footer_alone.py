"""Promise: who reads only the footer, the panels and the last line works a live fault through, from cause to export.

Every key is pressed only while the screen names it with what it does: `Reader.does` waits until it stands there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import TMUX, Terminal

from chargelore.kb.store import Store

pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux: apt install tmux, or brew install tmux")
PRESSED = {"⏎": "Enter", "esc": "Escape", "^s": "C-s"}
ANSWER, STEPS = r" (\d)  (?!did not look)\S", 12
FIRST, LAST = 0, -1


class Reader:
    """Somebody who has never seen the program: presses a key where the screen names it, and nothing else."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def sees(self, *words: str) -> str:
        """The screen once all these words stand on it."""
        text = self.terminal.until(lambda text: all(word in text for word in words))
        assert [word for word in words if word not in text] == [], text
        return text

    def does(self, key: str, what: str) -> None:
        """Press a key that the footer, the last line or a notice names with these words at this moment."""
        self.sees(f"{key} {what}")
        self.terminal.keys(PRESSED.get(key, key))

    def writes(self, words: str) -> None:
        """Type into the line that asks for it."""
        self.terminal.keys(*words, "Enter")

    def answers_a_question(self, which: int) -> str:
        """Go from step to step, as the footer says, until one asks; take that answer of it. The screen before it."""
        for _ in range(STEPS):
            text = self.terminal.until(agrees)
            if "1-5 Answer" in footer(text) and (offered := re.findall(ANSWER, text)):
                self.terminal.keys(offered[which])
                self.goes_on(text)
                self.sees("Now first:")
                return text
            self.passes_on(text)
        raise AssertionError(text)

    def passes_on(self, text: str) -> None:
        """What makes safe is done; another step is looked at."""
        is_safety = "t Done" in footer(text)
        self.does("t", "Done") if is_safety else self.does("d", "Other step")
        self.goes_on(text)

    def goes_on(self, text: str) -> None:
        """Wait until the pane of the next step says something else than in this screen."""
        assert step_of(self.terminal.until(lambda later: step_of(later) != step_of(text))) != step_of(text)


def footer(text: str) -> str:
    return (text.rstrip().splitlines() or [""])[-1]


def agrees(text: str) -> bool:
    """Whether the footer already speaks of the step that the pane shows: it is drawn a moment later."""
    step, keys = step_of(text), footer(text)
    is_asked, is_safety = "did not look" in step, "SAFETY" in step
    return "r Record" in keys and ("1-5 Answer" in keys, "t Done" in keys) == (is_asked, is_safety)


def step_of(text: str) -> str:
    """What the pane of the next step says."""
    lines = [line[36:] for line in text.splitlines()]
    start = next((place for place, line in enumerate(lines) if "Next step" in line), 0)
    return "\n".join(lines[start:-2])


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    program = str(Path(sys.executable).parent / "chargelore")
    command = f"'{program}' demo --db '{tmp_path / 'kept.db'}' --speed 60; echo left with $?; cat"
    terminal = Terminal(tmp_path.name, "80x24", ["sh", "-c", command])
    yield Reader(terminal)
    terminal.ends()


def opened_and_explained(reader: Reader) -> None:
    """A fault appears on a live charger; it is found in the list, opened, and its first suspect explained."""
    reader.sees("LIVE", "▲ PLAZA-1")
    reader.does("/", "Filter")
    reader.sees("field:value")
    reader.writes("plaza")
    reader.sees("1 of 8")
    reader.does("=", "Pause")  # so that the live charger changes nothing between reading a line and pressing its key
    reader.sees("PAUSED")
    reader.does("⏎", "Open")
    reader.sees("Suspects", "Next step", "PLAZA-1")
    reader.does("x", "Why")
    assert "✓" in reader.sees("For it", "GroundFailure")
    reader.does("esc", "Back")


def recorded_undone_and_done_again(reader: Reader) -> None:
    """What it was goes into the store, is taken back, and stands again."""
    reader.does("r", "Record")
    reader.sees("What was it?", "What fixed it?", "Goes along")
    reader.does("^s", "Save")
    reader.sees("Recorded", "The case is closed")
    reader.does("z", "Undo")
    reader.sees("Undone: finding", "▲ PLAZA-1")
    reader.does("Z", "Do again")
    reader.sees("Done again: finding")


def exported(reader: Reader) -> None:
    """The list of keys knows the way to the export."""
    reader.does("?", "Keys")
    reader.sees("type what you want to do")
    reader.terminal.keys(*"export the k")
    reader.terminal.until(lambda text: "Look up" not in text)
    reader.sees("Export the knowledge", "⏎ Do it")
    reader.terminal.keys("Enter")
    reader.sees("What goes and what stays", "rows go")
    reader.does("^s", "Write")
    reader.sees("Written:")
    reader.does("esc", "Back")
    reader.sees("Cases and chargers")


def test_a_live_fault_is_worked_through_by_what_the_screen_names(reader: Reader, tmp_path: Path) -> None:
    opened_and_explained(reader)
    first = reader.answers_a_question(LAST)  # most often the one that finds nothing wrong, so that more is asked
    reader.sees("z Undo")
    assert step_of(reader.answers_a_question(FIRST)) != step_of(first)
    recorded_undone_and_done_again(reader)
    exported(reader)
    assert list((tmp_path / "home" / "exports").rglob("*.csv")) != []
    with Store.open(tmp_path / "kept.db") as store:
        assert store.learned().cases == 1
        assert len(store.events("answer")) == 2
