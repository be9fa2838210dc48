"""Takes the pictures of the README from the real program: the world of the demo, on screens of a fixed size.

    pictures.py           writes them anew
    pictures.py --check   tells which of them are not what the program shows now

Nothing is drawn by hand: what the simulated chargers said in the first 25 minutes goes through the engine onto the
screens, and Textual writes what a terminal would show. The same program gives the same pictures, so that they are the
snapshots of these screens, too.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.pilot import Pilot

from chargelore.engine.demo.clock import START
from chargelore.engine.demo.world import world
from chargelore.engine.signal import Signal
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.live import live_watch
from chargelore.tui.screens.working import WorkingPage
from chargelore.tui.starting import desk_over
from chargelore.tui.touring.app import DemoApp

FOLDER = Path("docs/pictures")
SIZE = (110, 32)
UNTIL = START + timedelta(minutes=25)
WAYS = {  # from the first screen; `/` and a name bring a case under the cursor
    "bench": (),
    "case": ("f6", "slash", *"plaza", "enter", "enter", "x", "escape", "t", "t"),
    "explain": ("slash", *"plaza", "enter", "enter", "x", "x"),
    "timeline": ("slash", *"plaza", "enter", "enter", "L"),
    "finding": ("slash", *"plaza", "enter", "enter", "r"),
    "ball": ("b",),
    "taxonomy": ("f4", "D"),
}
PATIENCE = 20  # looks, half a second apart
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)  # they would be fetched from elsewhere by whoever looks at it


async def said() -> list[Signal]:
    """What the chargers of the demo say, in order."""
    heard: list[Signal] = []
    await world(math.inf, heard.append)
    return [each for each in heard if each.at is None or each.at <= UNTIL]


async def pictures(signals: list[Signal]) -> None:
    """One picture a way, each on screens of its own."""
    for name, keys in WAYS.items():
        svg = await picture(signals, keys)
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(f"{FOLDER / name}.svg: {len(svg) // 1000} kB")


async def others(signals: list[Signal]) -> list[str]:
    """The names of the pictures that are not what the program shows."""
    known = {name: (FOLDER / f"{name}.svg").read_text(encoding="utf-8") for name in WAYS}
    return [name for name, keys in WAYS.items() if await picture(signals, keys, known[name]) != known[name]]


async def picture(signals: list[Signal], keys: tuple[str, ...], wanted: str = "") -> str:
    """The screen after these keys, as SVG; on a busy machine what is wanted may need a while to stand there."""
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "demo.db") as store, live_watch() as watch:
        desk, _ = desk_over(shipped(), watch, store, recalls=False)
        for each in signals:
            desk.feed(each)
        desk.source = "LIVE DEMO"
        app = DemoApp(desk)
        async with app.run_test(size=SIZE) as pilot:
            await settled(pilot, lambda: not desk.work_out(1.0))
            app.screen.draw()  # in the order of what was weighed, before a key goes to a row
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            await settled(pilot, lambda: not isinstance(app.screen, WorkingPage) or app.screen.working is None)
            await pilot.press("g")
            app.screen.say("")
            return await taken(pilot, wanted)


async def taken(pilot: Pilot[None], wanted: str) -> str:
    """The picture of the screen once it is the wanted one, or after some time as it stays."""
    found = ""
    for _ in range(PATIENCE if wanted else 1):
        await pilot.pause(0.5)
        found = FONTS.sub("", pilot.app.export_screenshot(title="Chargelore"))
        if found == wanted:
            break
    return found


async def settled(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until nothing is worked on any more."""
    await pilot.pause(0.5)
    while not holds():
        await pilot.pause(0.1)


def main() -> int:
    """Write all pictures, or check them."""
    with TemporaryDirectory() as home:
        os.environ["CHARGELORE_HOME"] = home
        signals = asyncio.run(said())
        if "--check" not in sys.argv:
            FOLDER.mkdir(exist_ok=True)
            asyncio.run(pictures(signals))
            return 0
        changed = asyncio.run(others(signals))
    for each in changed:
        print(f"{FOLDER / each}.svg is not what the program shows: run make screenshots, and look at it")
    return len(changed)


if __name__ == "__main__":
    sys.exit(main())
