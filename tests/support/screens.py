"""The app over a fake watch and a store in a folder of the test, and what stands on its screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from fake_watch import FakeWatch, seen, trip
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot

from chargelore.engine.case import Case
from chargelore.engine.post import Seen
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore, Start
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts

SMALL, LARGE, TOO_SMALL = (80, 24), (120, 40), (60, 20)
Here = Pilot[None]


def app(  # one argument for each thing that a test may want otherwise
    folder: Path,
    /,
    cases: Iterable[Case] | None = None,
    chargers: Iterable[Seen] = (),
    start: Start | None = None,
    *,
    is_read_only: bool = False,
    **how: Any,
) -> Chargelore:
    """The app on one case of a trip, unless other cases are given; `how` goes to the app as it is."""
    watch = FakeWatch((trip(),) if cases is None else tuple(cases), tuple(chargers))
    desk = Desk(watch.knowledge, watch, Store.open(folder / "events.db"), Drafts(folder / "drafts"))
    desk.relearn()
    desk.work_out(1.0)
    desk.is_read_only = is_read_only
    return Chargelore(desk, start, **how)


def shown(pilot: Here) -> str:
    """Everything that stands on the screen, line by line."""
    screen = pilot.app.screen
    width, height = screen.size
    lines = screen._compositor.render_strips()  # Textual tells no other way what a person sees
    return "\n".join("".join(part.text for part in line)[:width] for line in lines[:height])


def row(pilot: Here, word: str) -> str:
    """The first line of the screen that holds a word."""
    return next((line for line in shown(pilot).splitlines() if word in line), "")


async def sees(pilot: Here, *words: str) -> str:
    """The screen, once all these words stand on it; a machine may be busy, so a test waits for what it asserts."""
    await until(pilot, lambda: all(word in shown(pilot) for word in words))
    text = shown(pilot)
    assert [word for word in words if word not in text] == [], text
    return text


async def misses(pilot: Here, *words: str) -> str:
    """The screen, once none of these words stands on it."""
    await until(pilot, lambda: not any(word in shown(pilot) for word in words))
    text = shown(pilot)
    assert [word for word in words if word in text] == [], text
    return text


async def commanded(pilot: Here, *keys: str) -> None:
    """Type a command into the palette, take its first hit, and wait until a screen is in front again."""
    await press(pilot, *keys)
    palette = pilot.app.screen
    assert isinstance(palette, CommandPalette)
    await until(pilot, lambda: palette.query_one(CommandList).option_count and palette.query_one(CommandList).display)
    await press(pilot, "down", "enter")
    await until(pilot, lambda: pilot.app.screen is not palette)
    await pilot.pause()


async def until(pilot: Here, holds: Callable[[], object]) -> None:
    """Wait for a state, generously: a machine may be busy."""
    for _ in range(1500):
        if holds():
            return
        await pilot.pause(0.02)
    assert holds(), shown(pilot)


async def press(pilot: Here, *keys: str) -> None:
    """Press keys one after the other and let the screen settle."""
    for key in keys:
        await pilot.press(key)
    await pilot.pause()


__all__ = [
    "LARGE",
    "SMALL",
    "TOO_SMALL",
    "Here",
    "app",
    "commanded",
    "misses",
    "press",
    "row",
    "seen",
    "sees",
    "shown",
    "trip",
    "until",
]
