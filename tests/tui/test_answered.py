"""A watch that runs takes in what makers answer, and a store that is away changes nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from escalations import log, ran

from chargelore.engine.grammar.rule import Rules
from chargelore.engine.read import read
from chargelore.engine.watch import Watch
from chargelore.kb.errors import StoreError
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.answered import EVERY, Answered

NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)
ANSWER = ("--new-cause", "Relay driver sticks", "--said-by", "desk")


def watching(tmp_path: Path) -> Watch:
    watch = Watch(shipped(), Rules(signal_rules=(), case_rules=()))
    for signal in read(log(tmp_path)):
        watch.feed(signal)
    return watch


def test_an_answer_given_while_a_watch_runs_diagnoses_its_open_case(tmp_path: Path) -> None:
    told: list[str] = []
    with watching(tmp_path) as watch, Store.open() as store:
        answered = Answered(lambda: nullcontext(store), watch, told.append)
        assert answered.looks(NOW) == frozenset()
        assert ran("answer", log(tmp_path), *ANSWER).code == 0
        assert answered.looks(NOW + EVERY / 2) == frozenset()  # now and then only
        assert answered.looks(NOW + EVERY) == {"CP-77-1"}
        assert watch.diagnosis("CP-77-1").hypotheses[0].cause_label == "Relay driver sticks"
        assert told == ["CP-77-1: the maker answered this trouble"]
        assert answered.looks(NOW + 2 * EVERY) == frozenset()


def test_an_answer_that_is_taken_back_counts_no_more_in_a_watch_that_runs(tmp_path: Path) -> None:
    event = ran("answer", log(tmp_path), *ANSWER, "--format", "json").json["event"]
    with watching(tmp_path) as watch, Store.open() as store:
        answered = Answered(lambda: nullcontext(store), watch, str)
        answered.looks(NOW)
        assert watch.diagnosis("CP-77-1").maker_said
        ran("kb", "revert", event)
        answered.looks(NOW + timedelta(hours=1))
        assert not watch.diagnosis("CP-77-1").maker_said


def test_a_store_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    def away() -> AbstractContextManager[Store]:
        raise StoreError("is away")

    with watching(tmp_path) as watch:
        assert Answered(away, watch, str).looks(NOW) == frozenset()
