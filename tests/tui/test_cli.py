"""The command line: help with an example for every command, and no screen library where no screen is."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from shell import chargelore

from chargelore.tui import cli
from chargelore.tui.cli import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    said = chargelore(name, "--help")
    assert said.code == 0
    assert f"Example: chargelore {name}" in " ".join(said.out.split())


def test_the_command_line_loads_without_the_screen_library() -> None:
    program = "import sys, chargelore.tui.cli, chargelore.tui.cli.troubles.triage; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_folder_of_rules_that_is_not_there_is_bad_use() -> None:
    said = chargelore("rules", "test", "no-such-folder")
    assert said.code == 2
    assert "no-such-folder" in said.err


def test_an_error_of_our_own_is_a_sentence_and_exit_3(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(cli.chargelore, "main", broken)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert "by hand" in capsys.readouterr().err
