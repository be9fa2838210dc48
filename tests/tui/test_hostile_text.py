"""What a charger writes is shown as plain text on every screen, whatever it holds."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from every_screen import SCREENS, opened
from hostile import HOSTILE, hostile_case
from screens import LARGE, SMALL, Here, app, misses, press, seen, sees, shown, trip

WALK = (  # through every screen and back
    ("enter",), ("x",), ("escape", "shift+tab", "enter"), ("escape", "r"), ("escape", "l"), ("escape", "escape", "?"),
    ("escape", "slash", "x"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "size"), [*((text, SMALL) for text in HOSTILE), ("".join(HOSTILE), LARGE)], ids=range(len(HOSTILE) + 1)
)
async def test_hostile_text_is_shown_as_plain_text_on_every_screen(
    tmp_path: Path, text: str, size: tuple[int, int]
) -> None:
    async with app(tmp_path, [hostile_case(text)], [seen(text + "2", text)]).run_test(size=size) as pilot:
        for keys in WALK:
            await press(pilot, *keys)
            assert steering(pilot) == set()
            assert pilot.app.is_running


@pytest.mark.parametrize("name", [name for name, each in SCREENS.items() if set(each.says) - {"empty"}])
async def test_every_screen_with_hostile_text_also_bears_a_tiny_window(tmp_path: Path, name: str) -> None:
    async with opened(tmp_path, name, "hostile") as pilot:
        assert steering(pilot) == set()
        assert "not red" in shown(pilot) or "[red]" not in shown(pilot)
        await pilot.resize_terminal(20, 5)
        await sees(pilot, "80×24")
        await pilot.resize_terminal(*SMALL)
        await misses(pilot, "has 20×5")
        assert steering(pilot) == set()


def steering(pilot: Here) -> set[str]:
    """What stands on the screen and would steer a terminal."""
    everything = shown(pilot).replace("\n", "")
    return {each for each in everything if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}


async def test_markup_in_a_charger_name_is_shown_as_it_was_written(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("[b]CP[/b]")]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter")
        await sees(pilot, "› [b]CP[/b] #2")
