"""Ending: how a command ends when something is wrong: a sentence without steering characters, and an exit code."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import click

from chargelore.tui.text import plain

BAD_USE, INTERNAL, NOBODY_READS = 2, 3, 141  # 141 is what a shell tells of a program whose reader has gone
STOPPED = 130
LONGEST = 300  # letters of an error in a sentence


def said(message: str, code: int) -> int:
    """The message on stderr, one line whatever is in it; gives the code back."""
    print(f"chargelore: {plain(message)}", file=sys.stderr)
    return code


def misused(error: click.ClickException) -> int:
    """What click says of a wrong use, its lines kept and what was typed made harmless."""
    told = io.StringIO()
    error.show(told)
    for line in told.getvalue().rstrip("\n").split("\n"):
        print(plain(line), file=sys.stderr)
    return BAD_USE


def unwritten(error: OSError) -> int:
    """The output could not be written: nothing to say where the reader has gone, a sentence where a disk is full."""
    _nowhere()
    if isinstance(error, BrokenPipeError):
        return NOBODY_READS
    return said(f"the output cannot be written ({error.strerror}) — send it where there is room", BAD_USE)


def unusable(error: OSError) -> int:
    """A file or folder that was named cannot be used, and nobody on the way had better words for it."""
    return said(f"{error.filename}: cannot be used ({error.strerror}) — check the path and its rights", BAD_USE)


def unforeseen(error: Exception) -> int:
    """A mistake of this program: one calm line, and how to report it."""
    what = f"{type(error).__name__}: {error}"[:LONGEST]
    mend = "please report it, with the command and what it prints after CHARGELORE_DEBUG=1"
    return said(f"an error of our own, not of yours: {what} — {mend}", INTERNAL)


def with_outputs() -> None:
    """Who starts us without stdout or stderr does not want them: what is printed goes nowhere, and all else works.

    What a narrow encoding cannot say, as that of PYTHONIOENCODING=ascii, becomes a question mark.
    """
    for name in ("stdout", "stderr"):
        if isinstance(out := getattr(sys, name), io.TextIOWrapper) and "utf" not in out.encoding.lower():
            out.reconfigure(errors="replace")
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # for as long as we live


def _nowhere() -> None:
    """What waits in stdout is dropped; else Python tries again at its end, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
