"""Following a log: every line once, in order, whatever happens to the file on the way."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import log_lines
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargelore.engine.decode.slicing import Slicer, lines_in
from chargelore.engine.growing import ARRIVED, Growing, checked_format
from chargelore.engine.read import SAMPLE, read
from chargelore.engine.signal import Signal
from chargelore.engine.sources.clock import utc_now
from chargelore.engine.sources.follow import Beat, Log, follow
from chargelore.engine.sources.tail import FileTail, StreamTail
from chargelore.kb.errors import UseError

NOON = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)
QUICK = Beat(every=0.02, settle=0.02, patience=30, now=lambda: NOON)


@dataclass
class Heard:
    """What was followed so far."""

    signals: list[Signal] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    over: bool = False

    @property
    def texts(self) -> list[str]:
        return [str(each.fields.get("text")) for each in self.signals]

    async def until(self, holds: Callable[[Heard], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds(self):
                await asyncio.sleep(0.01)

    async def has(self, *texts: str) -> None:
        await self.until(lambda heard: heard.texts == list(texts))


@asynccontextmanager
async def following(
    path: Path, *, from_start: bool = False, charger: str = "", form: str = "", beat: Beat = QUICK
) -> AsyncIterator[Heard]:
    log = Log(tail=FileTail(path, from_start), name=path.name, charger=charger, form=form, beat=beat)
    async with heard_of(log) as heard:
        yield heard


@asynccontextmanager
async def heard_of(log: Log) -> AsyncIterator[Heard]:
    heard = Heard()

    async def listens() -> None:
        async with aclosing(follow(log, heard.told.append)) as signals:
            async for signal in signals:
                heard.signals.append(signal)
        heard.over = True

    listening = asyncio.create_task(listens())
    try:
        yield heard
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


def says(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as out:
        out.write(text)


async def test_only_what_comes_after_the_beginning_is_heard_and_a_line_only_when_it_is_whole(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    says(log, "old one\nhalf of ")
    async with following(log) as heard:
        await asyncio.sleep(0.2)
        says(log, "a line\nnext")
        await heard.has("half of a line")
        says(log, " one\n")
        await heard.has("half of a line", "next one")


async def test_all_that_stands_there_is_read_when_that_is_asked_for(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    says(log, "one\ntwo\n")
    async with following(log, from_start=True) as heard:
        await heard.has("one", "two")
        says(log, "three\n")
        await heard.has("one", "two", "three")
    assert [each.line for each in heard.signals] == [1, 2, 3]


async def test_a_file_that_is_not_there_yet_is_waited_for_and_read_whole(tmp_path: Path) -> None:
    log = tmp_path / "later.log"
    async with following(log) as heard:
        await heard.until(lambda heard: bool(heard.told))
        says(log, "first\n")
        await heard.has("first")
    assert heard.told[:2] == [
        "later.log: it is not there yet; it is looked for again and again",
        "later.log: it is there now",
    ]


async def test_a_file_that_is_moved_aside_is_read_to_its_end_and_then_its_successor(tmp_path: Path) -> None:
    log, aside = tmp_path / "charger.log", tmp_path / "charger.log.1"
    says(log, "")
    async with following(log) as heard:
        await asyncio.sleep(0.2)
        with log.open("a", encoding="utf-8") as writer:
            writer.write("one\n")
            writer.flush()
            log.rename(aside)
            says(log, "three\n")
            writer.write("two, by whoever still had it open")
        await heard.has("one", "two, by whoever still had it open", "three")
    assert "charger.log: another file took its name; it is read from its begin" in heard.told


async def test_a_file_that_is_removed_is_told_once_and_followed_again_when_it_comes_back(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    says(log, "one\n")
    async with following(log, from_start=True) as heard:
        await heard.has("one")
        log.unlink()
        await heard.until(lambda heard: any("it was removed" in each for each in heard.told))
        says(log, "two\n")
        await heard.has("one", "two")
    assert [each for each in heard.told if "read as" not in each] == [
        "charger.log: it was removed; it is looked for again and again",
        "charger.log: it is there now",
    ]


async def test_a_file_that_is_cut_short_is_read_anew(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    says(log, "long and old\n")
    async with following(log) as heard:
        await asyncio.sleep(0.2)
        says(log, "one\n")
        await heard.has("one")
        log.write_text("two\n", encoding="utf-8")
        await heard.has("one", "two")
        log.write_text("three, which is longer than all that stood there before\n", encoding="utf-8")
        await heard.has("one", "two", "three, which is longer than all that stood there before")
    assert "charger.log: it was cut short; it is read from its begin" in heard.told


async def test_a_folder_or_a_packed_file_is_told_in_a_sentence_and_what_follows_it_is_read(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    log.write_bytes(b"PK\x03\x04" + bytes(200))
    async with following(log, from_start=True) as heard:
        await heard.until(lambda heard: bool(heard.told))
        log.unlink()
        log.mkdir()
        await asyncio.sleep(0.2)
        log.rmdir()
        says(log, "at last\n")
        await heard.has("at last")
    assert "zip or Excel" in heard.told[0]


async def test_a_log_of_one_charger_is_said_of_that_charger_whatever_it_calls_itself(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    async with following(log, from_start=True, charger="CP-7", form="plain-text") as heard:
        says(log, '[2,"1","BootNotification",{"chargePointModel":"M","chargePointSerialNumber":"SN1"}]\n')
        await heard.until(lambda heard: bool(heard.signals))
    assert {(each.charger, each.kind) for each in heard.signals} == {("CP-7", "boot")}


async def test_what_says_no_time_was_heard_when_it_came(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    says(log, "old\n")
    async with following(log, from_start=True) as heard:
        await heard.has("old")
        await asyncio.sleep(0.2)
        says(log, "new\n2031-05-01T11:00:00Z told\n")
        await heard.has("old", "new", "told")
    assert [(each.at and each.at.hour, ARRIVED in each.marks) for each in heard.signals] == [
        (None, False),
        (12, True),
        (11, False),
    ]


async def test_what_is_behind_the_end_at_the_beginning_is_as_old_as_its_arrival(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    says(log, "old\n")
    async with following(log) as heard:
        await asyncio.sleep(0.2)
        says(log, "new\n")
        await heard.has("new")
    assert heard.signals[0].at == NOON


async def test_a_stream_ends_with_its_last_line(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    log = Log(tail=StreamTail(ours), name="standard input", beat=QUICK)
    async with heard_of(log) as heard:
        os.write(theirs, b"one\ntw")
        await heard.has("one")
        os.write(theirs, b"o")
        os.close(theirs)
        await heard.until(lambda heard: heard.over)
    os.close(ours)
    assert heard.texts == ["one", "two"]


async def test_a_frame_that_is_printed_over_lines_waits_for_its_end(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    says(log, "")
    slow = Beat(every=0.02, settle=3, now=lambda: NOON)
    async with following(log, beat=slow) as heard:
        await asyncio.sleep(0.2)
        says(log, '[2,"1","StatusNotification",{"connectorId":1,\n')
        await asyncio.sleep(0.3)
        says(log, '"errorCode":"NoError","status":"Available"}]\n')
        await heard.until(lambda heard: bool(heard.signals))
    assert [(each.kind, each.fields.get("status")) for each in heard.signals] == [("status", "Available")]


async def test_wide_text_of_a_windows_tool_is_read(tmp_path: Path) -> None:
    log = tmp_path / "charger.log"
    log.write_bytes("wide öne\n".encode("utf-16"))
    async with following(log, from_start=True) as heard:
        await heard.has("wide öne")
        with log.open("ab") as out:
            out.write("two\n".encode("utf-16-le"))
        await heard.has("wide öne", "two")


@pytest.mark.parametrize("name", sorted(log_lines.LOGS))
def test_a_log_in_pieces_says_what_the_whole_says(name: str, tmp_path: Path) -> None:
    """Whatever the format: the first half known before, the second as it comes; no frame more, none less."""
    lines = log_lines.LOGS[name]
    file = tmp_path / "whole.log"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    whole = [each for each in read(file) if "uid" in each.fields]
    growing = Growing(lambda: NOON)
    growing.sees(file.read_text(encoding="utf-8"))
    pieces = growing.signals(lines_in([file.read_bytes()]))
    assert [_gist(each) for each in pieces if "uid" in each.fields] == [_gist(each) for each in whole]


def _gist(signal: Signal) -> tuple[object, ...]:
    return signal.kind, signal.fields.get("uid"), signal.charger, signal.line


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=60, deadline=None)
def test_lines_are_the_same_however_the_bytes_come(data: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(each, len(data)) for each in cuts), len(data)]
    slicer, found = Slicer(), []
    for begin, end in pairwise(places):
        found += slicer.cut(data[begin:end])
    found += slicer.end()
    assert found == list(lines_in([data]))


@given(st.text(max_size=300), st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_any_text_is_followed_without_a_crash(text: str, cut: int) -> None:
    growing = Growing(lambda: NOON)
    for part in (text[:cut], text[cut:]):
        growing.sees(part)
        for signal in growing.signals(lines_in([part.encode("utf-8", "replace")])):
            assert signal.kind


def test_a_format_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UseError, match="steve"):
        checked_format("stev")


def test_of_a_line_without_an_end_no_more_is_looked_at_than_of_a_whole_log() -> None:
    growing = Growing(utc_now)
    for _ in range(3):
        growing.sees("x" * SAMPLE)
    assert len(growing.sample) == SAMPLE
    assert not growing.wonders
