"""Terminal: whether there is something to show screens on: a terminal, or a browser that stands for one."""

from __future__ import annotations

import os
import sys

DRIVER = "chargelore.tui.browser.driver:BrowserDriver"  # what Textual is told by TEXTUAL_DRIVER


def has_screen() -> bool:
    """Whether a person can see what is drawn here, and answer by keys."""
    return os.environ.get("TEXTUAL_DRIVER") == DRIVER or (sys.stdin.isatty() and sys.stdout.isatty())
