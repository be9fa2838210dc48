"""Progress: a bar that is right, on a terminal only, and gone when all was read."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import log_lines
import pytest

from chargelore.engine.read import read
from chargelore.tui.cli import progress
from chargelore.tui.cli.parcels import Input


class Terminal(io.StringIO):
    """A screen that keeps what was written to it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "size", "seconds", "said"),
    [
        (50_000_000, 100_000_000, 10.0, "50%, 5.0 MB/s, 0:10 left"),
        (1_000_000, 1_000_000, 1.0, "100%, 1.0 MB/s, 0:00 left"),
        (1_000_000, 3_601_000_000, 1.0, "0%, 1.0 MB/s, 1:00:00 left"),
        (2_000_000, 0, 1.0, "2.0 MB, 2.0 MB/s"),
        (0, 10, 0.0, "0.0 MB, 0.0 MB/s"),
    ],
)
def test_the_bar_says_how_far_how_fast_and_how_long(done: int, size: int, seconds: float, said: str) -> None:
    assert progress.bar("a.log", done, size, seconds).endswith(said)


def test_a_hostile_name_steers_no_screen() -> None:
    assert "\x1b" not in progress.bar("\x1b[2Jx.log", 1, 2, 1.0)


def test_on_a_terminal_a_bar_comes_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "some.log"
    path.write_text("\n".join(f"2031-05-01 10:00:00 step {number}" for number in range(600)))
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    reading = read(path)
    ticks = itertools.count()
    slow = reading.through(
        lambda reading, told: progress.with_progress(
            Input(str(path), path), reading, told, clock=lambda: 2.0 * next(ticks)
        )
    )
    assert len(list(slow)) == 600
    assert "left" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_without_a_terminal_nothing_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "some.log"
    path.write_text("\n".join(log_lines.LOGS["evcc"]))
    assert list(progress.read_here(Input(str(path), path), {}))
    assert capsys.readouterr().err == ""


def test_a_bar_of_counted_steps_says_how_many_came_and_how_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, ticks = Terminal(), itertools.count()
    monkeypatch.setattr("sys.stderr", screen)
    counted = progress.counted("Acme\x1b[31m Wall", 10, iter(range(10)), clock=lambda: 2.0 * next(ticks))
    assert list(counted) == list(range(10))
    assert "Acme Wall ━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌ 50%, 0:10 left" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_without_a_terminal_no_steps_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(progress.counted("Acme", 3, iter("abc"))) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""
