"""The command line: help with an example for every command, and no screen library where no screen is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from shell import chargelore

from chargelore.tui.cli import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    said = chargelore(name, "--help")
    assert said.code == 0
    assert f"Example: chargelore {name}" in " ".join(said.out.split())


def test_the_command_line_loads_without_the_screen_library() -> None:
    program = "import sys, chargelore.tui.cli, chargelore.tui.cli.triage; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
