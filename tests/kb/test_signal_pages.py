"""Pages of captured signals, wherever one opens them, are exactly the rows of the one long list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chargelore.kb.kept import KeptSignal, Wanted
from chargelore.kb.store import Store

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
CHARGERS = count()
HEARD = st.lists(st.integers(0, 12), max_size=60)  # many are heard at the same moment


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("pages") / "events.db") as opened:
        yield opened


def row(charger: str, seq: int, second: int, run: str = "r") -> KeptSignal:
    heard = NOON + timedelta(seconds=second)
    return KeptSignal(run, seq, 0, heard, heard, charger, 1, "ocpp", "log", f'{{"n":{seq}}}', f"raw {seq}")


def kept(store: Store, seconds: list[int]) -> Wanted:
    """A charger of its own that said something at each of these seconds."""
    charger = f"CP-{next(CHARGERS)}"
    store.keep_signals(row(charger, n, second, charger) for n, second in enumerate(seconds))
    return Wanted(charger)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEARD, st.integers(1, 9))
def test_the_pages_one_after_the_other_are_the_whole_list(store: Store, seconds: list[int], most: int) -> None:
    asked = kept(store, seconds)
    marks, total = store.marks_of_signals(asked, most)
    pages = [store.page_of_signals(asked, each, most, *marks[n + 1 : n + 2]) for n, each in enumerate(marks)]
    assert [each for page in pages for each in page] == list(store.signals(asked))
    assert total == len(seconds) == store.count_signals(asked)
    assert {len(page) for page in pages[:-1]} <= {most}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HEARD, st.integers(1, 9), st.data())
def test_places_told_from_the_middle_on_are_those_told_from_the_beginning(
    store: Store, seconds: list[int], most: int, data: st.DataObject
) -> None:
    asked = kept(store, seconds)
    marks, total = store.marks_of_signals(asked, most)
    if marks:
        n = data.draw(st.integers(0, len(marks) - 1))
        assert store.marks_of_signals(asked, most, marks[n]) == (marks[n:], total - n * most)


def test_a_store_that_was_never_written_has_no_pages(tmp_path: Path) -> None:
    with Store.open(tmp_path / "new.db") as empty:
        assert empty.marks_of_signals(Wanted("CP-1"), 10) == ([], 0)
        assert empty.count_signals(Wanted("CP-1")) == 0
