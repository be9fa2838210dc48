"""Terminal: whether there is something to show screens on: a terminal, or a browser that stands for one."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from chargelore.kb.errors import UseError

DRIVER = "chargelore.tui.browser.driver:BrowserDriver"  # what Textual is told by TEXTUAL_DRIVER

DUMB = "dumb"  # what a terminal is called that moves no cursor


def needs_screen() -> None:
    """UseError where there is no terminal to draw on."""
    if os.environ.get("TERM") == DUMB and not has_screen():
        mend = "set TERM to what it is, as xterm-256color, or use `chargelore triage FILE`"
        raise UseError("the screens need a terminal that can be drawn on, and TERM=dumb is none", mend=mend)
    if not has_screen():
        raise UseError("the screens need a terminal", mend="in a pipe use `chargelore triage FILE`")


def has_screen() -> bool:
    """Whether a person can see what is drawn here, and answer by keys."""
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != DUMB
    return os.environ.get("TEXTUAL_DRIVER") == DRIVER or is_terminal


def shown(text: str, ask: str) -> None:
    """Print a text where a person can mark it with the means of their terminal, and wait for Enter."""
    print(text)
    print(f"\n-- {ask}", end="", flush=True)
    with suppress(EOFError, KeyboardInterrupt):
        input()
