"""Tab: the process behind one tab of a browser: our screens, with pipes where a terminal would be."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from aiohttp.web import WebSocketResponse
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from chargelore.tui.browser.spoken import Focused, Pinged, Resized, Spoken, Typed
from chargelore.tui.terminal import DRIVER

PATIENCE = 5.0  # seconds to leave; then it is ended


class Tab(AppService):
    """Runs `words` for as long as its WebSocket is open. Everything that it started ends with it."""

    def __init__(self, words: Sequence[str], websocket: WebSocketResponse) -> None:
        super().__init__(
            "",  # a line for a shell, which is not asked here
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=partial(_closed, websocket),
            download_manager=DownloadManager(),
        )
        self.words = tuple(words)

    async def run(self) -> None:
        """Hand on what it draws, and close the tab when it ends, however it ends."""
        await super().run()
        await self.remote_close()

    async def hears(self, said: Spoken) -> None:
        """Pass on what the person did."""
        match said:
            case Typed(keys):
                await self.send_bytes(keys)
            case Resized(columns, rows):
                await self.set_terminal_size(columns, rows)
            case Focused(is_on):
                await (self.focus() if is_on else self.blur())
            case Pinged(words):
                await self.remote_write_str(json.dumps(["pong", words]))

    async def stop(self) -> None:
        """Ask it to leave, as if by its own key; what does not is ended."""
        if self._task is None or self._process is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        await self.send_meta({"type": "quit"})
        await _ended(self._process)

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        return super()._build_environment(width, height) | {"TEXTUAL_DRIVER": DRIVER}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Without a shell, and in a group of its own: a Ctrl-C in the terminal of the server is not for it."""
        self._process = process = await asyncio.create_subprocess_exec(
            *self.words, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True,
            env=self._build_environment(width, height),
        )  # fmt: skip
        self._stdin = process.stdin
        return process


async def _closed(websocket: WebSocketResponse) -> None:
    await websocket.close()


async def _ended(process: Process) -> None:
    """Wait until it left, reading what it still says; end it and its group when it does not."""
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await process.communicate()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
