"""Opening: what stands in the terminal while the screens are still being loaded.

It is painted by hand within the first milliseconds, as the screens, their library and the knowledge take longer to
load than a person likes to look at nothing. The screens then paint over it on the same second page of the terminal.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

try:
    import termios
except ImportError:  # Windows: there the screens come without an opening
    termios = None  # type: ignore[assignment]  # asked before each use

SECOND_PAGE, FIRST_PAGE = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
TITLE, TELLS = "Chargelore", "Loading screens and knowledge … keys typed now count when they are there."
PLAIN = frozenset({"", "dumb"})  # terminals without a second page


@contextmanager
def opening(out: TextIO | None = None) -> Iterator[None]:
    """Paint the opening, and keep typed keys from being echoed, until the screens take over.

    Without a terminal nothing is painted. Whatever ends the loading, the terminal is left as it was found.
    """
    out = out or sys.stdout
    if termios is None or not _takes_it(out):
        yield
        return
    kept = termios.tcgetattr(out.fileno())
    try:
        _quiet(out.fileno())
        _put(out, painted(*_size(out)))
        yield
    except BaseException:  # also ctrl+c: what is said of it belongs on the page where one came from
        _put(out, FIRST_PAGE)
        raise
    finally:
        with suppress(OSError, termios.error):  # the terminal was closed meanwhile
            termios.tcsetattr(out.fileno(), termios.TCSANOW, kept)


def painted(width: int, height: int) -> str:
    """The opening at a size, as bytes for a terminal: name and notice, no line longer than the window."""
    lines = [f"\x1b[1m{TITLE[:width]}\x1b[0m", *([""] if height > 3 else []), TELLS[: max(0, width - 1)]]
    return SECOND_PAGE + "\x1b[H\x1b[2J" + "\r\n".join(lines[:height])


def _put(out: TextIO, text: str) -> None:
    with suppress(OSError):  # as above
        out.write(text)
        out.flush()


def _takes_it(out: TextIO) -> bool:
    return sys.stdin.isatty() and out.isatty() and os.environ.get("TERM", "") not in PLAIN


def _size(out: TextIO) -> tuple[int, int]:
    width, height = os.get_terminal_size(out.fileno())
    return width or 80, height or 24  # some terminals tell their size only later


def _quiet(terminal: int) -> None:
    """No echo, and keys at once instead of by the line: what is typed early waits for the screens."""
    how = termios.tcgetattr(terminal)
    how[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(terminal, termios.TCSANOW, how)
