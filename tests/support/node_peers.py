"""The peers under tests/node: OCPP libraries of other people, in another language, as processes of their own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

import pytest
from conversation import NODE, Conversation, Report

MISSING = "needs Node.js and tests/node: install node and npm (Debian: apt install npm), then `make peers`"


def needs_node() -> str:
    """The path of node. Skips the test where it is missing; where every test must run, that is a failure."""
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules" / "ocpp-rpc").is_dir():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    return node


@asynccontextmanager
async def running(program: str, *words: str) -> AsyncIterator[Process]:
    """A program of tests/node; ended with the `async with` if it did not end by itself."""
    process = await asyncio.create_subprocess_exec(needs_node(), str(NODE / program), *words, stdout=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def said(process: Process) -> dict[str, object]:
    """The next line of JSON that a program prints."""
    assert process.stdout is not None
    return json.loads(await process.stdout.readline())


async def charger_of(library: str, told: Conversation, url: str) -> Report:
    """A charger of a library from npm: it says its part, hears all commands and leaves."""
    async with running("charger.mjs", library, told.protocol, str(told.file), url) as process:
        return Report(**await said(process))


@asynccontextmanager
async def csms_of(library: str, told: Conversation) -> AsyncIterator[tuple[str, Awaitable[Report]]]:
    """A management system of a library from npm; yields its address and what one charger will have said."""
    async with running("csms.mjs", library, told.protocol, str(told.file)) as process:
        port = (await said(process))["port"]
        reporting = asyncio.ensure_future(_report(process))
        try:
            yield f"ws://127.0.0.1:{port}", reporting
        finally:
            reporting.cancel()


async def _report(process: Process) -> Report:
    return Report(**await said(process))
