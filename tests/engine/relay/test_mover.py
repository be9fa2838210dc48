"""From the journal to the store: each signal once, however often it is moved, and whatever the store does meanwhile."""

from __future__ import annotations

import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from databases import NO_SERVER, Places
from relayed import BEGIN, message, reading

from chargelore.engine.case import Charger
from chargelore.engine.decode.signallines import WHO
from chargelore.engine.relay.item import signals_of
from chargelore.engine.relay.journal import Journal, Record, segments
from chargelore.engine.relay.kept import signal_of
from chargelore.engine.relay.mover import LONGEST, SHORTEST, Mover, given_up
from chargelore.engine.signal import Signal
from chargelore.kb.kept import Wanted
from chargelore.kb.store import Store

KEPT = timedelta(days=30)


def filled(folder: Path, count: int, segment: int = 10**6) -> Journal:
    journal = Journal(folder, segment=segment)
    for seq in range(1, count + 1):
        journal.append([Record(run="run", seq=seq, at=BEGIN, signals=signals_of(message(seq)))])
    return journal


def mover(journal: Journal, place: str, after: int = 0, keep: timedelta = KEPT) -> Mover:
    return Mover(journal, after, lambda: Store.open(place, wait=0.05), keep, lambda: BEGIN)


def moved(journal: Journal, place: str) -> Mover:
    """All of it."""
    one = mover(journal, place)
    while one.stored < journal.last:
        assert one.moves(journal.last) == 0
    one.close()
    return one


def stored(place: str, asked: Wanted = Wanted()) -> list[tuple[int, int]]:  # noqa: B008  # a frozen value
    with Store.open(place) as store:
        return [(each.seq, each.part) for each in store.signals(asked)]


def test_each_signal_is_stored_once_however_often_it_is_moved(tmp_path: Path, places: Places) -> None:
    place, journal = places(), filled(tmp_path, 30)
    for _ in range(3):
        moved(journal, place)
    half = mover(journal, place, after=15)
    half.moves(journal.last)
    half.close()
    journal.close()
    assert stored(place) == [(seq, 0) for seq in range(1, 31)]


def test_signals_come_out_as_they_went_in(tmp_path: Path, places: Places) -> None:
    place, journal = places(), Journal(tmp_path)
    text = b'[2,"1","StatusNotification",{"connectorId":2,"errorCode":"GroundFailure","status":"Faulted"}]'
    several = signals_of(message(1, payload=text))
    journal.append([Record(run="run", seq=1, at=BEGIN, signals=several)])
    journal.append([Record(run="run", seq=2, at=BEGIN, signals=(reading(1),))])
    moved(journal, place)
    journal.close()
    with Store.open(place) as store:
        rows = list(store.signals(Wanted()))
    assert len(several) == 2
    assert [signal_of(each) for each in rows] == [*several, reading(1)]
    assert [(each.charger, each.connector, each.layer, each.kind) for each in rows] == [
        ("CP-1", 2, "ocpp", "status"),
        ("CP-1", 2, "ocpp", "code"),
        ("MB-1", None, "modbus", "reading"),
    ]


def test_text_that_no_database_takes_is_stored_all_the_same(tmp_path: Path, places: Places) -> None:
    place, journal = places(), Journal(tmp_path)
    hostile = [
        Signal(layer="ocpp", kind="log", charger="a\0b", raw="\0\ud800", fields={"text": "\0"}),
        Signal(layer="ocpp", kind="log", charger="x" * 9_000, connector=2**40, fields={"n": 2**80}),
        Signal(layer="ocpp", kind="log", charger="'; DROP TABLE signal; --", raw="😀"),
    ]
    journal.append([Record(run="run", seq=1, at=BEGIN, signals=tuple(hostile))])
    moved(journal, place)
    journal.close()
    with Store.open(place) as store:
        assert [signal_of(each).charger[:3] for each in store.signals(Wanted())] == ["a\0b", "xxx", "'; "]


def test_who_a_charger_is_stands_in_the_store(tmp_path: Path, places: Places) -> None:
    place, journal = places(), Journal(tmp_path)
    who = Charger(id="MB-1", vendor="Acme", model="One")
    journal.append([Record(run="run", seq=1, at=BEGIN, who=who)])
    moved(journal, place)
    journal.close()
    with Store.open(place) as store:
        (row,) = store.signals(Wanted("MB-1", kind=WHO))
    assert signal_of(row).fields == {"vendor": "Acme", "model": "One", "firmware": ""}


