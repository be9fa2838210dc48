"""A store keeps every event for good, and says in one sentence why it cannot."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import Places
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.kb.clock import Stamp
from chargelore.kb.errors import InputError, StoreError
from chargelore.kb.events import Event, event, finding_event, held_event
from chargelore.kb.finding import Finding
from chargelore.kb.fold import fold
from chargelore.kb.home import unwritable
from chargelore.kb.learned import NOTHING_LEARNED
from chargelore.kb.model import CauseId, FaultId
from chargelore.kb.store import Store

TRIP, WET = FaultId("trip"), CauseId("wet")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def finding(number: int = 0) -> Finding:
    return Finding(case=f"case-{number}", fault=TRIP, cause=WET)


def told(number: int, author: str = "ann") -> Event:
    return finding_event(finding(number), stamp=Stamp(1_770_000_000_000 + number, 0, "r"), author=author)


def test_a_finding_is_there_when_the_store_opens_again(places: Places) -> None:
    place = places()
    with Store.open(place) as store:
        kept = store.record_finding(finding())
    with Store.open(place) as again:
        assert again.events() == (kept,)
        assert again.learned().causes[TRIP, WET].cases == 1


def stops_half_way(store: Store) -> None:
    with store.together():
        store.record_finding(finding(2))
        assert len(store.events()) == 2  # whoever writes sees it
        raise RuntimeError("half way")


def test_what_is_written_together_is_kept_whole_or_not_at_all(places: Places) -> None:
    place = places()
    with Store.open(place) as store:
        store.record(told(1))
        with pytest.raises(RuntimeError, match="half way"):
            stops_half_way(store)
        assert store.events() == (told(1),)
        with store.together(), store.together():
            kept = store.record_finding(finding(3))
            again = store.record_finding(finding(4))
        assert [each.id for each in store.events()] == [told(1).id, kept.id, again.id]
        assert store.learned().causes[TRIP, WET].cases == 3


def test_the_pulse_of_a_store_changes_with_every_event_of_a_kind_and_with_no_other(places: Places) -> None:
    place = places()
    with Store.open(place) as store:
        assert store.pulse("finding", "held") == (0, "")
        store.record(told(5))
        before = store.pulse("finding", "held")
        store.record(event("note", "s", {}, stamp=Stamp(9, 0, "r"), author="a"))
        assert store.pulse("finding", "held") == before
        store.merge([told(3)])  # one that is older than the newest
        assert store.pulse("finding", "held") == (2, before[1])


texts = st.text(max_size=30)
bodies = st.dictionaries(texts, texts | st.integers() | st.booleans() | st.lists(texts, max_size=3), max_size=4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(bodies, texts), max_size=5))
def test_whatever_was_recorded_comes_back_unchanged(places: Places, many: list[tuple[dict[str, object], str]]) -> None:
    place = places()
    events = [event("note", "s", body, stamp=Stamp(n, 0, "r"), author=author) for n, (body, author) in enumerate(many)]
    with Store.open(place) as store:
        assert store.merge(events) == len(events)
    with Store.open(place) as again:
        assert list(again.events()) == events


def test_an_event_is_kept_once_however_often_it_comes(places: Places) -> None:
    with Store.open(places()) as store:
        assert store.record(told(1)) is True
        assert store.record(told(1)) is False
        assert store.merge([told(1), told(2), told(2)]) == 1


def test_two_stores_that_never_met_merge_to_the_same_in_any_order(places: Places) -> None:
    ann = [told(n) for n in range(20)]
    bob = [told(n, "bob") for n in range(10, 30)] + [
        held_event(ann[3].id, held=True, by="auto", stamp=Stamp(5, 0, "b"), author="b")
    ]
    with Store.open(places()) as here, Store.open(places()) as there:
        here.merge([*ann, *bob])
        there.merge([*reversed(bob), *ann, *bob])
        assert here.events() == there.events()
        assert here.learned() == there.learned() == fold([*ann, *bob])


def test_reading_makes_no_file_and_no_folder(tmp_path: Path) -> None:
    with Store.open() as store:
        assert (store.events(), store.learned(), store.gaps()) == ((), NOTHING_LEARNED, {})
    with Store.open(tmp_path / "none.db") as named:
        assert named.events() == ()
    assert list(tmp_path.iterdir()) == []


def test_the_data_folder_is_made_by_the_first_write(tmp_path: Path) -> None:
    with Store.open() as store:
        store.record_finding(finding())
    assert (tmp_path / "home" / "events.db").exists()


def test_words_looked_for_in_vain_are_counted(places: Places) -> None:
    with Store.open(places()) as store:
        for query in ("E 77", "blue lamp", "E  77"):
            store.record_gap(query, {"vendor": "Acme"})
        assert list(store.gaps().items()) == [("E 77", 2), ("blue lamp", 1)]


def opened_at(place: str | Path, wall: datetime) -> Store:
    return Store.open(place, now=lambda: wall)


def test_stamps_go_on_although_the_wall_clock_went_back(places: Places) -> None:
    place = places()
    with opened_at(place, NOON) as store:
        first, second = store.record_finding(finding(1)), store.record_finding(finding(2))
    with opened_at(place, NOON - timedelta(hours=3)) as store:
        third = store.record_gap("E 7", {})
    assert first.hlc < second.hlc < third.hlc


def test_findings_of_a_machine_whose_clock_was_a_month_ahead_do_not_spoil_the_later_ones(tmp_path: Path) -> None:
    place = tmp_path / "a.db"
    with opened_at(place, NOON + timedelta(days=30)) as store:
        store.record_finding(finding(1))
    with opened_at(place, NOON) as store, Store.open(tmp_path / "b.db", now=lambda: NOON) as other:
        later = store.record_finding(finding(2))
        assert len(store.events()) == 2
        assert other.merge([later]) == 1


def test_an_event_from_the_future_is_refused_and_nothing_of_its_batch_is_kept(places: Places) -> None:
    late = event("note", "s", {}, stamp=Stamp(int(NOON.timestamp() * 1000) + 90_000_000, 0, "r"), author="a")
    with Store.open(places(), now=lambda: NOON) as store:
        with pytest.raises(InputError, match="future"):
            store.merge([told(1), late])
        assert store.events() == ()


def test_a_store_in_memory_leaves_nothing_behind(tmp_path: Path) -> None:
    with Store.open("sqlite://") as store:
        store.merge([told(1), told(2)])
        assert len(store.events()) == 2
    assert not list(tmp_path.rglob("*.db*"))


def test_a_row_that_was_changed_behind_our_back_is_left_out_and_named(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        store.merge([told(1), told(2), told(3)])
        store.close()
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as raw:
            raw.execute("update event set body = '{\"case' where id = ?", (told(1).id,))
            raw.execute("update event set author = 'eve' where id = ?", (told(2).id,))
        assert store.events() == (told(3),)
        assert set(store.damaged()) == {told(1).id, told(2).id}


def newer(place: Path) -> None:
    with Store.open(place) as store:
        store.record(told(1))
    with closing(sqlite3.connect(place, isolation_level=None)) as raw:
        raw.execute("update chargelore_schema set version = 99")


def someone_elses(place: Path) -> None:
    with closing(sqlite3.connect(place, isolation_level=None)) as raw:
        raw.execute("create table recipes (soup text)")


def not_a_database(place: Path) -> None:
    place.write_bytes(b"Dear diary, today the charger broke again. " * 50)


def cut_off(place: Path) -> None:
    with Store.open(place) as store:
        store.merge([told(n) for n in range(400)])
    whole = place.read_bytes()
    place.write_bytes(whole[: len(whole) // 3 // 4096 * 4096 + 100])


def a_folder(place: Path) -> None:
    place.mkdir()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [(newer, "newer version"), (someone_elses, "another program"), (not_a_database, "no store"), (a_folder, "opened")],
)
def test_a_store_that_cannot_be_used_is_one_sentence(tmp_path: Path, spoil: Callable[[Path], None], says: str) -> None:
    place = tmp_path / "a.db"
    spoil(place)
    for use in (Store.events, Store.learned, lambda store: store.record(told(7))):
        with Store.open(place) as store, pytest.raises(StoreError, match=says) as caught:
            use(store)
        assert "\n" not in str(caught.value)
        assert str(place) in str(caught.value)


def test_a_file_that_was_cut_off_is_told_and_not_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "a.db"
    cut_off(place)
    left = place.stat().st_size
    with Store.open(place) as store, pytest.raises(StoreError, match="damaged"):
        store.events()
    assert place.stat().st_size == left


def test_a_missing_folder_is_told_unless_it_is_our_own(tmp_path: Path) -> None:
    for use in (Store.events, lambda store: store.record(told(1))):
        with Store.open(tmp_path / "no" / "a.db") as store, pytest.raises(StoreError, match="folder is not there"):
            use(store)
    assert not (tmp_path / "no").exists()


def test_a_store_that_another_program_holds_is_told_and_works_again_after(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db", wait=0.05) as store:
        store.record(told(1))
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("begin immediate")
            assert store.events() == (told(1),)
            with pytest.raises(StoreError, match="another program"):
                store.record(told(2))
            other.execute("rollback")
        assert store.record(told(2))


def test_a_file_that_was_replaced_or_removed_under_an_open_store_is_noticed(tmp_path: Path) -> None:
    place, other = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(other) as there:
        there.record(told(9))
    with Store.open(place) as store:
        store.record(told(1))
        for name in ("a.db-wal", "a.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        other.replace(place)
        store.record(told(2))
        assert {each.subject for each in store.events()} == {"case-9", "case-2"}
        for file in tmp_path.glob("a.db*"):
            file.unlink()
        store.record(told(3))
    with Store.open(place) as again:
        assert [each.subject for each in again.events()] == ["case-3"]


WRITE_ON_A_FULL_DISK = """
import resource, signal, sys
from chargelore.kb.store import Store
from chargelore.kb.finding import Finding
store = Store.open(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, 250_000))  # an empty store takes most of it
try:
    for n in range(10_000):
        print(store.record_finding(Finding(case=str(n), fault="f", note="x" * 2_000)).id, flush=True)
