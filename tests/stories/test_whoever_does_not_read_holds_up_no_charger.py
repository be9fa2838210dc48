"""A watch whose output nobody reads goes on: the wire never waits for a pager, a slow pipe or a halted terminal."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from peers import csms, echo
from websockets.asyncio.client import connect

PAGE = 4_096  # bytes that the pipe holds
CHARGERS = 12  # each opens a case; two lines on them fill the pipe
SHORT = 30  # seconds; an engine that hangs at its end is given 60, and one that waits for a reader all of them
PATIENCE = 60  # seconds after which an echo that never came is a failure and not a wait for ever


def fault(number: int) -> str:
    status = {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}
    return json.dumps([2, f"{number}", "StatusNotification", status])


async def echoed(address: str, charger: str, frame: str) -> bool:
    async with connect(f"{address}/{charger}", proxy=None) as line:
        await line.send(frame)
        return await line.recv() == frame


async def test_a_watch_whose_output_nobody_reads_goes_on() -> None:
    watch = str(Path(sys.executable).with_name("chargelore"))
    async with csms(echo) as upstream:
        command = [watch, "watch", "--tap", "127.0.0.1:0", "--upstream", upstream, "--format", "json"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "pipesize": PAGE}
        with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]  # a plain dict
            try:
                line = await asyncio.to_thread(process.stderr.readline)
                address = re.findall(r"ws://[\d.:]+", line)[0]
                async with asyncio.timeout(PATIENCE):
                    for number in range(CHARGERS):
                        assert await echoed(address, f"CP-{number}", fault(number))
                    await full(process.stdout.fileno())
                    assert await echoed(address, "CP-after", fault(0))
            finally:
                process.send_signal(signal.SIGINT)
                told = await asyncio.to_thread(process.communicate)
    assert process.returncode == 1
    assert sum('"opened"' in each for each in told[0].splitlines()) == CHARGERS + 1


async def test_a_watch_whose_complaints_nobody_reads_ends_at_ctrl_c_with_all_stored(unread: int) -> None:
    watch, port = str(Path(sys.executable).with_name("chargelore")), free_port()
    async with csms(echo) as upstream:
        command = [watch, "watch", "--tap", f"127.0.0.1:{port}", "--upstream", upstream, "--format", "json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=unread) as process:
            try:
                async with asyncio.timeout(PATIENCE):
                    await stands(port)
                    assert await echoed(f"ws://127.0.0.1:{port}", "CP-1", fault(0))
                    assert b'"opened"' in await asyncio.to_thread(process.stdout.readline)
                process.send_signal(signal.SIGINT)
                assert await asyncio.to_thread(process.wait, SHORT) == 1
            finally:
                process.kill()
    kept = subprocess.run([watch, "signals", "--format", "csv"], capture_output=True, text=True, check=False).stdout
    assert "GroundFailure" in kept


async def test_a_watch_whose_complaints_nobody_reads_goes_on(unread: int) -> None:
    watch, port = str(Path(sys.executable).with_name("chargelore")), free_port()
    async with csms(echo) as upstream:
        command = [watch, "watch", "--tap", f"127.0.0.1:{port}", "--upstream", upstream]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=unread) as process:
            try:
                async with asyncio.timeout(PATIENCE):
                    await stands(port)
                    assert await echoed(f"ws://127.0.0.1:{port}", "CP-1", fault(0))
            finally:
                process.kill()


@pytest.fixture
def unread() -> Iterator[int]:
    """A pipe that is full, and that nobody reads."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while os.write(writing, bytes(PAGE)):
            pass
    os.set_blocking(writing, True)
    yield writing
    os.close(reading)
    os.close(writing)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def stands(port: int) -> None:
    """Wait until somebody listens there."""
    while True:
        with suppress(ConnectionRefusedError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()
            return
        await asyncio.sleep(0.1)


async def full(pipe: int) -> None:
    """Wait until a writer would have to wait."""
    import fcntl  # noqa: PLC0415  # not everywhere
    import termios  # noqa: PLC0415  # as above

    waits = 0
    while waits < 20:
        held = int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)
        waits = waits + 1 if held > PAGE // 2 else 0
        await asyncio.sleep(0.05)
