"""The case screen shows what happened, what is suspected and what to do next, and takes answers by number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
import small_world
from fake_watch import signal
from screens import LARGE, SMALL, app, press, row, shown, trip

from chargelore.engine.firing import Conclusion


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_case_shows_timeline_suspects_and_next_step(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await press(pilot, "enter")
        text = shown(pilot)
        assert "12:00:09 ocpp" in text
        assert "Most likely: Water in plug" in text
        assert "seen: ocpp" in text
        assert "not seen: csms modbus" in text
        assert "operator acts · 2 for, strong" in text
        assert "not in this knowledge base" in text
        assert "1 min · from the desk" in text
        assert "Did it rain in the last day?" in text
        assert "splits  Water in plug" in text


async def test_the_visit_is_one_key_away(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "v")
        text = shown(pilot)
        assert "VISIT: " in text
        assert "at the desk" in text
        assert "Ask for rain" in text
        assert "take along" in text


async def test_a_number_answers_the_question_and_the_suspects_are_weighed_again(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter")
        assert " 1  yes   2  no   0  did not look" in shown(pilot)
        await press(pilot, "2")
        assert pilot.app.desk.cases["CP-1-1"].answers[small_world.RAIN] == "no"
        assert "“Did it rain in the last day?” no. Now first: Cable cut." in shown(pilot)


async def test_a_mistaken_answer_is_asked_again(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "2", "z", "1")
        assert pilot.app.desk.cases["CP-1-1"].answers[small_world.RAIN] == "yes"


async def test_what_nobody_looked_at_is_left_open(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "0")
        assert "counts neither way" in shown(pilot)
        assert small_world.RAIN not in pilot.app.desk.watch.cases["CP-1-1"].answers
        assert " 1  yes" not in shown(pilot)


async def test_a_step_that_did_not_help_moves_the_suspects(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "d", "t")
        assert pilot.app.desk.watch.cases["CP-1-1"].tried == (small_world.DRY,)
        assert "no help from “Dry the plug”" in shown(pilot)


async def test_why_shows_each_reason_and_the_signals_behind_it(tmp_path: Path) -> None:
    case = replace(trip(), answers={small_world.RAIN: "no"})
    joined = Conclusion(rule="wet", facts=(small_world.AT_PLUG_IN,), cause=small_world.WET)
    async with app(tmp_path, [replace(case, conclusions=(joined,))]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "x")
        text = shown(pilot)
        assert "✓ strong the charger reports: ground fault trip" in text
        assert "12:00:09 ocpp  ! #2 fault: ground fault trip (code E7)" in text
        assert "✗" in row(pilot, "Did it rain")
        assert "Did it rain in the last day? no" in text
        assert "your answer" in text
        assert "? When does it trip?" in text
        assert "author only" in text


async def test_every_suspect_can_be_explained_also_the_unknown_one(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "G", "x")
        assert "not in this knowledge base" in shown(pilot)
        assert "Layers that could not be seen: csms" in shown(pilot)


async def test_a_step_tells_its_hazard_and_what_it_cures(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "d")
        assert "60 min · with the cabinet open" in shown(pilot)
        assert "DANGER  Mains voltage behind the cover." in shown(pilot)
        assert "cures   Water in plug" in shown(pilot)


async def test_a_signal_opens_with_all_its_fields_and_its_raw_text(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "shift+tab", "G", "enter")
        assert "fault  " in row(pilot, "ground-fault-trip")
        assert "trips at plug in" in row(pilot, "symptom")
        assert '[2,"9","fault",{}]' in shown(pilot)


async def test_e_jumps_to_the_next_sign_of_trouble(tmp_path: Path) -> None:
    log = [signal("CP-1", second, "fault" if second in {40, 80} else "meter") for second in range(100)]
    async with app(tmp_path, [trip("CP-1", log)]).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "shift+tab", "E", "E")
        assert pilot.app.screen.timeline.table.current is log[40]
        await press(pilot, "e")
        assert pilot.app.screen.timeline.table.current is log[80]


async def test_a_case_of_fifty_thousand_signals_opens_at_once(tmp_path: Path) -> None:
    log = [signal("CP-1", second, "meter") for second in range(50_000)]
    async with app(tmp_path, [trip("CP-1", log)]).run_test(size=SMALL) as pilot:
        began = monotonic()
        await press(pilot, "enter", "shift+tab", "g", "G")
        assert "Timeline, UTC · 50,000" in shown(pilot)
        assert monotonic() - began < 10


async def test_the_timeline_follows_a_live_case(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter")
        case = pilot.app.desk.watch.cases["CP-1-1"]
        newest = signal("CP-1", 77, "meter")
        pilot.app.desk.watch.cases["CP-1-1"] = replace(case, signals=(*case.signals, newest))
        pilot.app.desk.feed(newest)
        pilot.app.beat()
        await pilot.pause()
        assert pilot.app.screen.timeline.table.current is newest
        assert "12:01:17" in shown(pilot)


async def test_a_case_that_is_closed_elsewhere_leaves_the_screen(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter")
        pilot.app.desk.close("CP-1-1")
        pilot.app.beat()
        await pilot.pause()
        await pilot.pause()
        assert "No open case." in shown(pilot)


async def test_a_pane_can_be_as_large_as_the_screen(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "plus")
        assert "Timeline" not in shown(pilot)
        assert "Cable cut" in shown(pilot)
        await press(pilot, "escape")
        assert "Timeline" in shown(pilot)
