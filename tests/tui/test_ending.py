"""How a command ends: harmless words on stderr, and an exit code that tells a full disk from a finding."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from shell import chargelore

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\u202e\u2066"
SHELL = f'"{sys.executable}" -c "from chargelore.tui.cli import main; main()" '
needs_full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


def in_shell(command: str) -> tuple[int, str]:
    """The exit code of the first program of a line of bash, and all that was said on stderr."""
    done = subprocess.run(
        ["bash", "-c", f"{SHELL}{command}; exit ${{PIPESTATUS[0]}}"], capture_output=True, check=False, timeout=180
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ("triage", f"none{HOSTILE}.log"),
        ("lookup", "x", f"--{HOSTILE}"),
        (f"{HOSTILE}",),
        ("kb", "review", f"cause/{HOSTILE}", "--accept"),
        ("rules", "test", f"{HOSTILE}"),
    ],
)
def test_nothing_that_was_typed_steers_the_terminal(arguments: tuple[str, ...]) -> None:
    said = chargelore(*arguments)
    assert said.code == 2
    assert said.err
    assert not set(said.err) & set("\x1b\x07\u202e\u2066")


@pytest.mark.parametrize("command", ["kb stats | head -c 0", "kb stats --format csv | true", "--help | true"])
def test_a_reader_who_has_gone_is_no_finding_and_nothing_to_complain_of(command: str) -> None:
    code, err = in_shell(command)
    assert code in {0, 141}
    assert err == ""


@needs_full_disk
@pytest.mark.parametrize("command", ["kb stats", "kb stats --format csv", "lookup ground", "--help"])
def test_a_full_disk_is_one_sentence_and_exit_2(command: str) -> None:
    code, err = in_shell(f"{command} >/dev/full")
    assert code == 2
    assert err.count("\n") == 1
    assert "cannot be written" in err


@pytest.mark.parametrize("form", ["", "--format json", "--format csv", "--format table"])
def test_without_a_stdout_the_exit_code_still_tells(form: str) -> None:
    assert in_shell(f"lookup GroundFailure {form} >&-") == (0, "")
    assert in_shell("lookup >&- 2>&-") == (2, "")


@pytest.mark.skipif(os.name == "nt", reason="arguments are no bytes there")
def test_arguments_that_are_no_utf_8_leave_json_that_is() -> None:
    said = chargelore("lookup", b"Ground\xffFailure", "--vendor", b"Zap\xfftec", "--format", "json")
    assert said.json["query"] == "Ground\ufffdFailure"
    assert said.err == "" or "Zap\ufffdtec" in said.err or "nothing found" in said.err
    for form in ("table", "csv"):
        assert chargelore("lookup", b"Ground\xffFailure", "--format", form).code in {0, 1}


def test_the_name_of_a_file_that_a_draft_went_to_steers_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("vendor,code,native_text\nAcme,E1,RCD tripped\n", encoding="utf-8")
    said = chargelore("map", tmp_path / "codes.csv", "--review", tmp_path / "a\x1b[31m\u202e.yaml")
    assert said.code == 0
    assert "1 codes of Acme" in said.err
    assert not set(said.err) & set("\x1b\u202e")