except Exception as error:
    print(type(error).__name__, str(error).count("\\n"), file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_is_told_and_what_was_confirmed_before_is_kept(tmp_path: Path) -> None:
    program = [sys.executable, "-c", WRITE_ON_A_FULL_DISK, str(tmp_path / "a.db")]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.split() == ["StoreError", "0"]
    with Store.open(tmp_path / "a.db") as store:
        confirmed = done.stdout.split()
        assert {*confirmed} <= {each.id for each in store.events()}
        assert confirmed


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_can_be_read_and_refuses_writing(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    with Store.open(folder / "a.db") as store:
        store.record(told(1))
    (folder / "a.db").chmod(0o444)
    folder.chmod(0o555)
    try:
        with Store.open(folder / "a.db") as store:
            assert store.events() == (told(1),)
            with pytest.raises(StoreError, match=r"not written|opened"):
                store.record(told(2))
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+nodriver://u:secret@h/db", "driver|database"),
        ("oracle://u:secret@h/db", "driver|cannot hold"),
        ("nonsense://u:secret@h", "database"),
        ("http://u:secret@h:port:1/", "no database URL"),
    ],
)
def test_a_url_that_cannot_be_used_is_one_sentence_without_the_password(url: str, says: str) -> None:
    with Store.open(url) as store, pytest.raises(StoreError, match=says) as caught:
        store.events()
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


