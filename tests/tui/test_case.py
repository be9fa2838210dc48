"""The case screen shows what happened, what is suspected and what to do next, and takes answers by number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
import small_world
from fake_watch import signal
from screens import LARGE, SMALL, app, misses, press, row, sees, trip

from chargelore.engine.firing import Conclusion


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_case_shows_timeline_suspects_and_next_step(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await press(pilot, "enter")
        await sees(pilot, "12:00:09 ocpp", "seen: ocpp", "not seen: csms modbus")
        await sees(pilot, "Most likely: Water in plug", "operator acts · 2 for, strong", "not in this knowledge base")
        await sees(pilot, "1 min · from the desk", "Did it rain in the last day?", "splits  Water in plug")


async def test_the_visit_is_one_key_away(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "v")
        await sees(pilot, "VISIT: ", "at the desk", "Ask for rain", "take along")


async def test_a_number_answers_the_question_and_the_suspects_are_weighed_again(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter")
        await sees(pilot, " 1  yes   2  no   0  did not look")
        await press(pilot, "2")
        assert pilot.app.desk.cases["CP-1-1"].answers[small_world.RAIN] == "no"
        await sees(pilot, "“Did it rain in the last day?” no. Now first: Cable cut.")


async def test_a_mistaken_answer_is_asked_again(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "2", "z", "1")
        assert pilot.app.desk.cases["CP-1-1"].answers[small_world.RAIN] == "yes"


async def test_what_nobody_looked_at_is_left_open(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "0")
        await sees(pilot, "counts neither way")
        assert small_world.RAIN not in pilot.app.desk.watch.cases["CP-1-1"].answers
        await misses(pilot, " 1  yes")


async def test_a_step_that_did_not_help_moves_the_suspects(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "d", "t")
        assert pilot.app.desk.watch.cases["CP-1-1"].tried == (small_world.DRY,)
        await sees(pilot, "no help from “Dry the plug”")


async def test_why_shows_each_reason_and_the_signals_behind_it(tmp_path: Path) -> None:
    case = replace(trip(), answers={small_world.RAIN: "no"})
    joined = Conclusion(rule="wet", facts=(small_world.AT_PLUG_IN,), cause=small_world.WET)
    async with app(tmp_path, [replace(case, conclusions=(joined,))]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter", "x")
        await sees(pilot, "✓ strong the charger reports: ground fault trip", "? When does it trip?", "author only")
        await sees(pilot, "12:00:09 ocpp  ! #2 fault: ground fault trip (code E7)")
        await sees(pilot, "Did it rain in the last day? no", "your answer")
        assert "✗" in row(pilot, "Did it rain")


async def test_every_suspect_can_be_explained_also_the_unknown_one(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "G", "x")
        await sees(pilot, "not in this knowledge base")
        await sees(pilot, "Layers that could not be seen: csms")


async def test_a_step_tells_its_hazard_and_what_it_cures(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "d")
        await sees(pilot, "60 min · with the cabinet open")
        await sees(pilot, "DANGER  Mains voltage behind the cover.")
        await sees(pilot, "cures   Water in plug")


async def test_a_signal_opens_with_all_its_fields_and_its_raw_text(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "shift+tab", "G", "enter")
        assert "fault  " in row(pilot, "ground-fault-trip")
        assert "trips at plug in" in row(pilot, "symptom")
        await sees(pilot, '[2,"9","fault",{}]')


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
        await sees(pilot, "Timeline, UTC · 50,000")
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
        await sees(pilot, "12:01:17")


async def test_a_case_that_is_closed_elsewhere_leaves_the_screen(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter")
        pilot.app.desk.close("CP-1-1")
        pilot.app.beat()
        await pilot.pause()
        await pilot.pause()
        await sees(pilot, "No open case.")


async def test_a_pane_can_be_as_large_as_the_screen(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "plus")
        await misses(pilot, "Timeline")
        await sees(pilot, "Cable cut")
        await press(pilot, "escape")
        await sees(pilot, "Timeline")
