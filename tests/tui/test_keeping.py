"""What a watch remembers is kept in the data folder, written as a whole or not at all; trouble with it is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from live import BEGIN, status

from chargelore.engine.grammar.rule import shipped
from chargelore.engine.watch import Watch
from chargelore.kb.home import home
from chargelore.kb.load import shipped as knowledge
from chargelore.tui.cli.wire.keeping import EVERY, Keeper


def watching() -> Watch:
    return Watch(knowledge(), shipped(), inference="chain")


def kept() -> list[Path]:
    return sorted(home().glob("watch/*"))


def test_it_is_kept_now_and_then_for_the_owner_alone(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 1.0, EVERY, EVERY, EVERY + 20, EVERY + 21])
    with watching() as engine:
        keeper = Keeper(engine, "a source", lambda: BEGIN, lambda: next(times))
        keeper.keeps_now_and_then()
        assert kept() == []
        keeper.keeps_now_and_then()
        keeper.keeps_now_and_then()
    (file,) = kept()
    assert file.stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().err == ""


def test_another_source_begins_anew() -> None:
    with watching() as engine:
        for each in status("Preparing"):
            engine.feed(each)
        Keeper(engine, "one", lambda: BEGIN).keeps()
        assert not Keeper(engine, "another", lambda: BEGIN).resumes()
        assert Keeper(engine, "one", lambda: BEGIN).resumes()


def test_a_file_that_cannot_be_read_is_told_and_the_watch_begins_anew(capsys: pytest.CaptureFixture[str]) -> None:
    with watching() as engine:
        keeper = Keeper(engine, "one", lambda: BEGIN)
        keeper.keeps()
        (file,) = kept()
        file.write_bytes(file.read_bytes()[:-20])
        assert not keeper.resumes()
        assert "begins anew, as" in capsys.readouterr().err
        keeper.keeps()
        assert keeper.resumes()


def test_a_long_break_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with watching() as engine:
        Keeper(engine, "one", lambda: BEGIN).keeps()
        Keeper(engine, "one", lambda: BEGIN + timedelta(hours=3)).was_away(BEGIN)
    assert "nobody listened for 3:00:00: 0 waits across that time cannot be judged" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    home().mkdir(parents=True)
    (home() / "watch").write_text("a file where a folder should be")
    with watching() as engine:
        keeper = Keeper(engine, "one", lambda: BEGIN)
        keeper.keeps()
        keeper.keeps()
    assert capsys.readouterr().err.count("is not kept") == 1
