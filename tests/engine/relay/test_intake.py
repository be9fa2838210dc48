"""Whatever is killed, sent again or refused by the disk: each item is journaled once, in order, behind the door."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relayed import BEGIN, Alive, Clock, journaled, message, reading, uids

from chargelore.engine.case import Charger
from chargelore.engine.relay.intake import GRACE
from chargelore.engine.relay.item import Known
from chargelore.engine.relay.journal import Journal, segments
from chargelore.engine.relay.outbox import Outbox
from chargelore.engine.signal import Signal

STEPS = st.lists(st.sampled_from(["capture", "send", "send some", "ack", "kill", "tear", "lose the ack"]), max_size=60)


@settings(max_examples=200)
@given(STEPS)
def test_any_kills_and_repetitions_journal_each_item_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    box, child, captured = Outbox(lambda: BEGIN), Alive(folder), 0
    for step in [*steps, "kill", "send", "ack"]:
        if step == "capture":
            captured += 1
            box.hears(message(captured))
        elif step == "send":
            child.takes(box.unsent(10**9))
        elif step == "send some":
            child.takes(box.unsent(1))
        elif step == "ack":
            child.answers(box)
        elif step == "lose the ack":
            child.intake.acknowledged(at_once=True)
        else:
            child.killed()
            if step == "tear":
                tear(folder, box)
            child = Alive(folder)
            box.begins_again()
    child.killed()
    assert uids(journaled(folder)) == [f"CP-1-{number}" for number in range(1, captured + 1)]
    assert box.is_empty


def tear(folder: Path, box: Outbox) -> None:
    """The last line loses its end, as when the power fails before it was acknowledged."""
    kept = segments(folder)
    if kept and not box.is_empty:
        content = kept[-1].file.read_bytes()
        last = content.splitlines(keepends=True)[-1]
        if b'"is_head"' not in last and b"CP-1-%d" % box.last in last:
            kept[-1].file.write_bytes(content[:-7])


def test_another_run_of_the_same_source_begins_with_one_again(tmp_path: Path) -> None:
    for run in ("first", "second"):
        box, child = Outbox(lambda: BEGIN), Alive(tmp_path, run)
        box.hears(message(1))
        child.takes(box.unsent(10**9))
        child.killed()
    assert [(each.run, each.seq) for each in journaled(tmp_path)] == [("first", 1), ("second", 1)]


def test_nothing_undisguised_reaches_the_disk(tmp_path: Path) -> None:
    box, child = Outbox(lambda: BEGIN), Alive(tmp_path)
    said = b'[2,"1","Authorize",{"idTag":"DEADBEEF0815"}]'
    box.hears(message(1, payload=said))
    box(reading(2, text="token=sesame-open-4711"))
    child.takes(box.unsent(10**9))
    child.killed()
    content = b"".join(each.file.read_bytes() for each in segments(tmp_path))
    assert b"idTag:" in content
    assert b"DEADBEEF0815" not in content
    assert b"sesame" not in content


def test_a_decoder_that_fails_costs_one_marked_signal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setattr("chargelore.engine.relay.item.decode_frame", fails)
    box, child = Outbox(lambda: BEGIN), Alive(tmp_path)
    box.hears(message(1))
    child.takes(box.unsent(10**9))
    child.killed()
    ((signal,),) = [each.signals for each in journaled(tmp_path)]
    assert (signal.kind, signal.charger) == ("unreadable", "CP-1")
    assert "ZeroDivisionError" in str(signal.fields["why"])


def test_who_a_charger_is_is_journaled_too(tmp_path: Path) -> None:
    box, child = Outbox(lambda: BEGIN), Alive(tmp_path)
    box.knows(Known(Charger(id="MB-1", vendor="Acme", model="One"), BEGIN))
    child.takes(box.unsent(10**9))
    child.killed()
    assert [each.who for each in journaled(tmp_path)] == [Charger(id="MB-1", vendor="Acme", model="One")]


class Full:
    """A journal on a disk that is full for a while."""

    def __init__(self, journal: Journal) -> None:
        self.journal, self.append, self.is_full = journal, journal.append, True

    def __call__(self, records: Sequence[object]) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.append(records)  # type: ignore[arg-type]  # handed on as it came


def test_a_disk_that_is_full_for_a_moment_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box, child = Outbox(lambda: BEGIN), Alive(tmp_path)
    disk = Full(child.journal)
    monkeypatch.setattr(child.journal, "append", disk)
    box.hears(message(1))
    child.takes(box.unsent(10**9))
    child.answers(box)
    assert "No space" in child.intake.why
    assert child.intake.is_full
    assert not box.is_empty
    disk.is_full = False
    child.clock.seconds = GRACE - 1
    child.answers(box)
    assert (box.is_empty, child.intake.why, child.intake.unkept.total()) == (True, "", 0)
    child.killed()
    assert uids(journaled(tmp_path)) == ["CP-1-1"]


def test_a_disk_that_stays_full_does_not_keep_the_engine_from_hearing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, child = Outbox(lambda: BEGIN), Alive(tmp_path, clock=Clock())
    disk = Full(child.journal)
    monkeypatch.setattr(child.journal, "append", disk)
    for number in range(3):
        box.hears(message(number))
    child.takes(box.unsent(10**9))
    child.clock.seconds = GRACE
    child.answers(box)
    assert box.is_empty
    assert uids(list(child.intake.beside)) == ["CP-1-0", "CP-1-1", "CP-1-2"]
    assert child.intake.unkept == {"CP-1": 3}
    child.intake.beside.clear()
    disk.is_full = False
    child.clock.seconds += GRACE
    box.hears(message(4))
    child.takes(box.unsent(10**9))
    child.killed()
    gap, heard = journaled(tmp_path)
    assert (gap.signals[0].kind, gap.signals[0].fields["count"]) == ("lost", 3)
    assert uids([heard]) == ["CP-1-4"]


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    box, child = Outbox(lambda: BEGIN), Alive(tmp_path / "file" / "journal")
    box.hears(message(1))
    child.takes(box.unsent(10**9))
    assert "cannot be written" in child.intake.why


def test_a_source_that_tells_what_is_no_signal_costs_one_marked_signal(tmp_path: Path) -> None:
    box, child = Outbox(lambda: BEGIN), Alive(tmp_path)
    box(Signal(layer="nowhere", kind="log", fields={"a": [1]}))  # type: ignore[arg-type,dict-item]  # as a broken source
    box.hears(message(1))
    child.takes(box.unsent(10**9))
    child.answers(box)
    child.killed()
    first, second = journaled(tmp_path)
    assert (first.signals[0].kind, uids([second]), box.is_empty) == ("unreadable", ["CP-1-1"], True)
