"""`chargelore watch` as a person starts it, with real chargers behind it, and its engine's process to be killed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from peers import OCPP16, csms
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection

from chargelore.kb.home import home
from chargelore.kb.kept import KeptSignal, Wanted
from chargelore.kb.store import Store

PROGRAM = [sys.executable, "-c", "from chargelore.tui.cli import main; main()", "watch"]
WORDS = ("Available", "Preparing", "Charging", "Finishing")


class Running:
    """A watch that runs: `said` are its sentences, `lines` what it told of cases so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said, self.lines = "", list[dict[str, Any]]()
        self._reading = [asyncio.create_task(self._hears()), asyncio.create_task(self._reads())]

    async def address(self) -> str:
        """Where chargers connect."""
        while not (found := re.findall(r"ws://[\d.:]+", self.said)):
            await asyncio.sleep(0.02)
        return str(found[0])

    async def engine(self, other_than: int = 0) -> int:
        """The process id of its engine; of the next one, where one was killed."""
        while True:
            for file in home().glob("watch/*.lock"):
                text = file.read_text().strip()
                if text and int(text) != other_than:
                    return int(text)
            await asyncio.sleep(0.02)

    async def says(self, words: str) -> None:
        """Wait until it says something."""
        while words not in self.said:
            await asyncio.sleep(0.02)

    async def tells(self, count: int) -> None:
        """Wait for so many lines about cases."""
        while len(self.lines) < count:
            await asyncio.sleep(0.02)

    async def ends(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        await asyncio.gather(*self._reading)
        return await self.process.wait()

    async def _hears(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said += line.decode()

    async def _reads(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.lines.append(json.loads(line))


@asynccontextmanager
async def running(*more: str) -> AsyncIterator[Running]:
    """A watch over a tap to a management system that answers everything."""
    async with csms(answers) as upstream, over(upstream, *more) as watch:
        yield watch


@asynccontextmanager
async def over(upstream: str, *more: str) -> AsyncIterator[Running]:
    """A watch over a tap to that management system."""
    asked = ("--tap", "127.0.0.1:0", "--upstream", upstream, "--format", "json", *more)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*PROGRAM, *asked, stdout=pipe, stderr=pipe, limit=2**24)
    watch = Running(process)
    try:
        async with asyncio.timeout(240):
            yield watch
    except TimeoutError as error:
        raise AssertionError(f"it hangs; it said: {watch.said}") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await asyncio.gather(*watch._reading)


async def answers(charger: ServerConnection) -> None:
    """Say yes to everything."""
    async for message in charger:
        await charger.send(json.dumps([3, json.loads(message)[1], {}]))


def statuses(name: str, count: int) -> list[str]:
    """What a charger says that trips in the middle of its day."""
    words = ["Faulted" if number == count // 2 else WORDS[number % 4] for number in range(count)]
    return [
        json.dumps([
            2, f"{name}-{number}", "StatusNotification",
            {"connectorId": 1, "errorCode": "GroundFailure" if word == "Faulted" else "NoError", "status": word},
        ])
        for number, word in enumerate(words)
    ]  # fmt: skip


async def charger(address: str, name: str, said: list[str], pause: float = 0.0) -> None:
    """A charger that says all that and hears the answers."""
    async with connect(f"{address}/{name}", subprotocols=[OCPP16], proxy=None) as socket:
        for each in said:
            await socket.send(each)
            assert json.loads(await socket.recv())[1] == json.loads(each)[1]
            await asyncio.sleep(pause)


def killed(pid: int) -> None:
    """End a process at once, with nothing tidied up."""
    os.kill(pid, signal.SIGKILL)


def stored(db: str | None = None) -> list[KeptSignal]:
    """What is in the store."""
    with Store.open(db) as store:
        return list(store.signals(Wanted()))
