"""Runs `chargelore` as a person does: a process with arguments, output and an exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MINUTES_AT_MOST = 180


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def chargelore(*arguments: str | bytes | Path, stdin: bytes | None = None) -> Said:
    """Run a command to its end."""
    program = [sys.executable, "-c", "from chargelore.tui.cli import main; main()"]
    done = subprocess.run(
        [*program, *(each if isinstance(each, bytes) else str(each) for each in arguments)],
        input=stdin,
        capture_output=True,
        timeout=MINUTES_AT_MOST,
        check=False,
    )
    return Said(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
