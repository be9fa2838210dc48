"""The screens as a browser gets them: a real `chargelore serve`, its tabs by WebSocket, and a real Chromium."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from playwright.async_api import Page, async_playwright

PATIENCE = 180.0  # seconds; a busy machine may be slow, and nothing is judged by its time
PROGRAM = str(Path(sys.executable).parent / "chargelore")
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "needs Chromium: install it (Debian: apt install chromium, macOS: brew install --cask chromium)"
STEERING = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")


def needs_chromium() -> str:
    """The path of Chromium. Skips the test where it is missing; where every test must run, that is a failure.

    `WITHOUT_CHROMIUM` holds why `.ci/run` could not install it, and said so.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        told = os.environ.get("WITHOUT_CHROMIUM", "")
        (pytest.fail if os.environ.get("CI") and not told else pytest.skip)(told or MISSING)
    return found


@asynccontextmanager
async def served(*options: str) -> AsyncIterator[tuple[str, Process]]:
    """`chargelore serve` on a free port; yields the address that it printed. Ends with the `async with`."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "serve", "--listen", "127.0.0.1:0", *options, stdout=PIPE, stderr=PIPE
    )
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        yield line.split()[1], process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


class Seen:
    """What a browser was given to draw, steering left out; it comes in pieces, so only words are looked for."""

    def __init__(self) -> None:
        self._drawn = ""

    def takes(self, piece: bytes | str) -> None:
        """A piece more."""
        self._drawn += piece if isinstance(piece, str) else piece.decode("utf-8", "replace")

    @property
    def text(self) -> str:
        """Everything so far."""
        return STEERING.sub("", self._drawn)

    def forgets(self) -> None:
        """Look only at what comes from here on."""
        self._drawn = ""


async def until(holds: Callable[[], bool], what: str = "it", patience: float = PATIENCE) -> None:
    """Wait until it holds; it fails when it never does. `patience` in seconds."""
    end = asyncio.get_running_loop().time() + patience
    while not holds():
        assert asyncio.get_running_loop().time() < end, f"waited in vain for {what}"
        await asyncio.sleep(0.05)


class Tab:
    """One tab without a browser: its WebSocket."""

    def __init__(self, websocket: ClientWebSocketResponse, seen: Seen) -> None:
        self.websocket, self.seen = websocket, seen

    async def types(self, keys: str) -> None:
        """Keys, as a terminal sends them."""
        await self.says(json.dumps(["stdin", keys]))

    async def says(self, text: str) -> None:
        """Anything."""
        await self.websocket.send_str(text)

    async def sees(self, word: str) -> None:
        """Wait for a word."""
        await until(lambda: word in self.seen.text, word)


@asynccontextmanager
async def tab(session: ClientSession, address: str) -> AsyncIterator[Tab]:
    """A tab of 100×30 that has the cursor."""
    async with session.ws_connect(f"{address}ws?width=100&height=30", max_msg_size=0) as websocket:
        seen = Seen()
        reading = asyncio.create_task(_read(websocket, seen))
        try:
            await websocket.send_str('["focus"]')
            yield Tab(websocket, seen)
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading


async def _read(websocket: ClientWebSocketResponse, seen: Seen) -> None:
    async for message in websocket:
        if isinstance(message.data, bytes):
            seen.takes(message.data)


@asynccontextmanager
async def chromium(address: str) -> AsyncIterator[tuple[Page, Seen, list[str]]]:
    """A page of a headless Chromium on an address: what it draws, and every address that it asked for."""
    path = needs_chromium()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            page = await browser.new_page(viewport={"width": 1100, "height": 700})
            seen, asked = Seen(), list[str]()
            page.on("request", lambda request: asked.append(request.url))
            page.on("websocket", lambda socket: socket.on("framereceived", seen.takes))
            await page.goto(address)
            yield page, seen, asked
        finally:
            await browser.close()


def screens_of(process: Process) -> list[psutil.Process]:
    """The processes behind the tabs of a server, and what these started."""
    return psutil.Process(process.pid).children(recursive=True)


async def are_gone(processes: list[psutil.Process]) -> None:
    """Wait until none of them runs any more."""
    await until(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes))
