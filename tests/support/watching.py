"""A `chargelore watch` in a process of its own, as a person starts and ends it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PROGRAM = [sys.executable, "-c", "from chargelore.tui.cli import main; main()", "watch"]


@asynccontextmanager
async def watching(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*PROGRAM, *arguments, stdout=pipe, stderr=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def line_of(stream: asyncio.StreamReader | None) -> str:
    """The next line, but for those on rules that need to know which chargers stand together."""
    assert stream is not None
    line = (await asyncio.wait_for(stream.readline(), 60)).decode()
    return await line_of(stream) if "Not asked" in line else line


async def ended(process: asyncio.subprocess.Process) -> str:
    """Ctrl-C; what it still says on stderr."""
    process.send_signal(signal.SIGINT)
    _, said = await asyncio.wait_for(process.communicate(), 60)
    return said.decode()
