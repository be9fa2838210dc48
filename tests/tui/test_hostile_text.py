"""What a charger writes is shown as plain text on every screen, whatever it holds."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from fake_watch import signal
from msgspec import structs
from screens import LARGE, SMALL, app, press, seen, sees, shown, trip

from chargelore.engine.case import Case, Charger

HOSTILE = (
    "[red]not red[/red] [/] [@click=app.quit]x[/] $error",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "a\u202eb\u2066c\u200b\ufeff",
    "🔌🧯👩‍👩‍👧‍👦 充电桩充电桩",
    "x" * 10_000,
    "line\r\nbreak\ttab\x00nul\ud800",
)
WALK = (  # through every screen and back
    ("enter",), ("x",), ("escape", "shift+tab", "enter"), ("escape", "r"), ("escape", "l"), ("escape", "escape", "?"),
    ("escape", "slash", "x"),
)  # fmt: skip


def hostile_case(text: str) -> Case:
    """A case in which everything that a charger can write is hostile."""
    log = [signal(text, second, "status", info=text, status=text, errorCode=text) for second in range(30)]
    log += [signal(text, 40, "log", text=text), signal(text, 41, "answer", action=text, status=text)]
    log += [structs.replace(signal(text, 42, text, **{text: text}), raw=text, marks=(text,))]
    named = replace(trip(text, log), charger=Charger(id=text, vendor=text, model=text, firmware=text))
    return replace(named, words=(text,), codes=tuple(replace(code, code=text, text=text) for code in named.codes))


@pytest.mark.parametrize(
    ("text", "size"), [*((text, SMALL) for text in HOSTILE), ("".join(HOSTILE), LARGE)], ids=range(len(HOSTILE) + 1)
)
async def test_hostile_text_is_shown_as_plain_text_on_every_screen(
    tmp_path: Path, text: str, size: tuple[int, int]
) -> None:
    async with app(tmp_path, [hostile_case(text)], [seen(text + "2", text)]).run_test(size=size) as pilot:
        for keys in WALK:
            await press(pilot, *keys)
            everything = shown(pilot).replace("\n", "")
            steering = {each for each in everything if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
            assert steering == set()
            assert pilot.app.is_running


async def test_markup_in_a_charger_name_is_shown_as_it_was_written(tmp_path: Path) -> None:
    async with app(tmp_path, [trip("[b]CP[/b]")]).run_test(size=LARGE) as pilot:
        await press(pilot, "enter")
        await sees(pilot, "› [b]CP[/b] #2")