def test_only_what_was_asked_for_comes_out(tmp_path: Path, places: Places) -> None:
    place, journal = places(), Journal(tmp_path)
    for seq, charger in enumerate(("CP-1", "CP-2", "CP-1"), 1):
        heard = message(seq, charger)
        journal.append([Record(run="run", seq=seq, at=heard.at, signals=signals_of(heard))])
    moved(journal, place)
    journal.close()
    second = timedelta(seconds=1)
    assert stored(place, Wanted("CP-1")) == [(1, 0), (3, 0)]
    assert stored(place, Wanted("CP-1", kind="heartbeat", layer="ocpp", since=BEGIN + 2 * second)) == [(3, 0)]
    assert stored(place, Wanted(until=BEGIN + 3 * second)) == [(1, 0), (2, 0)]
    assert stored(place, Wanted(kind="status")) == []


def test_a_store_that_another_program_holds_is_waited_for(tmp_path: Path) -> None:
    place, journal = str(tmp_path / "store.db"), filled(tmp_path / "journal", 3)
    moved(filled(tmp_path / "other", 1), place)
    one = mover(journal, place)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        waits = [one.moves(journal.last) for _ in range(8)]
        assert "another program" in one.error
        assert one.stored == 0
        other.execute("ROLLBACK")
    assert (waits[0], waits[-1]) == (SHORTEST, LONGEST)
    one.moves(journal.last)
    one.close()
    journal.close()
    assert (one.error, one.stored, len(stored(place))) == ("", 3, 3)


@contextmanager
def stoppable() -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A PostgreSQL of its own: its URL, and how it is stopped and started."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pgserver", reason=NO_SERVER, exc_type=ImportError)
    with tempfile.TemporaryDirectory(prefix="chargelore-pg-") as folder:
        running = pgserver.get_server(folder)
        url = running.get_uri().replace("postgresql:", "postgresql+psycopg:")

        def starts() -> None:
            pgserver.PostgresServer._instances.pop(running.pgdata, None)
            again.append(pgserver.get_server(folder))

        def stops() -> None:
            again[-1].cleanup()

        again = [running]
        try:
            yield url, stops, starts
        finally:
            stops()


def test_a_server_that_goes_away_and_comes_back_has_all_of_it_once(tmp_path: Path) -> None:
    with stoppable() as (url, stops, starts):
        journal = filled(tmp_path, 20)
        one = mover(journal, url)
        assert one.moves(10) == 0
        stops()
        assert one.moves(journal.last) == SHORTEST
        assert one.error
        starts()
        while one.stored < journal.last:
            one.moves(journal.last)
        one.close()
        journal.close()
        assert (one.error, stored(url)) == ("", [(seq, 0) for seq in range(1, 21)])


def test_old_signals_are_let_go_of_a_batch_at_a_time(
    tmp_path: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chargelore.engine.relay.mover.LET_GO", 4)
    place, journal = places(), Journal(tmp_path)
    for seq in range(1, 21):
        at = BEGIN - timedelta(days=31 if seq <= 15 else 29, seconds=-seq)
        journal.append([Record(run="run", seq=seq, at=at, signals=(reading(seq),))])
    one = mover(journal, place)
    left = []
    for _ in range(8):
        one.moves(journal.last)
        left.append(len(stored(place)))
    one.close()
    journal.close()
    assert left[:5] == [20, 15, 10, 5, 5]
    assert stored(place) == [(seq, 0) for seq in range(16, 21)]


def test_a_journal_that_grows_too_large_gives_up_its_oldest_and_says_how_much(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 60, segment=4_000)
    one = mover(journal, str(tmp_path / "no" / "store.db"))
    oldest = segments(journal.folder)[0]
    assert given_up(journal, one, BEGIN, most=10**6) == 0
    lost = given_up(journal, one, BEGIN, most=5_000)
    assert lost > 5
    assert oldest not in segments(journal.folder)
    moved(journal, str(tmp_path / "store.db"))
    with Store.open(tmp_path / "store.db") as store:
        told = list(store.signals(Wanted(kind="lost")))
    assert [signal_of(each).fields["count"] for each in told] == [lost]
    assert told[0].charger == "CP-1"
    assert len(stored(str(tmp_path / "store.db"))) == 60 - lost + 1
    journal.close()


def test_what_is_in_the_store_already_is_not_lost_with_its_file(tmp_path: Path) -> None:
    journal, place = filled(tmp_path / "journal", 60, segment=4_000), str(tmp_path / "store.db")
    assert given_up(journal, moved(journal, place), BEGIN, most=5_000) == 0
    journal.close()
