"""The rules on one screen: how each stands, its examples run, its file changed, and the open case put to it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from shutil import copy

import pytest
from fake_watch import signal
from screens import LARGE, SMALL, Here, app, commanded, misses, press, row, sees, trip

from chargelore.engine.grammar.rule import SHIPPED, Rules, load_rules, rule_file
from chargelore.kb.errors import UseError
from chargelore.kb.finding import Finding
from chargelore.kb.load import shipped as knowledge
from chargelore.tui.rulebook import judged, may_edit
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.reading import Reading
from chargelore.tui.screens.rules import RulesPage

HUGE = (200, 60)
SIGNAL = "signals/authorization-payment/authorise-unanswered.yaml"
CASE = "cases/authorization-payment/list-gone-after-restart.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two rules."""
    made = tmp_path / "rules"
    made.mkdir()
    for each in (SIGNAL, CASE):
        copy(SHIPPED / each, made)
    return made


def as_editor(monkeypatch: pytest.MonkeyPatch, folder: Path, old: str, new: str) -> None:
    """An editor that replaces these words in the file that it is given."""
    script = folder.parent / "editor.py"
    change = f"file.write_text(file.read_text().replace({old!r}, {new!r}))"
    script.write_text(f"import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\n{change}\n")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")


async def opened(pilot: Here, folder: Path, case_id: str = "") -> RulesPage:
    page = RulesPage(pilot.app.desk, case_id, folder)
    await pilot.app.push_screen(page)
    await settled(pilot)
    return page


