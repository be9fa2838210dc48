"""A recorded log on the screens: on its own clock, at a chosen speed, step by step; nothing stays behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bench_screens import until
from fake_watch import NOON, FakeWatch, signal
from screens import LARGE, SMALL, press, sees
from shell import chargelore

from chargelore.engine.signal import Signal
from chargelore.kb.errors import UseError
from chargelore.kb.store import Store
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
from chargelore.tui.replaying.app import ReplayApp, apart
from chargelore.tui.replaying.tape import STEP, Tape, moment_of

LOG = [signal("CP-1", 0, "boot"), signal("CP-1", 60, "status"), signal("CP-1", 90, "fault")]


class Wall:
    """A clock on the wall that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Timed(FakeWatch):
    """Remembers each time that it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[datetime] = []
        self.is_ended = False

    def tick(self, now: datetime) -> frozenset[str]:
        self.told.append(now)
        return frozenset()

    def end(self) -> frozenset[str]:
        self.is_ended = True
        return frozenset()


def replaying(folder: Path, tape: Tape, *, is_read_only: bool = False) -> ReplayApp:
    watch = Timed()
    desk = Desk(watch.knowledge, watch, Store.open(folder / "replay.db"), Drafts(folder / "drafts"))
    desk.is_read_only = is_read_only
    return ReplayApp(desk, tape)


def played(tape: Tape, wall: Wall, *seconds: float) -> list[int]:
    """How many signals have come after each of these spans on the wall."""
    heard: list[Signal] = []
    counts = []
    for each in seconds:
        wall.now += each
        tape.turn(heard.append)
        counts.append(len(heard))
    return counts


@pytest.mark.parametrize(("speed", "expected"), [(1.0, [1, 1, 1, 2]), (10.0, [1, 2, 3, 3]), (100.0, [1, 3, 3, 3])])
def test_a_tape_plays_as_fast_as_it_is_told(speed: float, expected: list[int]) -> None:
    wall = Wall()
    assert played(Tape(LOG, speed, wall=wall), wall, 0, 6, 4, 51) == expected


def test_step_by_step_one_signal_comes_at_a_time() -> None:
    wall = Wall()
    tape = Tape(LOG, STEP, wall=wall)
    assert played(tape, wall, 0, 500) == [0, 0]
    tape.step()
    assert played(tape, wall, 0, 500) == [1, 1]
    assert tape.at == NOON


def test_everything_up_to_a_time_comes_at_once_and_the_clock_stands_there() -> None:
    wall = Wall()
    tape = Tape(LOG, 1.0, wall=wall)
    tape.go_to(NOON + timedelta(seconds=70))
    assert played(tape, wall, 0) == [2]
    assert tape.at == NOON + timedelta(seconds=70)
    with pytest.raises(UseError, match="forward only"):
        tape.go_to(NOON)


def test_nobody_sits_through_hours_of_silence() -> None:
    wall = Wall()
    tape = Tape([LOG[0], signal("CP-1", 40_000, "boot")], 1.0, wall=wall)
    assert played(tape, wall, 0, 0.1) == [2, 2]


def test_a_signal_without_a_time_comes_at_once() -> None:
    wall = Wall()
    timeless = Signal(layer="ocpp", kind="boot", charger="CP-1", at=None)
    assert played(Tape([LOG[0], timeless, LOG[2]], 1.0, wall=wall), wall, 0) == [2]


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "2026-13-01T00:00", "[red]", "9" * 5000])
def test_what_is_no_time_is_told(typed: str) -> None:
    with pytest.raises(UseError, match="is no time"):
        moment_of(typed, NOON)


def test_a_time_of_day_is_one_of_the_day_of_the_tape() -> None:
    assert moment_of("12:30", NOON) == NOON + timedelta(minutes=30)
    assert moment_of("2026-03-05T01:00", NOON) == NOON + timedelta(hours=13)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_badge_says_replay_on_every_screen_also_while_paused(tmp_path: Path, size: tuple[int, int]) -> None:
    async with replaying(tmp_path, Tape(LOG, STEP)).run_test(size=size) as pilot:
        await sees(pilot, "REPLAY step")
        await press(pilot, "equals_sign", "full_stop", "full_stop")
        await sees(pilot, "REPLAY step 12:01:00", "PAUSED · 2 new")
        for key in ("b", "l", "question_mark"):
            await press(pilot, key)
            await sees(pilot, "REPLAY step 12:01:00")
            await press(pilot, "escape")


async def test_the_clock_is_that_of_the_signals_and_never_the_one_on_the_wall(tmp_path: Path) -> None:
    made = replaying(tmp_path, Tape(LOG, STEP))
    async with made.run_test(size=LARGE) as pilot:
        await press(pilot, "full_stop")
        await sees(pilot, "REPLAY step 12:00:00")
        made.desk.tick()
        assert set(made.desk.watch.told) == {NOON}


async def test_a_case_opens_while_it_plays_and_the_end_of_the_tape_is_judged(tmp_path: Path) -> None:
    made = replaying(tmp_path, Tape(LOG, 1000.0))
    async with made.run_test(size=LARGE) as pilot:
        await sees(pilot, "REPLAY ended", "1 case", "The tape is over: 3 signals.")
        assert made.desk.watch.is_ended


async def test_keys_change_the_speed_and_a_time_is_typed(tmp_path: Path) -> None:
    async with replaying(tmp_path, Tape(LOG, STEP)).run_test(size=SMALL) as pilot:
        await press(pilot, "full_stop")
        await sees(pilot, "REPLAY step 12:00:00")
        await press(pilot, "at", *"noon", "enter")
        await sees(pilot, "'noon' is no time")
        await press(pilot, *["backspace"] * 4, *"12:01:10", "enter")
        await sees(pilot, "REPLAY step 12:01:10", "1 charger")
        await press(pilot, "greater_than_sign")
        await sees(pilot, "REPLAY 1×")
        await press(pilot, "greater_than_sign", "greater_than_sign")
        await sees(pilot, "The tape is over")


def test_what_is_written_in_a_replay_stays_out_of_the_store(tmp_path: Path) -> None:
    with Store.open(tmp_path / "events.db") as real, apart(real, tmp_path / "replay.db") as store:
        store.record_gap("beep", {})
        assert real.events() == ()
    with Store.open(tmp_path / "events.db") as real:
        real.record_gap("hum", {})
        with apart(real, tmp_path / "other.db") as store:
            assert len(store.events()) == 1


async def test_read_only_holds_in_a_replay_too(tmp_path: Path) -> None:
    made = replaying(tmp_path, Tape(LOG, 1000.0), is_read_only=True)
    async with made.run_test(size=LARGE) as pilot:
        await sees(pilot, "READ-ONLY", "REPLAY ended", "1 case")
        await press(pilot, "enter", "1", "t", "r", "z")
        await until(pilot, lambda: made.desk.store.events() == ())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("replay", "no-such.log"), "no-such.log"),
        (("replay", "x.log", "--speed", "0"), "above 0, or step"),
        (("replay",), "Missing argument"),
    ],
)
def test_bad_use_is_told_in_a_sentence(said: Sequence[str], expected: str, tmp_path: Path) -> None:
    told = chargelore(*said)
    assert told.code == 2
    assert expected in told.err


def test_a_log_on_the_command_line_is_replayed(tmp_path: Path) -> None:
    file = tmp_path / "charger.log"
    file.write_text('2026-03-04T12:00:00Z [2,"1","Heartbeat",{}]\n')
    for args in (("replay", str(file)), (str(file),)):
        told = chargelore(*args)
        assert (told.code, "the screens need a terminal" in told.err) == (2, True)
