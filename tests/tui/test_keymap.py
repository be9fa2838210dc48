"""A person gives actions other keys in a small file; what is wrong in it is told with its line and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from screens import LARGE, app, press, sees

from chargelore.tui.cli import chargelore
from chargelore.tui.keys.every import every
from chargelore.tui.keys.keymap import clashes, keymap, keymap_file
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.help import HelpPage


def written(folder: Path, text: str) -> Path:
    file = folder / "keys.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_nothing_changes(tmp_path: Path) -> None:
    assert keymap(tmp_path / "none.yaml") == keymap(written(tmp_path, "# nothing yet\n"))
    assert not keymap(tmp_path / "none.yaml").complaints


async def test_a_key_of_ones_own_works_and_is_shown_and_the_old_one_is_free(tmp_path: Path) -> None:
    keys = keymap(written(tmp_path, 'bench.faults: f5\napp.help: "Y, f1"\n'))
    assert keys.complaints == ()
    async with app(tmp_path, keys=keys).run_test(size=LARGE) as pilot:
        await pilot.pause()
        await sees(pilot, "f5 Faults only")
        await press(pilot, "f")
        assert isinstance(pilot.app.screen, Bench)
        assert not pilot.app.screen.is_faults_only
        await press(pilot, "f5", "Y")
        assert isinstance(pilot.app.screen, HelpPage)
        await sees(pilot, "f5")
        await press(pilot, "escape")
        assert pilot.app.screen.is_faults_only


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bench.fault: f5", "keys.yaml:1: bench.fault is no action — did you mean bench.faults?"),
        ("\ncase.why: hyper+q", "keys.yaml:2: 'hyper+q' is no key"),
        ("case.why: r", "keys.yaml:1: r is the key of case.record on the same screen"),
        ("case.why: z", "keys.yaml:1: z is the key of app.undo on the same screen"),
        ("case.why: ctrl+b", "ctrl+b belongs to the terminal"),
        ("case.why:", "case.why has no key"),
        ("case.why: [x]: y", "keys.yaml:1"),
        ("- x", "holds no mapping"),
        ("case.why: x\ncase.why: y", "keys.yaml:2"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_how_to_mend_it(tmp_path: Path, text: str, told: str) -> None:
    found = keymap(written(tmp_path, text))
    assert told in " ".join(found.complaints)
    assert found.keys == {}


def test_the_lines_that_are_right_count_beside_the_wrong_ones(tmp_path: Path) -> None:
    found = keymap(written(tmp_path, "case.why: w\ncase.record: f8\nnothing: a\ncase.tried: r\n"))
    assert dict(found.keys) == {"case.record": "f8", "case.tried": "r"}
    assert len(found.complaints) == 2  # `w` jumps on the timeline beside it


async def test_a_mistake_is_told_on_the_first_screen_and_the_keys_work_as_ever(tmp_path: Path) -> None:
    keys = keymap(written(tmp_path, "bench.fault: f5\nx: y\n"))
    async with app(tmp_path, keys=keys).run_test(size=(250, 40)) as pilot:
        assert "did you mean bench.faults? (and 1 more)" in await sees(pilot, "(and 1 more)")


def test_a_name_that_is_like_no_action_is_answered_with_none_and_a_folder_is_told(tmp_path: Path) -> None:
    assert "did you mean" not in str(keymap(written(tmp_path, "nonsense: f5\n")).complaints)
    (tmp_path / "folder.yaml").mkdir()
    assert "is a folder" in str(keymap(tmp_path / "folder.yaml").complaints)


def test_the_keys_that_ship_clash_nowhere() -> None:
    shipped: dict[str, tuple[str, ...]] = {}
    for each in every():
        shipped[str(each.id)] = (*shipped.get(str(each.id), ()), each.key)
    assert list(clashes(shipped)) == []


def test_the_command_line_lists_the_keys_and_tells_mistakes() -> None:
    keymap_file().parent.mkdir(parents=True)
    keymap_file().write_text("case.why: f8\nx.y: z\n")
    done = CliRunner().invoke(chargelore, ["keys", "--format", "csv"], standalone_mode=False)
    assert "case.why,f8,true,Why" in done.stdout
    assert "x.y is no action" in done.stderr
    assert done.return_value == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.text(max_size=60) | st.from_regex(r"(case|app|bench)\.[a-z]{1,6}: [\w,+ ]{0,9}", fullmatch=True))
def test_any_file_is_read_or_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = keymap(file)
    assert all(isinstance(each, str) and each for each in found.complaints)
