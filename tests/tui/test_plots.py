"""Plots: a curve with axes and units, the same in figures, and why there is nothing to look at."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import case_events
import pytest
from fake_watch import NOON, signal
from hypothesis import given
from hypothesis import strategies as st
from screens import LARGE, SMALL, app, misses, press, sees, trip

from chargelore.engine.signal import Signal
from chargelore.kb.store import Store
from chargelore.tui.plotting.drawing import bar_lines, line_plot, rate_plot
from chargelore.tui.plotting.series import Series, measured, rate, thinned


def meter(second: int, **fields: float) -> Signal:
    return replace_fields(signal("CP-1", second, "boot"), "meter", **fields)


def replace_fields(one: Signal, kind: str, **fields: object) -> Signal:
    return Signal(layer="ocpp", kind=kind, charger=one.charger, connector=2, at=one.at, fields=dict(fields))


SESSION = tuple(meter(60 * minute, power=7_000 + 100 * minute, temperature=30 + minute) for minute in range(30))


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_power_and_temperature_of_a_case_are_two_curves_with_units(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path, [trip("CP-1", SESSION)]).run_test(size=size) as pilot:
        await press(pilot, "enter", "f2")
        text = await sees(pilot, "Power, kW", "Temperature, °C", "┤", "30 values from 12:00:00 to 12:29:00 UTC")
        assert any("⠀" < letter <= "⣿" for letter in text)
        await press(pilot, "v")
        await sees(pilot, "least 7.0 kW at 12:00:00", "most 59.0 °C at 12:29:00")
        await misses(pilot, "┤")
        await press(pilot, "escape")
        await sees(pilot, "Suspects")


async def test_a_case_without_meter_values_says_why_there_is_no_curve(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "f2")
        await sees(pilot, "Nothing to plot: of 3 signals of CP-1 #2 0 are values", "MeterValueSampleInterval")


async def test_the_bench_shows_how_often_cases_open(tmp_path: Path) -> None:
    cases = [replace(trip(f"CP-{n}"), opened_at=NOON + timedelta(minutes=7 * n)) for n in range(9)]
    async with app(tmp_path, cases).run_test(size=SMALL) as pilot:
        await press(pilot, "f2")
        await sees(pilot, "Cases opened", "9 cases in steps of 10 min, UTC", "12:00", "┤")
        await press(pilot, "v")
        await sees(pilot, "12:00  2", "12:50  1")
    async with app(tmp_path, ()).run_test(size=SMALL) as pilot:
        await press(pilot, "f2")
        await sees(pilot, "Nothing to plot: no case has opened yet")


async def test_cases_that_others_put_on_the_book_are_plotted_when_it_is_read_anew(tmp_path: Path) -> None:
    async with app(tmp_path, []).run_test(size=LARGE) as pilot:
        await press(pilot, "f2", "v")
        await sees(pilot, "no case has opened yet")
        with Store.open(tmp_path / "events.db") as other:
            other.merge([case_events.opened(0)])
        pilot.app.desk.feed(signal("CP-3", 0, "boot"))
        pilot.app.beat()
        await sees(pilot, "no case has opened yet")
        await press(pilot, "R")
        await sees(pilot, "1 case in steps of")


async def test_the_ball_shows_who_keeps_cases_how_long(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "b", "f2")
        await sees(pilot, "Nothing to plot: nobody has an open case.")
        desk = pilot.app.desk
        desk._enters("CP-1-1")
        await press(pilot, "escape", "f2")
        await sees(pilot, "How long each party has kept the open cases", "█", "in 1 case, at most")


def test_the_current_stands_in_where_nobody_told_the_power() -> None:
    assert [each.name for each in measured([meter(1, current=16.0)], 2)] == ["Current"]
    assert [each.name for each in measured([meter(1, current=16.0, power=11_000)], 2)] == ["Power"]


def test_a_register_counts_in_its_unit_and_another_connector_does_not() -> None:
    register = replace_fields(meter(1), "reading", name="active_power", value=11.0, unit="kW")
    assert measured([register], 2)[0].points == ((NOON + timedelta(seconds=1), 11.0),)
    assert measured([meter(1, power=1.0)], 1) == ()
    assert measured([replace_fields(meter(1), "reading", name="power_state", value="on")], 2) == ()


def test_no_peak_is_lost_when_points_are_thinned() -> None:
    points = [(NOON + timedelta(seconds=n), float(n == 777)) for n in range(5_000)]
    kept = thinned(points, 100)
    assert len(kept) <= 100
    assert max(value for _, value in kept) == 1.0


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=50))
def test_every_case_is_in_one_bar_unless_it_is_older_than_all_bars(seconds: list[int]) -> None:
    times = [NOON + timedelta(seconds=each) for each in seconds]
    found = rate(times, NOON)
    first = found.counts[0][0]
    assert sum(each for _, each in found.counts) == sum(each >= first for each in times)
    assert len(found.counts) <= 60
    assert {one - other for (other, _), (one, _) in zip(found.counts, found.counts[1:], strict=False)} <= {found.step}


HOSTILE = st.floats() | st.integers(-(10**400), 10**400) | st.floats(-1e9, 1e9, exclude_max=True, exclude_min=True)


@given(st.integers(20, 200), st.integers(6, 40), st.lists(HOSTILE, min_size=1, max_size=40))
def test_a_plot_stays_within_its_room_whatever_a_charger_claims(width: int, height: int, values: list[float]) -> None:
    registers = [replace_fields(meter(n), "reading", name="Temperature", value=each) for n, each in enumerate(values)]
    heard = [*registers, *(meter(n, temperature=each) for n, each in enumerate([*values, 20.0]))]
    (series,) = measured(heard, 2)
    for lines in (
        line_plot(series, width, height),
        rate_plot(rate([at for at, _ in series.points], NOON), width, height),
    ):
        assert len(lines) <= height
        assert all(len(each) <= width for each in lines)


def test_a_plot_uses_all_the_room_of_a_large_screen() -> None:
    series = Series("Power", "kW", tuple((NOON + timedelta(seconds=n), float(n)) for n in range(9)))
    lines = line_plot(series, 190, 50)
    assert (len(lines), max(map(len, lines))) == (50, 190)


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    assert [each.count("█") for each in bar_lines([("a", 10, "x"), ("b", 5, "x"), ("c", 0, "x")], 60)] == [54, 27, 1]


def test_what_draws_is_loaded_when_a_plot_is_opened_and_not_before() -> None:
    asks = "import sys, chargelore.tui.touring.app; print('plotext' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
