"""What changed between a release and what is known here, by kinds of change; worked out beside the keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import small_world
from screens import LARGE, SMALL, Here, app, press, row, sees

from chargelore.kb.export.view import view
from chargelore.kb.release import Change, release
from chargelore.tui.cli.knowing.folder import write_folder
from chargelore.tui.lines.diff import kind_of
from chargelore.tui.screens.diff import DiffPage
from chargelore.tui.screens.reading import Reading

HUGE = (200, 60)


async def opened(pilot: Here) -> None:
    """The small world, in which a cause has other words and another is there no more."""
    desk = pilot.app.desk
    causes = {name: each for name, each in desk.base.causes.items() if name != small_world.NAT}
    causes[small_world.WET] = replace(causes[small_world.WET], label="Water [red]inside[/red]")
    desk.known = replace(desk.base, causes=causes)
    await press(pilot, "f4", "d")
    assert isinstance(pilot.app.screen, DiffPage)


@pytest.mark.parametrize("size", [SMALL, LARGE, HUGE])
async def test_what_people_changed_is_told_by_kind_of_change(tmp_path: Path, size: tuple[int, int]) -> None:
    async with app(tmp_path).run_test(size=size) as pilot:
        await opened(pilot)
        await sees(pilot, "Modified", "Removed", "changes since version 1.0.0")
        assert "Water [red]inside[/red]" in row(pilot, "~ causes     wet-plug") or size == SMALL
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Reading)


async def test_an_export_is_compared_for_its_own_audience(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        shown = view(pilot.app.desk.base, audience="GREEN", version="3.1.4")
        write_folder(tmp_path / "export", release(shown, "json"))
        await opened(pilot)
        await sees(pilot, "since version 1.0.0")
        await press(pilot, "shift+tab")
        pilot.app.screen.query_one("#diff-typed").value = str(tmp_path / "export")
        await press(pilot, "enter")
        await sees(pilot, "since version 3.1.4; what is here would be 4.0.0")


async def test_a_folder_that_is_none_is_told_and_nothing_different_too(tmp_path: Path) -> None:
    async with app(tmp_path).run_test(size=LARGE) as pilot:
        await press(pilot, "f4", "d")
        await sees(pilot, "Nothing differs")
        await press(pilot, "shift+tab")
        pilot.app.screen.query_one("#diff-typed").value = str(tmp_path / "nowhere")
        await press(pilot, "enter")
        await sees(pilot, "is no folder")


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("added", "added"), ("removed", "removed"), ("renamed", "modified"), ("mapping removed", "modified"),
        ("deprecated with successor", "revoked"), ("deprecated without successor", "deprecated"),
    ],
)  # fmt: skip
def test_every_change_is_of_a_kind_that_attack_names(what: str, kind: str) -> None:
    assert kind_of(Change(weight="minor", what=what, kind="causes", id="a")) == kind
