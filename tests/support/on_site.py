"""Runs `chargelore bench` as a technician does, while chargers of a test come to it over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import ConnectionClosed

Charger = Callable[[str], Awaitable[None]]
PROGRAM = [sys.executable, "-c", "from chargelore.tui.cli import main; main()", "bench"]


@dataclass(frozen=True)
class Visit:
    """What the command printed while chargers were there."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def did(self) -> dict[str, dict[str, Any]]:
        """The results by their errand."""
        return {each["errand"]: each for each in self.lines if each["event"] == "did"}

    @property
    def cases(self) -> list[dict[str, Any]]:
        return [each for each in self.lines if each["event"] == "case"]


async def visit(*arguments: str, chargers: tuple[Charger, ...], seconds: str = "30s") -> Visit:
    """The command from its start to its end; chargers knock until it listens, and are gone with it."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "--listen", f"127.0.0.1:{port}", "--timeout", seconds, "--format", "json", *arguments,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    tasks = [asyncio.create_task(knocks(f"ws://127.0.0.1:{port}", each)) for each in chargers]
    out, err = await process.communicate()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return Visit(process.returncode or 0, out.decode(), err.decode())


async def knocks(url: str, charger: Charger) -> None:
    """A charger that comes as soon as somebody listens, and again whenever its line ends."""
    while True:
        with suppress(OSError, ConnectionClosed):
            await charger(url)
        await asyncio.sleep(0.05)


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])
