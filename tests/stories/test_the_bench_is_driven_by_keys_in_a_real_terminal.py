"""Promise: in a terminal of 80×24 a charger that is pointed to the laptop is read and acted on by keys alone."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from charge_points import plugged
from on_site import free_port, knocks
from terminal import TMUX, Terminal

pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux: apt install tmux, or brew install tmux")


class Charger(threading.Thread):
    """A charge point that comes back whenever its line ends, in a loop of its own, until it is told to stop."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.url, self.asked = f"ws://127.0.0.1:{port}", list[str]()
        self.loop, self.over = asyncio.new_event_loop(), asyncio.Event()

    def run(self) -> None:
        self.loop.run_until_complete(self.lives())
        self.loop.close()

    async def lives(self) -> None:
        comes = asyncio.create_task(knocks(self.url, self.comes))
        await self.over.wait()
        comes.cancel()
        await asyncio.gather(comes, return_exceptions=True)

    async def comes(self, url: str) -> None:
        async with plugged(url) as box:
            box.asked = self.asked
            await box.restarted.wait()

    def stops(self) -> None:
        self.loop.call_soon_threadsafe(self.over.set)
        self.join()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def bench(tmp_path: Path, port: int) -> Iterator[Terminal]:
    program = str(Path(sys.executable).parent / "chargelore")
    command = f"'{program}' bench --listen 127.0.0.1:{port}; echo left with $?; cat"
    terminal = Terminal(tmp_path.name, "80x24", ["sh", "-c", command])
    yield terminal
    terminal.ends()


def test_a_charger_is_read_and_restarted_by_keys(bench: Terminal, port: int) -> None:
    assert f"ws://127.0.0.1:{port}/" in bench.until(lambda text: "No charger has come yet" in text)
    charger = Charger(port)
    charger.start()
    try:
        assert "Acme" in bench.until(lambda text: "#1 Available" in text)
        bench.keys("m")
        bench.until(lambda text: "read its settings" in text)
        bench.keys("Enter")
        assert "HeartbeatInterval" in bench.until(lambda text: "DONE" in text)
        bench.keys("m")
        bench.until(lambda text: "To CP-1" in text)
        bench.keys("/")
        bench.until(lambda text: "field:value" in text)
        bench.keys(*"soft")
        bench.until(lambda text: "1 of" in text)
        bench.keys("Enter")
        bench.until(lambda text: "Messages" in text)
        bench.keys("Enter")
        assert "restarts" in bench.until(lambda text: "sends nothing" in text)
        assert "Reset Soft" not in charger.asked
        bench.keys("y")
        assert "It restarted and is back." in bench.until(lambda text: "is back." in text)
        bench.keys("q")
        left = bench.until(lambda text: "left with" in text)
    finally:
        charger.stops()
    assert "point CP-1 back to its own management system" in left
    assert "left with 0" in left
