"""The walk-through for a new author, walked: every file it shows is written, every command it shows is run."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from chargelore.tui.cli import chargelore

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```(console|yaml|diff)\n(.*?)```", re.DOTALL)
ELIDED = "…"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(DOCS / "first-rule", tmp_path / "walk")
    monkeypatch.chdir(tmp_path / "walk")
    return tmp_path / "walk"


def test_every_step_of_the_walk_through_prints_what_the_page_shows(place: Path) -> None:
    told = 0
    for kind, body in BLOCK.findall((DOCS / "first-rule.md").read_text(encoding="utf-8")):
        if kind == "console":
            for command, shown in _commands(body):
                printed = _run(command)
                assert re.search(_pattern(shown), printed), f"{command}\n{printed}"
                told += 1
        else:
            _write(place, kind, body)
    assert told >= 14


def _commands(body: str) -> Iterator[tuple[str, list[str]]]:
    for step in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, *shown = step.splitlines()
        yield command, shown


def _run(command: str) -> str:
    """What a terminal would show, blanks narrowed."""
    if command.startswith("chargelore "):
        words = [*command.split()[1:], "--format", "table"]
        printed = CliRunner().invoke(chargelore, words).output
    else:
        shell = ["/bin/sh", "-c", command]  # the page's own commands
        printed = subprocess.run(shell, capture_output=True, text=True, check=False).stdout
    return _narrow(printed)


def _pattern(shown: list[str]) -> str:
    """The lines in order; `…` alone stands for any lines, at the end of a line or within it for any words."""
    lines = [r"(?:.*\n)*?" if line == ELIDED else _line(line) for line in shown if line]
    return r"\A" + "".join(lines) + r"\Z"


def _line(line: str) -> str:
    exact = ".*".join(re.escape(part.strip()) for part in _narrow(line).split(ELIDED)) + r" ?\n"
    return re.sub(r"\d+\\ in\\ \d+", r"\\d+ in \\d+", exact)  # chances move with what is known


def _narrow(text: str) -> str:
    return "".join(re.sub(r"\s+", " ", line).strip() + "\n" for line in text.splitlines() if line.strip())


def _write(place: Path, kind: str, body: str) -> None:
    """A file as the page shows it whole, or with the lines of a diff changed."""
    first, rest = body.split("\n", 1)
    file = place / first.removeprefix("# ")
    if kind == "yaml":
        file.parent.mkdir(exist_ok=True)
        file.write_text(rest, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    for old, new in re.findall(r"^-(.*)\n\+(.*)$", rest, re.MULTILINE):
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
