"""Promise: `chargelore demo` in a terminal of 80×24 shows faults as they happen, and keys alone do the work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import TMUX, Terminal

from chargelore.kb.store import Store

pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux: apt install tmux, or brew install tmux")


@pytest.fixture(params=["80x24", "120x40"])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """The demo at a pace at which the first fault shows within seconds."""
    program = str(Path(sys.executable).parent / "chargelore")
    command = f"'{program}' demo --db '{tmp_path / 'kept.db'}' --speed 60; echo left with $?; cat"
    terminal = Terminal(tmp_path.name, request.param, ["sh", "-c", command])
    yield terminal
    terminal.ends()


def test_a_fault_of_the_demo_is_found_explained_and_recorded_by_keys(demo: Terminal, tmp_path: Path) -> None:
    assert "LIVE" in demo.until(lambda text: "▲" in text)
    assert "in 20" in demo.until(lambda text: "Chargers without a case" in text and "in 20" in text)
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
    with Store.open(tmp_path / "kept.db") as store:
        assert store.learned().cases == 1
    assert not (tmp_path / "home" / "events.db").exists()


def test_the_demo_leaves_the_terminal_as_it_was(demo: Terminal) -> None:
    demo.until(lambda text: "LIVE" in text)
    demo.keys("?")
    assert "Faults only" in demo.until(lambda text: "Keys of Bench" in text)
    demo.keys("Escape")
    demo.until(lambda text: "Cases and chargers" in text)
    demo.keys("q")
    left = demo.until(lambda text: "left with" in text)
    assert left.strip() == "left with 0"


def test_the_tour_is_taken_on_a_fault_that_happens_and_nothing_of_it_stays(tmp_path: Path) -> None:
    program = str(Path(sys.executable).parent / "chargelore")
    command = f"'{program}' demo --tour --speed 60; echo left with $?; cat"
    demo = Terminal(tmp_path.name, "80x24", ["sh", "-c", command])
    try:
        demo.until(lambda text: "TOUR 1/6  GARAGE-2" in text)  # the first case that opens comes under the cursor
        demo.keys("Enter")
        demo.until(lambda text: "TOUR 2/6" in text)
        demo.keys("x")
        demo.until(lambda text: "TOUR 3/6" in text)
        demo.keys("q")
        assert "TOUR 3/6" in demo.until(lambda text: "Suspects" in text)
        demo.keys("q", "q")
        assert demo.until(lambda text: "left with" in text).strip() == "left with 0"
    finally:
        demo.ends()
    assert not (tmp_path / "home" / "events.db").exists()
