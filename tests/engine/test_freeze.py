"""Freeze frame: a case holds how the readings went in the minutes before it, from a real server too."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from register_server import real_server
from wallbox import Enough, StillClock

from chargelore.engine.case import Charger
from chargelore.engine.freeze import FROZEN, MOST_COURSES, MOST_POINTS, Freezer, courses, moves
from chargelore.engine.grammar.rule import shipped as rules
from chargelore.engine.signal import Scalar, Signal
from chargelore.engine.sources.address import Address
from chargelore.engine.sources.modbus import Pace, poll
from chargelore.engine.triage import Found, as_json
from chargelore.engine.watch import Watch
from chargelore.kb.load import shipped as knowledge
from chargelore.kb.loadmap import load_map

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def reading(name: str, value: Scalar, after: float) -> Signal:
    at, fields = NOON + timedelta(seconds=after), {"name": name, "value": value, "unit": "A"}
    return Signal(layer="modbus", kind="reading", charger="CP", at=at, fields=fields)


def frozen(*signals: Signal) -> Freezer:
    made = Freezer()
    for signal in signals:
        made.takes(signal)
    return made


def test_what_stood_when_the_minutes_began_and_each_change_since_is_kept() -> None:
    steps = [(0, 6), (60, 6), (100, 10), (500, 10), (590, 16), (601, 0)]
    (course,) = courses(frozen(*(reading("current.l1", value, after) for after, value in steps)).frame(after(600)))
    assert [(at - NOON, value) for at, value in course.points] == [
        (timedelta(seconds=100), 10),
        (after(590) - NOON, 16),
    ]


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_what_moved_comes_first_and_is_told_in_a_line() -> None:
    steady, moved = [reading("voltage.l1", 230, 0)], [reading("current.l1", value, 5 * value) for value in (16, 8, 0)]
    found = frozen(*steady, *reversed(moved)).frame(after(200))
    assert [each.name for each in courses(found)] == ["current.l1", "voltage.l1"]
    assert moves(found) == "current.l1 0 → 16 A"


def test_a_device_that_invents_readings_or_changes_stays_bounded() -> None:
    made = frozen(*(reading(f"r{each}", 1, 0) for each in range(MOST_COURSES + 50)))
    for each in range(1_000):
        made.takes(reading("r0", each, each / 100))
    assert len(made.courses) == MOST_COURSES
    assert sum(len(course) for course in made.courses.values()) == MOST_COURSES - 1 + MOST_POINTS


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.integers(0, 900)), max_size=60))
def test_a_frame_is_in_order_and_never_from_after_the_fault(steps: list[tuple[str, int, int]]) -> None:
    told = sorted(steps, key=lambda each: each[2])
    frame = frozen(*(reading(name, value, at) for name, value, at in told)).frame(after(600))
    times = [each.at for each in frame if each.at]
    assert times == sorted(times)
    assert all(at <= after(600) for at in times)
    for course in courses(frame):
        assert sum(at <= after(600) - FROZEN for at, _ in course.points) <= 1


async def test_a_case_of_a_charger_on_modbus_shows_what_its_registers_did_before_the_fault() -> None:
    """Power falls, then the charger reports a fault of its leakage sensor and a stuck relay."""
    found = load_map("sigenergy-ac")
    async with real_server(found, found.samples[0]) as server:
        loop = asyncio.get_running_loop()

        def sets(address: int, *words: int) -> None:
            pending.append(loop.create_task(server.async_setValues(found.unit_id, 4, address, list(words))))

        pending: list[asyncio.Task[object]] = []
        clock = StillClock(95, {45: lambda: sets(32003, 0, 4000), 75: lambda: sets(32013, 2)})
        port = int(server.transport.sockets[0].getsockname()[1])  # type: ignore[attr-defined]  # a TCP server's
        pace = Pace(every=10, fastest=10, timeout=5, now=clock.now, sleep=clock.sleep)
        with Watch(knowledge(), rules()) as watch:
            watch.identify(Charger(id="CP", vendor=found.vendor, model=found.model))
            try:
                async for signal in poll(Address("127.0.0.1", port), found, "CP", pace):
                    watch.feed(signal)
            except Enough:
                pass
            ((case_id, _),) = watch.opened
            case, diagnosis = watch.case(case_id), watch.diagnosis(case_id)
    assert "power 11.004 → 4.0 kW" in moves(case.frame)
    told = {each["name"]: each["points"] for each in as_json(Found(case, diagnosis))["before"]}
    assert [value for _, value in told["power"]] == [11.004, 4.0]
    assert [value for _, value in told["voltage.rated"]] == [230.0]
    assert {each.code for each in case.codes} == {"32013.1"}