async def settled(pilot: Here) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_a_key_that_was_typed_before_the_rules_were_read_counts_once_they_are(
    tmp_path: Path, folder: Path
) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        page = RulesPage(pilot.app.desk, "", folder)
        await pilot.app.push_screen(page)
        page.listing.table.action_end(1)
        assert not page.rows
        await settled(pilot)
        assert page.listing.table.cursor == len(page.rows) - 1 == 1


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_each_rule_stands_with_its_state_its_owner_and_its_reasons(
    tmp_path: Path, folder: Path, size: tuple[int, int]
) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await opened(pilot, folder)
        assert "authorise-unanswered" in row(pilot, "stable     chargelore    –")
        await sees(pilot, "list-gone-after-restart")
        await press(pilot, "enter")
        await sees(pilot, "Fewer than 5 findings", "A log that shows one side only", "Does an authorisation request")
        assert isinstance(pilot.app.screen, Reading)
        await press(pilot, "G")
        await sees(pilot, "kind: unanswered")


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_all_rules_that_ship_are_listed_and_found_by_state(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        page = await opened(pilot, SHIPPED)
        assert {each.rule.id for each in page.rows} == {each.id for each in load_rules().every}
        await press(pilot, "slash", *"state:shadow", "enter")
        shadows = [each for each in load_rules().every if each.status == "shadow"]
        await sees(pilot, f"{len(shadows)} of {len(page.rows)}")


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_a_folder_without_rules_says_why_nothing_is_there(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "none").mkdir()
    async with app(tmp_path).run_test(size=size) as pilot:
        await opened(pilot, tmp_path / "none")
        await press(pilot, "T", "x", "e", "enter")
        await sees(pilot, "No rules are here")


async def test_the_examples_of_a_rule_are_run_and_told_one_by_one(tmp_path: Path, folder: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "T")
        await settled(pilot)
        await sees(pilot, "authorise-unanswered: 2 examples, 0 failed.")
        await sees(pilot, "✓ heartbeat")
        await press(pilot, "G", "T")
        await settled(pilot)
        await sees(pilot, "list-gone-after-restart: 3 examples, 0 failed.")


async def test_an_edited_rule_is_read_anew_and_a_failing_example_is_marked(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_editor(monkeypatch, folder, "action: Authorize", "action: StartTransaction")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        await opened(pilot, folder)
        await press(pilot, "e")
        assert "authorise-unanswered reads well" in await sees(pilot, "reads well")
        await settled(pilot)
        as_editor(monkeypatch, folder, "expect: no match", "expect: match")
        await press(pilot, "e")
        await settled(pilot)
        await press(pilot, "T")
        await settled(pilot)
        await sees(pilot, "1 failed")
        assert row(pilot, "F authorise-unanswered")


async def test_a_broken_text_is_kept_and_told_and_the_rule_as_it_was_is_shown(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_editor(monkeypatch, folder, "when: {signal: silent}", "when: {signal: [red]nowhere")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        await opened(pilot, folder)
        await press(pilot, "e")
        assert "Kept as saved, but it cannot be read" in await sees(pilot, "Kept as saved")
        assert row(pilot, "B authorise-unanswered")
        await sees(pilot, "BROKEN")
        assert "[red]nowhere" in (folder / Path(SIGNAL).name).read_text()
        as_editor(monkeypatch, folder, "{signal: [red]nowhere", "{signal: silent}")
        await press(pilot, "e")
        await sees(pilot, "reads well")
        await settled(pilot)
        assert not row(pilot, "B authorise-unanswered")


async def test_a_file_that_is_broken_already_hides_no_other_rule(tmp_path: Path, folder: Path) -> None:
    (folder / "another.yaml").write_text("id: [")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        page = await opened(pilot, folder)
        assert len(page.rows) == 2
        await sees(pilot, "Rules · 1 unreadable · 2", "another.yaml")


def no_yaml(file: Path) -> None:
    file.write_text("id: [never closed", encoding="utf-8")


def no_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00" * 50_000)


def no_file(file: Path) -> None:
    file.unlink()


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def no_rule(file: Path) -> None:
    file.write_text("- [red]\x1b[31m\u202e\n", encoding="utf-8")


@pytest.mark.parametrize("harm", [no_yaml, no_text, no_file, a_folder, no_rule])
async def test_a_file_broken_while_its_rule_is_shown_ends_nothing_and_is_told_when_read_anew(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None]
) -> None:
    as_editor(monkeypatch, folder, "nothing", "nothing")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder, "CP-1-1")
        harm(folder / Path(SIGNAL).name)
        for keys in (("T",), ("B", "enter", "escape"), ("x", "escape"), ("enter", "escape"), ("j", "k")):
            await press(pilot, *keys)
            await settled(pilot)
            assert isinstance(pilot.app.screen, RulesPage)
        await press(pilot, "R")
        await settled(pilot)
        await sees(pilot, "list-gone-after-restart")  # the other rule stands
        if harm not in (no_file, a_folder):  # the rule as it was, with why its file is no use
            assert "authorise-unanswered" in row(pilot, " B ")
            await press(pilot, "g")
            await sees(pilot, Path(SIGNAL).name)
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        await press(pilot, "e", "T", "R")
        await settled(pilot)
        assert pilot.app.is_running


async def test_a_file_changed_beside_the_screens_is_read_anew_by_r(tmp_path: Path, folder: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        file = folder / Path(SIGNAL).name
        file.write_text(file.read_text().replace("status: stable", "status: shadow"), encoding="utf-8")
        await press(pilot, "R")
        await settled(pilot)
        assert "authorise-unanswered" in row(pilot, "shadow")


async def test_an_editor_that_is_not_there_and_a_terminal_that_cannot_be_lent_are_told(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "/nowhere/at/all")
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "e")
        await sees(pilot, "This terminal cannot be lent")
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        await press(pilot, "e")
        await sees(pilot, "cannot be started")


async def test_no_rule_is_edited_in_read_only_mode(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_editor(monkeypatch, folder, "status: stable", "status: draft")
    async with app(tmp_path, is_read_only=True).run_test(size=LARGE) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)
        await opened(pilot, folder)
        await press(pilot, "e")
        assert "status: stable" in (folder / Path(SIGNAL).name).read_text()


def test_a_rule_that_was_installed_is_not_edited_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(UseError, match="came with the program"):
        may_edit(tmp_path / "site-packages" / "chargelore" / "rules" / "a.yaml")


async def test_a_rule_is_put_to_the_open_case(tmp_path: Path, folder: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder, "CP-1-1")
        await press(pilot, "x")
        await sees(pilot, "authorise-unanswered in CP-1-1")
        await sees(pilot, "silent")
        await press(pilot, "escape", "G", "x")
        await sees(pilot, "list-gone-after-restart in CP-1-1", "it does not hold")
        await sees(pilot, "local-list-version-lost: nobody looked")


async def test_where_it_fired_in_the_case_x_says_when_and_by_which_signal(tmp_path: Path, folder: Path) -> None:
    case = trip("CP-1", [signal("CP-1", 0, "boot"), signal("CP-1", 5, "unanswered", action="Authorize")])
    async with app(tmp_path, [case]).run_test(size=LARGE) as pilot:
        await opened(pilot, folder, "CP-1-1")
        await press(pilot, "x")
        await sees(pilot, "it matched once", "✓ action is 'Authorize'")
        await press(pilot, "v")
        await sees(pilot, "12:00:05")


async def test_without_a_case_x_says_where_to_come_from(tmp_path: Path, folder: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "x")
        await sees(pilot, "No case is open here")


async def test_escape_leaves_while_the_rules_are_read(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=SMALL) as pilot:
        await press(pilot, "f9", "escape")
        assert isinstance(pilot.app.screen, Bench)
        await pilot.app.workers.wait_for_complete()


def test_verdicts_are_hidden_until_five_findings_judge_a_rule(folder: Path) -> None:
    rules: Rules = load_rules(folder)
    assert all(each.advice == "too few" for each in judged(rules, {}, knowledge(), ()).rated.values())
    shown_by = next(
        each
        for each in knowledge().causes.values()
        if any(one.evidence == "authorise-unanswered" for one in each.shows)
    )
    spoke = f"authorise-unanswered@{rules.signal_rules[0].version}"
    found = tuple(Finding(case=f"c{n}", fault=shown_by.fault, cause=shown_by.id, rules=(spoke,)) for n in range(5))
    rated = judged(rules, {}, knowledge(), found).rated["authorise-unanswered"]
    assert rated.advice != "too few"
    assert rated.score.right + rated.score.wrong == 5


async def test_a_colon_and_rule_finds_rules_by_words(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await commanded(pilot, ":", *"rule", "space", *"unanswered")
        assert isinstance(pilot.app.screen, RulesPage)
        await settled(pilot)
        await sees(pilot, "authorise-unanswered")
        await misses(pilot, "card-not-read")


async def test_a_rule_is_deprecated_with_a_reason_and_an_heir_and_z_takes_it_back(tmp_path: Path, folder: Path) -> None:
    file = folder / Path(SIGNAL).name
    before = file.read_text()
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "D")
        await sees(pilot, "authorise-unanswered is to run no more. Why?")
        await press(pilot, *"too noisy", "enter")
        await sees(pilot, "Which rule takes the place of authorise-unanswered?")
        await press(pilot, *"none", "enter")
        await sees(pilot, "authorise-unanswered is deprecated and runs no more", "reason: too noisy")
        rule = rule_file(file)
        assert (rule.status, rule.reason, rule.replaced_by) == ("deprecated", "too noisy", "none")
        assert rule.since is not None
        await press(pilot, "z")
        await sees(pilot, "Undone: deprecated authorise-unanswered")
        assert file.read_text() == before
        await settled(pilot)


@pytest.mark.parametrize("heir", ["no-such-rule", "authorise-unanswered", "[red]"])
async def test_nothing_is_written_for_an_heir_that_cannot_take_its_place(
    tmp_path: Path, folder: Path, heir: str
) -> None:
    before = (folder / Path(SIGNAL).name).read_text()
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await opened(pilot, folder)
        await press(pilot, "D", *"why", "enter")
        await sees(pilot, "Which rule takes the place")
        keys = (each if each not in "[]" else f"{'left' if each == '[' else 'right'}_square_bracket" for each in heir)
        await press(pilot, *keys, "enter")
        await sees(pilot, "Not deprecated:", "cannot take the place of")
        assert (folder / Path(SIGNAL).name).read_text() == before
