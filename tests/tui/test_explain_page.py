"""Every rule in one case: what matched, what the others lack, the signal behind a line, and the case as an example."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from threading import Event

import pytest
from bench_screens import until
from fake_watch import signal
from screens import LARGE, SMALL, Here, app, press, sees, trip
from textual.widgets import Static

from chargelore.engine.grammar.rule import SHIPPED, load_rules, rule_file
from chargelore.engine.proving.branches import Standing
from chargelore.tui.explaining.putting import Putting
from chargelore.tui.screens import explain
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.explain import ExplainPage

HUGE = (200, 60)
SILENT = "signals/authorization-payment/authorise-unanswered.yaml"
LOST = "cases/authorization-payment/list-gone-after-restart.yaml"
NEAR = """
id: near
title: A trip right after boot
status: stable
author: me
signals:
  begun: {kind: boot}
  tripped: {kind: fault, fault: ground-fault-trip, code: E8}
when: {sequence: [begun, tripped], within: 1m}
symptom: ground-fault-on-plug-in
examples:
  - {name: soon, expect: match, given: [{at: 0s, begun: {}}, {at: 5s, tripped: {}}]}  # kept
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two rules that ship, and one that lacks one thing in the case."""
    made = tmp_path / "rules"
    made.mkdir()
    for each in (SILENT, LOST):
        copy(SHIPPED / each, made)
    (made / "near.yaml").write_text(NEAR)
    return made


async def opened(pilot: Here, folder: Path) -> ExplainPage:
    now = pilot.app.desk.look_at("CP-1-1")
    assert now is not None
    page = ExplainPage(pilot.app.desk, now[0], load_rules(folder))
    await pilot.app.push_screen(page)
    await sees(pilot, "of 3 rules matched")
    return page


def quiet_case(folder: Path, **how: object) -> object:
    case = trip("CP-1", [signal("CP-1", 0, "boot"), signal("CP-1", 5, "unanswered", action="Authorize"),
                         signal("CP-1", 9, "fault")])  # fmt: skip
    return app(folder, [case], **how)


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_what_matched_comes_first_and_the_nearest_of_the_others_next(
    tmp_path: Path, folder: Path, size: tuple[int, int]
) -> None:
    async with quiet_case(tmp_path).run_test(size=size) as pilot:
        page = await opened(pilot, folder)
        assert [(each.rule.id, each.mark) for each in page.rows] == [
            ("authorise-unanswered", "✓"), ("near", "✗"), ("list-gone-after-restart", "?")
        ]  # fmt: skip
        await sees(pilot, "✓ matched", "✗ lacks 1", "? lacks 2", "✓ action is 'Authorize'")


async def test_the_one_thing_that_kept_a_rule_from_matching_is_said(tmp_path: Path, folder: Path) -> None:
    async with quiet_case(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "j", "enter")
        await sees(pilot, "One thing alone kept it from matching:", "`tripped`: code is 'E7'; wanted == E8")
        await sees(pilot, "├─ ✓ `begun` was met once", "✗ code is 'E7'", "✓ fault is 'ground-fault-trip'")


async def test_any_rule_is_found_by_words_and_by_state(tmp_path: Path, folder: Path) -> None:
    async with quiet_case(tmp_path).run_test(size=SMALL) as pilot:
        await opened(pilot, folder)
        await press(pilot, "slash", *"state:not", "enter")
        await sees(pilot, "1 of 3", "near")


async def test_enter_on_a_line_goes_to_its_signal_on_the_timeline(tmp_path: Path, folder: Path) -> None:
    async with quiet_case(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "enter")
        await sees(pilot, "✓ action is 'Authorize'")
        await press(pilot, "v")
        await sees(pilot, "12:00:05")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CasePage))
        page = pilot.app.screen
        await until(pilot, lambda: (at := page.timeline.table.current) is not None and at.kind == "unanswered")
        await press(pilot, "escape", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExplainPage))


async def test_a_case_becomes_an_example_of_a_rule_that_did_not_match_and_z_takes_it_back(
    tmp_path: Path, folder: Path
) -> None:
    async with quiet_case(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "j", "enter")
        await sees(pilot, "One thing alone")
        await press(pilot, "t")
        await sees(pilot, "(no match) is an example of near now")
        rule = rule_file(folder / "near.yaml")
        assert [each.expect for each in rule.examples] == ["match", "no match"]
        assert "# kept" in (folder / "near.yaml").read_text()
        await press(pilot, "z")
        await sees(pilot, "Undone: example")
        assert (folder / "near.yaml").read_text() == NEAR
        await press(pilot, "Z")
        await sees(pilot, "Done again")
        assert len(rule_file(folder / "near.yaml").examples) == 2


async def test_a_case_becomes_an_example_of_a_rule_that_matched(tmp_path: Path, folder: Path) -> None:
    case = trip("CP-1", [signal("CP-1", 0, "boot"), signal("CP-1", 17, "fault", code="E8")])
    async with app(tmp_path, [case]).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "enter")
        await sees(pilot, "it matched once")
        await press(pilot, "t")
        await sees(pilot, "(match) is an example of near now")
        assert rule_file(folder / "near.yaml").examples[-1].given[-1] == {"at": "17s", "tripped": {}}


async def test_an_example_that_the_rule_has_is_not_written_again(tmp_path: Path, folder: Path) -> None:
    before = (folder / Path(SILENT).name).read_text()
    async with quiet_case(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "enter")
        await sees(pilot, "it matched once")
        await press(pilot, "t")
        await sees(pilot, "the rule has this example already")
        assert (folder / Path(SILENT).name).read_text() == before


async def test_an_undo_overwrites_nothing_that_somebody_wrote_since(tmp_path: Path, folder: Path) -> None:
    async with quiet_case(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "j", "enter")
        await sees(pilot, "One thing alone")
        await press(pilot, "t")
        await sees(pilot, "is an example of near now")
        file = folder / "near.yaml"
        file.write_text(file.read_text() + "# mine\n")
        await press(pilot, "z")
        await sees(pilot, "was changed since")
        assert file.read_text().endswith("# mine\n")


async def test_no_example_is_written_in_read_only_mode(tmp_path: Path, folder: Path) -> None:
    async with quiet_case(tmp_path, is_read_only=True).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "j", "enter")
        await sees(pilot, "One thing alone")
        await press(pilot, "t")
        assert (folder / "near.yaml").read_text() == NEAR


async def test_escape_stops_it_and_leaves_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, all_of = Event(), Putting.each

    def slowly(putting: Putting) -> Iterator[Standing]:
        for number, each in enumerate(all_of(putting)):
            if number == 9:
                goes_on.wait(60)
            yield each

    monkeypatch.setattr(Putting, "each", slowly)
    monkeypatch.setattr(explain, "EVERY", 0.0)
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "x", "x")
        await sees(pilot, "Rules, the nearest first · 9", "left; esc stops it")
        await press(pilot, "escape")
        goes_on.set()
        await sees(pilot, "Stopped: the other rules were not put to the case", "first · 9")
        await pilot.app.workers.wait_for_complete()
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ExplainPage))


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_a_suspect_is_drawn_as_a_graph(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await press(pilot, "enter", "x", "v")
        text = await sees(pilot, "What was seen", "├─ ✓", "▼", "Water in plug", "└──")
        box = [
            each.rstrip()
            for each in text.splitlines()
            if each.strip()[:1] in {"┌", "│", "└"} and each.strip()[-1] in {"┐", "│", "┘"}
        ]
        assert len(box) == 4
        assert len({len(each) for each in box}) == 1
        await press(pilot, "G")
        await sees(pilot, "What to do", "✚ often", "Dry the plug")
        await press(pilot, "v")
        await sees(pilot, "For it")


async def test_hostile_words_of_a_charger_stay_text(tmp_path: Path, folder: Path) -> None:
    odd = trip(
        "CP-1", [signal("CP-1", 0, "boot"), signal("CP-1", 9, "fault", code="[red]\x1b[31mE\u202e8" + "x" * 9000)]
    )
    async with app(tmp_path, [odd]).run_test(size=SMALL) as pilot:
        page = await opened(pilot, folder)
        await press(pilot, "slash", *"near", "enter")
        await sees(pilot, "1 of 3", "[red]")
        assert "\x1b" not in str(page.query_one("#explain-tree", Static).visual)


async def test_one_comes_back_to_the_rules_of_a_case(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "x", "x")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExplainPage))
        await sees(pilot, "Rules, the nearest first")
        while len(pilot.app.screen_stack) > 1:
            await pilot.app.pop_screen()
        assert isinstance(pilot.app.screen, Bench)
        assert pilot.app.go(ExplainPage(pilot.app.desk, pilot.app.desk.cases["CP-1-1"]).place)
        await until(pilot, lambda: isinstance(pilot.app.screen, ExplainPage))
