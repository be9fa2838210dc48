"""The two ends of a soak, each of which may be killed at any moment: what it sent and got stands in a file before.

    soak_ends.py csms PORT LOG
    soak_ends.py chargers URL LOG GENERATION FIRST COUNT SECONDS

A line of a log is a connection, a word and what belongs to it: `s` a frame that is about to be sent, `x` one that could
not be sent after all, `r` one that came (with the ms since it was asked for), `e` how the connection ended. A frame
stands there as its type and unique id, and a checksum of all its bytes. A connection is named by the number of the
charger, of the process that plays it, and of the try; every unique id begins with that name.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

OCPP16 = Subprotocol("ocpp1.6")
ASKS_BACK = 15  # requests of a charger until the management system asks something itself
BURST, OFTEN = 10, 30  # requests that a charger has queued and sends at once, and how often that is so
LIFE = (60.0, 240.0)  # seconds until a charger leaves in order and comes again
PAUSE = (1.0, 4.0)  # seconds until a charger that was thrown out tries again
TIME = "2031-05-01T10:00:00Z"
LAST_ANSWER = 10.0  # seconds to wait for it before a charger leaves


class Log:
    """What one process sent and got. Every line is with the operating system before the next thing happens."""

    def __init__(self, file: str) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def notes(self, connection: str, word: str, *told: object) -> None:
        """Write a line."""
        os.write(self._file, " ".join(map(str, (connection, word, *told))).encode() + b"\n")


class Line:
    """One end of a connection; whoever sends waits for the one before. Lives as long as the connection."""

    def __init__(self, socket: ClientConnection | ServerConnection, log: Log, name: str = "") -> None:
        self.socket, self.name = socket, name
        self._log, self._turn = log, asyncio.Lock()

    async def sends(self, frame: str) -> None:
        """Send a frame. Raises ConnectionClosed."""
        async with self._turn:
            kind, uid = frame[1], frame.split('"', 2)[1]
            self._log.notes(self.name, "s", kind + uid, checksum(frame))
            try:
                await self.socket.send(frame)
            except ConnectionClosed:
                self._log.notes(self.name, "x", kind + uid)
                raise

    def got(self, frame: str, *more: object) -> None:
        """A frame came."""
        self._log.notes(self.name, "r", frame[1] + frame.split('"', 2)[1], checksum(frame), *more)

    def ended(self) -> None:
        """The connection is over."""
        self._log.notes(self.name, "e", self.socket.close_code)


def checksum(frame: str) -> str:
    return blake2b(frame.encode(), digest_size=8).hexdigest()


async def csms(port: int, log: Log) -> None:
    """A management system that answers everything, and asks something itself now and then; ends with SIGTERM."""

    async def talks(socket: ServerConnection) -> None:
        line, count = Line(socket, log), 0
        with suppress(ConnectionClosed):
            while True:
                frame = str(await socket.recv())
                uid = frame.split('"', 2)[1]
                line.name = line.name or uid.rpartition("_")[0]
                line.got(frame)
                if frame[1] == "2":
                    count += 1
                    await line.sends(f'[3,"{uid}",{json.dumps(answer(frame))}]')
                    if count % ASKS_BACK == 0:
                        await line.sends(asked_back(f"{line.name}_m{count}"))
        if line.name:
            line.ended()

    options: dict[str, Any] = {"subprotocols": [OCPP16], "compression": None, "ping_interval": None, "backlog": 2_000}
    async with serve(talks, "127.0.0.1", port, **options):
        await told_to_end()


def answer(frame: str) -> dict[str, object]:
    if "BootNotification" in frame[:80]:
        return {"currentTime": TIME, "interval": 300, "status": "Accepted"}
    return {"currentTime": TIME} if "Heartbeat" in frame[:80] else {}


def asked_back(uid: str) -> str:
    return f'[2,"{uid}","TriggerMessage",{{"requestedMessage":"StatusNotification","connectorId":1}}]'


class Charger:
    """One charger: it connects, says something every few seconds, leaves, and comes again, until it is told to end."""

    def __init__(self, number: int, generation: int, url: str, log: Log) -> None:
        self._number, self._generation, self._url, self._log = number, generation, url, log
        self._asked: dict[str, float] = {}

    async def lives(self, every: float, ending: asyncio.Event) -> None:
        """Until `ending` is set."""
        tries = 0
        while not ending.is_set():
            tries += 1
            with suppress(OSError, InvalidHandshake, ConnectionClosed, EOFError):
                await self._connects(f"{self._number}_{self._generation}_{tries}", every, ending)
            await pause(random.uniform(*PAUSE), ending)

    async def _connects(self, name: str, every: float, ending: asyncio.Event) -> None:
        place = f"{self._url}/CP-{self._number}"
        options: dict[str, Any] = {"compression": None, "proxy": None, "ping_interval": None, "open_timeout": 60}
        async with connect(place, subprotocols=[OCPP16], **options) as socket:
            line = Line(socket, self._log, name)
            self._asked.clear()
            listening = asyncio.create_task(self._listens(line))
            with suppress(ConnectionClosed):
                await self._talks(line, every, ending)
            await socket.close()
            await listening
            line.ended()

    async def _talks(self, line: Line, every: float, ending: asyncio.Event) -> None:
        until, count = perf_counter() + random.uniform(*LIFE), 0
        await pause(random.uniform(0, every), ending)
        while perf_counter() < until and not ending.is_set():
            for _ in range(BURST if count % OFTEN == OFTEN - 1 else 1):
                uid = f"{line.name}_{count}"
                self._asked[f"3{uid}"] = perf_counter()
                await line.sends(said(uid, count))
                count += 1
            await pause(random.uniform(0.5, 1.5) * every, ending)
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_ANSWER):
                while self._asked:
                    await asyncio.sleep(0.05)

    async def _listens(self, line: Line) -> None:
        with suppress(ConnectionClosed):
            while True:
                frame = str(await line.socket.recv())
                key = frame[1] + frame.split('"', 2)[1]
                asked = self._asked.pop(key, None)
                line.got(frame, *([] if asked is None else [f"{(perf_counter() - asked) * 1_000:.3f}"]))
                if frame[1] == "2":
                    await line.sends(f'[3,"{key[1:]}",{{"status":"Accepted"}}]')


def said(uid: str, count: int) -> str:
    """What a charger says: who it is, then mostly readings, now and then how it stands or a piece of its log."""
    if count == 0:
        what = '"BootNotification",{"chargePointVendor":"Acme","chargePointModel":"Wall 7","firmwareVersion":"1.2.3"}'
    elif count % 10 == 1:
        what = '"StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}'
    elif count % 25 == 2:
        what = f'"DataTransfer",{{"vendorId":"com.acme","data":"{"log " * 5_000}"}}'
    elif count % 3 == 0:
        what = '"Heartbeat",{}'
    else:
        values = [
            {"value": f"{random.uniform(6, 16):.1f}", "measurand": "Current.Import", "phase": phase, "unit": "A"}
            for phase in ("L1", "L2", "L3")
        ]
        told = {"connectorId": 1, "transactionId": 7, "meterValue": [{"timestamp": TIME, "sampledValue": values}]}
        what = f'"MeterValues",{json.dumps(told)}'
    return f'[2,"{uid}",{what}]'


async def pause(seconds: float, ending: asyncio.Event) -> None:
    """Wait, but not longer than until the end."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ending.wait()


async def told_to_end() -> None:
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    await ending.wait()


async def chargers(url: str, log: Log, generation: int, numbers: range, every: float) -> None:
    """A group of chargers; they leave in order when the process gets SIGTERM."""
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    await asyncio.gather(*[Charger(each, generation, url, log).lives(every, ending) for each in numbers])


def main(role: str, place: str, file: str, *more: str) -> None:
    log = Log(str(Path(file)))
    if role == "csms":
        asyncio.run(csms(int(place), log))
        return
    generation, first, count = map(int, more[:3])
    asyncio.run(chargers(place, log, generation, range(first, first + count), float(more[3])))


if __name__ == "__main__":
    main(*sys.argv[1:])
