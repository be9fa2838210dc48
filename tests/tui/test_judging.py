"""Judging: what is told of a case is told once, however late its echo comes through the journal."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from live import status
from relayed import KEY, Clock

from chargelore.engine.relay.intake import Intake
from chargelore.engine.relay.item import Shown
from chargelore.engine.relay.journal import Journal, Record
from chargelore.engine.relay.said import Line, Said, Start
from chargelore.engine.signal import Signal
from chargelore.tui.cli.wire.judging import Judge

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def fault() -> tuple[Signal, ...]:
    return status("Faulted", "GroundFailure")


def test_the_late_echo_of_an_older_word_does_not_have_the_newer_one_told_again(tmp_path: Path) -> None:
    journal, over, told = Journal(tmp_path / "journal"), threading.Event(), list[Line]()
    over.set()

    def journals(*items: Signal | Shown) -> None:
        shown = [Record(run="run", seq=1, at=NOW, shown=each) for each in items if isinstance(each, Shown)]
        heard = [Record(run="run", seq=1, at=NOW, signals=(each,)) for each in items if isinstance(each, Signal)]
        journal.append([*shown, *heard])

    def hears(said: Said) -> None:
        if isinstance(said, Line):
            told.append(said)
            if len(told) == 1:
                journals(Shown(said.case, ("escalate", "nothing", "an older word"), NOW), *fault())

    judge = Judge(Start(source="a tap", run="run", form="json", keep_days=1, inference="chain"), journal, 0, hears)
    journals(*fault())
    judge.works(Intake(journal, "run", KEY, Clock()), over)
    journal.close()
    assert [each.case for each in told] == ["CP-1-1"]
