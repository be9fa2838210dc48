"""The two ends of a tapped line, each a process of its own: `tap_ends.py csms` and `tap_ends.py chargers`.

The management system prints its port and answers every request at once. The chargers do what lines of JSON on their
input ask, and answer each with a line: {"connect": NAME, "url": URL, "count": N}, {"talk": [NAMES], "seconds": S,
"rate": REQUESTS A SECOND} and {"flood": NAME, "seconds": S}.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import cycle
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

OCPP16 = Subprotocol("ocpp1.6")
AT_ONCE = 50  # handshakes under way at a time
METER = json.dumps(
    {
        "connectorId": 1,
        "transactionId": 7,
        "meterValue": [
            {
                "timestamp": "2031-05-01T10:00:00Z",
                "sampledValue": [
                    {"value": "16.0", "measurand": "Current.Import", "phase": f"L{n}", "unit": "A"} for n in (1, 2, 3)
                ],
            }
        ],
    }
)
BEAT = '[2,"%d","Heartbeat",{}]'
METERED = f'[2,"%d","MeterValues",{METER}]'


async def csms() -> None:
    """Answer requests for ever."""

    async def answers(socket: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            async for message in socket:
                await socket.send(f"[3,{str(message).split(',', 2)[1]},{{}}]")

    async with serve(
        answers, "127.0.0.1", 0, subprotocols=[OCPP16], compression=None, ping_interval=None, backlog=1_000
    ) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


class Chargers:
    """Groups of connected chargers, by the name of their way to the management system. Lives as long as the process."""

    def __init__(self) -> None:
        self._groups: dict[str, list[ClientConnection]] = {}

    async def connect(self, task: dict[str, Any]) -> dict[str, Any]:
        """Connect a group; its old connections are closed first. Answers with how many stand."""
        await asyncio.gather(*[each.close() for each in self._groups.pop(task["connect"], [])])
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> ClientConnection:
            async with turn:
                return await connect(
                    f"{task['url']}/CP-{number}",
                    subprotocols=[OCPP16],
                    compression=None,
                    proxy=None,
                    ping_interval=None,
                    open_timeout=60,
                )

        group = await asyncio.gather(*map(one, range(task["count"])))
        self._groups[task["connect"]] = list(group)
        return {"connected": len(group)}

    async def talk(self, task: dict[str, Any]) -> dict[str, Any]:
        """One request after the other at a fixed rate, the groups by turns. Answers with ms of median and p99."""
        took: dict[str, list[float]] = {name: [] for name in task["talk"]}
        chargers = {name: cycle(random.sample(self._groups[name], len(self._groups[name]))) for name in took}
        begun, asking = perf_counter(), set[asyncio.Task[None]]()
        for slot in range(int(task["seconds"] * task["rate"])):
            await asyncio.sleep(begun + slot / task["rate"] - perf_counter())
            name = task["talk"][slot % len(task["talk"])]
            one = asyncio.create_task(_timed(next(chargers[name]), slot, took[name]))
            asking.add(one)
            one.add_done_callback(asking.discard)
        await asyncio.gather(*asking)
        return {name: _figures(times) for name, times in took.items()}

    async def flood(self, task: dict[str, Any]) -> dict[str, Any]:
        """Every charger asks again as soon as it is answered. Answers with requests a second."""
        until = perf_counter() + task["seconds"]
        done = await asyncio.gather(*[_asks_until(until, each) for each in self._groups[task["flood"]]])
        return {"rate": sum(done) / (perf_counter() - until + task["seconds"])}


async def _timed(socket: ClientConnection, number: int, took: list[float]) -> None:
    begun = perf_counter()
    await _asks(socket, number)
    took.append(perf_counter() - begun)


async def _asks(socket: ClientConnection, number: int) -> None:
    await socket.send((METERED if number % 2 else BEAT) % number)
    await socket.recv()


async def _asks_until(end: float, socket: ClientConnection) -> int:
    done = 0
    while perf_counter() < end:
        await _asks(socket, done)
        done += 1
    return done


def _figures(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"median": cuts[49] * 1_000, "p99": cuts[98] * 1_000, "asked": len(times)}


async def chargers() -> None:
    """Do what the lines on the input ask, until there are no more."""
    group = Chargers()
    does: dict[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]] = {
        "connect": group.connect,
        "talk": group.talk,
        "flood": group.flood,
    }
    while line := await asyncio.to_thread(sys.stdin.readline):
        task = json.loads(line)
        print(json.dumps(await does[next(iter(task))](task)), flush=True)


if __name__ == "__main__":
    asyncio.run({"csms": csms, "chargers": chargers}[sys.argv[1]]())
