"""The terminal says within an instant that the screens are coming, and is left as it was found when they do not."""

from __future__ import annotations

import os
import pty
import select
import sys
import termios
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui_terminal import Terminal

from chargelore.kb.errors import UseError
from chargelore.tui.opening import FIRST_PAGE, SECOND_PAGE, TELLS, opening, painted

CHARGELORE = str(Path(sys.executable).parent / "chargelore")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, TextIO]]:
    """The far end of a pseudo-terminal, and the end that a program writes to and reads from."""
    far, near = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with open(near, "r+b", buffering=0) as raw, open(os.dup(near), "w", encoding="utf-8") as out:  # noqa: PTH123  # no path
        monkeypatch.setattr(sys, "stdin", raw)
        yield far, out
    os.close(far)


def said(far: int, until: str) -> str:
    """What came to the far end, up to there."""
    text = ""
    while until not in text:
        assert select.select([far], [], [], 60)[0], text
        text += os.read(far, 10_000).decode()
    return text


def test_keys_typed_at_the_opening_count_when_the_screens_are_there(tmp_path: Path) -> None:
    with Terminal([CHARGELORE], {"CHARGELORE_HOME": str(tmp_path)}) as screens:
        screens.until(lambda text: "Loading screens and knowledge" in text)
        screens.types("l")
        screens.until(lambda text: "Look up" in text and "In full" in text)


def test_a_start_that_fails_says_why_on_the_page_where_one_came_from(terminal: tuple[int, TextIO]) -> None:
    far, out = terminal
    before = termios.tcgetattr(out.fileno())
    with pytest.raises(UseError), opening(out):
        raise UseError("no such engine", mend="take another")
    assert termios.tcgetattr(out.fileno()) == before
    assert TELLS in said(far, until=FIRST_PAGE)


def test_keys_typed_at_the_opening_are_not_echoed_over_it(terminal: tuple[int, TextIO]) -> None:
    _, out = terminal
    before = termios.tcgetattr(out.fileno())
    with opening(out):
        assert not termios.tcgetattr(out.fileno())[3] & termios.ECHO
    assert termios.tcgetattr(out.fileno()) == before


def test_what_is_no_terminal_gets_no_opening(terminal: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch) -> None:
    file = StringIO()
    with opening(file):
        pass
    assert file.getvalue() == ""
    _, out = terminal
    monkeypatch.setenv("TERM", "dumb")
    before = termios.tcgetattr(out.fileno())
    with opening(out):
        assert termios.tcgetattr(out.fileno()) == before


@given(st.integers(0, 300), st.integers(0, 100))
def test_the_opening_fits_any_window(width: int, height: int) -> None:
    lines = painted(width, height).removeprefix(SECOND_PAGE + "\x1b[H\x1b[2J").split("\r\n")
    told = [line.removeprefix("\x1b[1m").removesuffix("\x1b[0m") for line in lines]
    assert len(told) <= max(1, height)
    assert all(len(line) <= width for line in told)
    assert (TELLS in told) == (width > len(TELLS) and height >= 2)
