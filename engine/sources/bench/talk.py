"""Talk: one charger's line: every request of the charger is answered, ours are sent one at a time and waited for."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex
from typing import Literal, cast

from chargelore.engine.decode.message import CALL, ERROR, RESULT, SEND

Payload = Mapping[str, object]
Send = Callable[[str], Awaitable[None]]
Kind = Literal["answered", "error", "garbled", "silent", "gone"]
MOST_GIVEN_UP = 64
LONGEST_ID = 255


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request of ours: an answer, a CALLERROR, something else, nothing, or a line that ended."""

    kind: Kind
    payload: Payload = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a charger's request is answered with a CALLERROR."""

    error: str
    why: str


Hears = Callable[[str, Payload], "Payload | Refusal"]


class Talk:
    """The OCPP-J rules of one connection. Lives as long as it. `odd` is told what the rules do not allow.

    `hears` is told every well-formed request of the charger and says what to answer.
    """

    def __init__(self, send: Send, version: str, hears: Hears, odd: Callable[[str], None]) -> None:
        self.version, self._send, self._hears, self._odd = version, send, hears, odd
        self._turn = asyncio.Lock()
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}
        self._given_up: deque[str] = deque(maxlen=MOST_GIVEN_UP)
        self._ids = (f"bench-{token_hex(4)}-{number}" for number in count(1))

    async def takes(self, message: str | bytes) -> None:
        """One message of the charger."""
        elements = _elements(message)
        if elements is None or len(elements) < 3 or not _is_id(elements[1]):
            self._odd("no OCPP message" if isinstance(message, str) else "a binary message")
            await self._cannot_read()
        elif elements[0] in (CALL, SEND):
            await self._answers(elements)
        elif elements[0] in (RESULT, ERROR):
            self._is_answered(elements)
        else:
            self._odd("a message type that OCPP does not know")

    async def ask(self, action: str, payload: Payload, seconds: float) -> Outcome:
        """Send a request and wait for its answer so long; the next one waits until this one is over."""
        async with self._turn:
            uid, answer = next(self._ids), asyncio.get_running_loop().create_future()
            self._waiting[uid] = answer
            try:
                async with asyncio.timeout(seconds):
                    await self._send(_written([CALL, uid, action, payload]))
                    return cast(Outcome, await answer)
            except TimeoutError:
                self._given_up.append(uid)
                return Outcome("silent")
            finally:
                self._waiting.pop(uid, None)

    def ends(self) -> None:
        """The line is gone, and with it every answer that was still to come."""
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_result(Outcome("gone"))

    async def _answers(self, elements: list[object]) -> None:
        uid, action = elements[1], elements[2]  # the id goes back as it came, a number too
        payload = elements[3] if len(elements) > 3 else None
        answer = self._judged(action, payload)
        if elements[0] == SEND:  # OCPP 2.1: wants no answer
            return
        if isinstance(answer, Refusal):
            self._odd(f"{str(action)[:40]}: {answer.error} ({answer.why})")
            await self._send(_written([ERROR, uid, answer.error, answer.why, {}]))
        else:
            await self._send(_written([RESULT, uid, answer]))

    def _judged(self, action: object, payload: object) -> Payload | Refusal:
        if not isinstance(action, str) or not isinstance(payload, Mapping):
            error = "FormationViolation" if self.version == "1.6" else "FormatViolation"
            return Refusal(error, "a request has an action and an object")
        return self._hears(action, payload)

    def _is_answered(self, elements: list[object]) -> None:
        answer = self._waiting.get(str(elements[1]))
        if answer is None or answer.done():
            is_late = str(elements[1]) in self._given_up
            self._odd("an answer that came too late" if is_late else "an answer to nothing that was asked")
            return
        answer.set_result(_outcome(elements))

    async def _cannot_read(self) -> None:
        """OCPP 2.x has an answer even to what carries no id; 1.6 has none."""
        if self.version != "1.6":
            await self._send(_written([ERROR, "-1", "RpcFrameworkError", "no OCPP message", {}]))


def _elements(message: str | bytes) -> list[object] | None:
    if not isinstance(message, str):
        return None
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _is_id(value: object) -> bool:
    """A text; a number too, as some chargers send one."""
    return type(value) is int or (isinstance(value, str) and 0 < len(value) <= LONGEST_ID)


def _outcome(elements: list[object]) -> Outcome:
    body = elements[2]
    if elements[0] == ERROR:
        described = str(elements[3])[:200] if len(elements) > 3 and elements[3] else ""
        return Outcome("error", error=": ".join(filter(None, (str(body)[:60], described))))
    return Outcome("answered", body) if isinstance(body, Mapping) else Outcome("garbled", error="it is no object")


def _written(message: list[object]) -> str:
    return json.dumps(message, separators=(",", ":"))
