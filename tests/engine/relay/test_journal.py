"""The journal: whole records in files of bounded size; what was torn is cut off, what is damaged is left out."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from relayed import BEGIN, journaled, reading

from chargelore.engine.relay.journal import Follower, Journal, Record, line_of, record_in, segments
from chargelore.engine.signal import Signal


def record(seq: int, run: str = "run", text: str = "") -> Record:
    return Record(run=run, seq=seq, at=BEGIN, signals=(reading(seq, text=text),))


def filled(folder: Path, count: int, segment: int = 1_000) -> Journal:
    journal = Journal(folder, segment=segment)
    for seq in range(1, count + 1):
        journal.append([record(seq)])
    return journal


def test_records_are_read_in_their_order_over_many_files(tmp_path: Path) -> None:
    filled(tmp_path, 50).close()
    assert len(segments(tmp_path)) > 5
    found = journaled(tmp_path)
    assert [each.n for each in found] == [each.seq for each in found] == list(range(1, 51))
    assert found[6].signals == (reading(7),)


def test_a_follower_reads_what_came_since_and_never_beyond_what_is_whole(tmp_path: Path) -> None:
    journal = filled(tmp_path, 3)
    follower = Follower(tmp_path, 1)
    assert [each.n for each in follower.next(2)] == [2]
    assert [each.n for each in follower.next(3)] == [3]
    assert follower.next(3) == []
    journal.append([record(4), record(5)])
    assert [each.n for each in follower.next(journal.last)] == [4, 5]
    journal.close()


def test_files_are_for_the_owner_alone(tmp_path: Path) -> None:
    filled(tmp_path / "a", 1).close()
    (file,) = (tmp_path / "a").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@given(st.integers(1, 8), st.data())
def test_a_journal_cut_anywhere_goes_on_behind_its_last_whole_record(
    tmp_path_factory: pytest.TempPathFactory, count: int, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    filled(folder, count).close()
    newest = segments(folder)[-1]
    content = newest.file.read_bytes()
    kept = content[: data.draw(st.integers(0, len(content)))]
    newest.file.write_bytes(kept)
    again = Journal(folder, segment=1_000)
    whole = [each.n for each in journaled(folder)]
    assert whole == list(range(1, again.last + 1))
    again.append([record(again.last + 1)])
    again.close()
    assert [each.n for each in journaled(folder)] == [*whole, len(whole) + 1]


def test_where_it_goes_on_is_known_also_at_the_begin_of_a_file(tmp_path: Path) -> None:
    journal = filled(tmp_path, 20)
    journal.close()
    newest = segments(tmp_path)[-1]
    head = newest.file.read_bytes().splitlines(keepends=True)[0]
    newest.file.write_bytes(head)
    again = Journal(tmp_path)
    assert (again.run, again.seq, again.last) == ("run", newest.first - 1, newest.first - 1)


def test_a_damaged_line_is_left_out_and_counted(tmp_path: Path) -> None:
    filled(tmp_path, 5, segment=10**6).close()
    (segment,) = segments(tmp_path)
    lines = segment.file.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b"r2", b"r9")
    segment.file.write_bytes(b"".join(lines))
    follower = Follower(tmp_path, 0)
    assert [each.seq for each in follower.next(5)] == [1, 3, 4, 5]
    assert follower.damaged == 1


def test_what_a_full_disk_refuses_is_not_there_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = filled(tmp_path, 3, segment=10**6)
    write = os.write

    def half(handle: int, data: bytes) -> int:
        if len(data) > 40:
            return write(handle, data[:40])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("chargelore.engine.relay.journal.os.write", half)
    with pytest.raises(OSError, match="No space"):
        journal.append([record(4, text="x" * 100)])
    monkeypatch.undo()
    assert [each.n for each in journaled(tmp_path)] == [1, 2, 3]
    journal.append([record(4)])
    journal.close()
    assert [each.n for each in journaled(tmp_path)] == [1, 2, 3, 4]


def test_only_files_that_are_stored_and_remembered_as_a_whole_are_deleted(tmp_path: Path) -> None:
    journal = filled(tmp_path, 50)
    third = segments(tmp_path)[2]
    journal.forget(third.first)  # one record of the third file only
    assert segments(tmp_path)[0] == third
    journal.forget(journal.last)
    assert len(segments(tmp_path)) == 1
    journal.close()
    assert Journal(tmp_path).last == 50


def test_a_follower_goes_on_behind_files_that_were_given_up(tmp_path: Path) -> None:
    journal = filled(tmp_path, 50)
    for each in segments(tmp_path)[:2]:
        each.file.unlink()
    first = segments(tmp_path)[0].first
    assert [each.n for each in Follower(tmp_path, 0).next(journal.last, 10**6)] == list(range(first, 51))
    journal.close()


@given(st.text(), st.one_of(st.integers(), st.floats(), st.text(), st.booleans(), st.none()))
def test_any_signal_makes_one_line_that_reads_back(charger: str, value: object) -> None:
    signal = Signal(layer="ocpp", kind="log", charger=charger, fields={"a": value})  # type: ignore[dict-item]  # as drawn
    line = line_of(Record(run="r", seq=1, at=BEGIN, signals=(signal,)))
    assert line.count(b"\n") == 1
    read = record_in(line)
    assert read is not None
    assert len(read.signals) == 1