WRITE_MANY = """
import sys
from chargelore.kb.store import Store
from chargelore.kb.finding import Finding
with Store.open(sys.argv[1]) as store:
    for n in range(40):
        store.record_finding(Finding(case=f"{sys.argv[2]}-{n}", fault="f", cause="c"))
"""


def test_several_programs_write_at_the_same_time(places: Places) -> None:
    place = places()
    program = [sys.executable, "-c", WRITE_MANY, place]
    writers = [subprocess.Popen([*program, str(n)], stderr=subprocess.PIPE) for n in range(3)]
    for writer in writers:
        _, complaint = writer.communicate(timeout=120)
        assert complaint == b""
    with Store.open(place) as store:
        events = store.events()
        assert store.learned() == fold(events)
    assert len({each.subject for each in events}) == 120
    assert len({each.origin for each in events}) == 1


def test_what_was_written_over_an_open_store_refuses_writing_and_reading(tmp_path: Path) -> None:
    with Store.open(tmp_path / "events.db") as store:
        event = store.record_finding(finding())
        with (tmp_path / "events.db").open("r+b") as file:  # the same file, so that a kept connection sees no other
            file.write(b"this is no database " * 200)
        for write in (lambda: store.record_finding(finding()), lambda: store.take_back(event.id), store.learned):
            with pytest.raises(StoreError, match="no store of events"):
                write()


def test_a_store_that_was_removed_while_it_was_open_is_made_anew_by_the_next_write(tmp_path: Path) -> None:
    with Store.open(tmp_path / "events.db") as store:
        store.record_finding(finding())
        for each in tmp_path.glob("events.db*"):
            each.unlink()
        store.record_answer("CP-1-1", "rain", "yes", "")
        assert [each.kind for each in store.events()] == ["answer"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no such rights")
def test_the_store_of_the_data_folder_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARGELORE_HOME", str(tmp_path / "share" / "chargelore"))
    store_file = tmp_path / "share" / "chargelore" / "events.db"
    for _ in range(2):
        with Store.open() as store:
            store.record_finding(finding())
            kept = [each.stat().st_mode & 0o777 for each in store_file.parent.glob("events.db*")]
            assert set(kept) == {0o600}
        store_file.chmod(0o644)  # as an older version made it
    assert store_file.parent.stat().st_mode & 0o777 == 0o700


def test_a_full_disk_is_told_to_be_full() -> None:
    assert "free some space" in str(unwritable(Path("x"), OSError(errno.ENOSPC, "No space left on device")))
    assert "writable folder" in str(unwritable(Path("x"), PermissionError(errno.EACCES, "Permission denied")))
