"""The command line: help with an example for every command, and no screen library where no screen is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
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


def test_what_is_seen_only_in_the_future_is_refused_by_triage_too(tmp_path: Path) -> None:
    log = tmp_path / "cp.log"
    log.write_text('2024-05-01T23:58:00Z CP-9 received [2,"1","Heartbeat",{}]\n')
    for given in ((), (str(log),)):
        said = chargelore("triage", *given, "--seen", "2099-03-01 00:05 @CP-9 water in the plug")
        assert (said.code, "is still to come" in said.err) == (2, True)


def test_a_log_whose_clock_is_ahead_may_be_seen_beside_on_that_clock(tmp_path: Path) -> None:
    log = tmp_path / "cp.log"
    log.write_text('2099-03-01T00:00:00Z CP-9 received [2,"1","Heartbeat",{}]\n')
    said = chargelore("triage", str(log), "--seen", "2099-03-01 00:05 @CP-9 water in the plug", "--format", "json")
    assert said.code == 1
