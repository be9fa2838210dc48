"""Copies: what the tap keeps of passing frames, bounded, until one task has turned them into signals. Fails open."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from msgspec.structs import replace
from websockets.frames import Frame, Opcode

from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Signal

MOST_COPIES = 4_096
MOST_BYTES = 64 * 2**20  # in all waiting copies together
LONGEST = 2**20  # of one message; the rest of a longer one is left out of the copy and the signal is marked `cut`

Sender = Literal["charger", "csms"]
OnSignal = Callable[[Signal], None]
# Subprotocols as OCPP-J names them; a charger that names none speaks 1.6, the last version that allowed it.
VERSIONS = {"ocpp1.6": "1.6", "ocpp2.0": "2.0", "ocpp2.0.1": "2.0.1", "ocpp2.1": "2.1"}


@dataclass(slots=True)
class Health:
    """What a source did and what went wrong on our side of it. Counts only grow, but for `open`."""

    connections: int = 0
    open: int = 0
    refused: int = 0
    from_charger: int = 0
    from_csms: int = 0
    dropped_copies: int = 0
    engine_errors: int = 0
    last_error: str = ""
    asked: int = 0  # requests of our own, where we ask
    troubles: Counter[str] = field(default_factory=Counter)  # on the wire, by the reasons of trouble.py
    in_vain: Counter[str] = field(default_factory=Counter)  # those without a usable answer, by the reason

    def failed(self, error: Exception) -> None:
        """Our own side raised; the wire went on."""
        self.engine_errors += 1
        self.last_error = f"{type(error).__name__}: {error}"[:500]


@dataclass(slots=True)
class Line:
    """One charger's connection as the engine sees it. Lives as long as the connection."""

    charger: str
    path: str
    version: str = "1.6"
    messages: int = 0
    begun: dict[Sender, Message] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """A message as far as its fragments came; a little more than LONGEST bytes of it at most."""

    is_binary: bool = False
    payload: bytearray = field(default_factory=bytearray)

    def grows(self, more: bytes) -> None:
        """A fragment came; what goes far beyond LONGEST is left out."""
        self.payload += more[: LONGEST + 1 - len(self.payload)]

    @property
    def text(self) -> str:
        """The message as text; bytes that are not UTF-8 become replacement characters."""
        return self.payload[:LONGEST].decode("utf-8", "replace")

    @property
    def marks(self) -> tuple[str, ...]:
        """What is odd about it."""
        return ("binary",) * self.is_binary + ("cut",) * (len(self.payload) > LONGEST)


@dataclass(frozen=True, slots=True)
class Copy:
    """A frame of one line, or a ready signal, as it waits for the engine."""

    line: Line
    sender: Sender
    at: datetime
    frame: Frame | None = None
    signal: Signal | None = None

    @property
    def size(self) -> int:
        """Bytes of payload."""
        return len(self.frame.data) if self.frame else 0


class Copies:
    """The copies that wait, and the task that works them off. Nothing in here may slow or fail the wire."""

    def __init__(self, on_signal: OnSignal, now: Callable[[], datetime]) -> None:
        self.health = Health()
        self._on_signal, self._now = on_signal, now
        self._waiting: asyncio.Queue[Copy] = asyncio.Queue()
        self._bytes = 0

    def frame(self, line: Line, sender: Sender, frame: Frame) -> None:
        """Keep a copy of a data frame. Never raises, never waits."""
        if frame.opcode in (Opcode.PING, Opcode.PONG, Opcode.CLOSE):
            return
        kept = Frame(frame.opcode, bytes(frame.data[: LONGEST + 1]), frame.fin)
        self._keep(lambda at: Copy(line, sender, at, frame=kept))

    def event(self, line: Line, kind: str, fields: dict[str, str | int]) -> None:
        """Keep a `connected` or `disconnected` signal in its order among the frames. Never raises, never waits."""
        self._keep(lambda at: Copy(line, "charger", at, signal=_event(line, kind, at, fields)))

    def _keep(self, copy_at: Callable[[datetime], Copy]) -> None:
        try:
            copy = copy_at(self._now())
            if self._waiting.qsize() >= MOST_COPIES or self._bytes + copy.size > MOST_BYTES:
                self.health.dropped_copies += 1
                return
            self._bytes += copy.size
            self._waiting.put_nowait(copy)
        except Exception as error:  # noqa: BLE001  # whatever our side raises, the wire goes on
            self.health.failed(error)

    async def drained(self) -> None:
        """Wait until every copy kept so far is worked off."""
        await self._waiting.join()

    async def work(self) -> None:
        """Turn copies into signals for ever; between two of them the wire gets its turn."""
        while True:
            copy = await self._waiting.get()
            self._bytes -= copy.size
            for signal in self._guarded(copy):
                self._hand_over(signal)
                await asyncio.sleep(0)
            self._waiting.task_done()

    def _guarded(self, copy: Copy) -> tuple[Signal, ...]:
        try:
            return tuple(signals(copy))
        except Exception as error:  # noqa: BLE001  # as above
            self.health.failed(error)
            return ()

    def _hand_over(self, signal: Signal) -> None:
        try:
            self._on_signal(signal)
        except Exception as error:  # noqa: BLE001  # as above
            self.health.failed(error)


def signals(copy: Copy) -> Iterable[Signal]:
    """The signals in a copy; none as long as more fragments of its message are to come."""
    if copy.signal is not None:
        return (copy.signal,)
    message = _whole(copy.line.begun, copy.sender, copy.frame) if copy.frame else None
    return _decoded(copy, message) if message else ()


def _whole(begun: dict[Sender, Message], sender: Sender, frame: Frame) -> Message | None:
    """The message that this frame completes."""
    message = begun.pop(sender, None) or Message(frame.opcode is Opcode.BINARY)
    message.grows(bytes(frame.data))
    if frame.fin:
        return message
    begun[sender] = message
    return None


def _decoded(copy: Copy, message: Message) -> Iterable[Signal]:
    line = copy.line
    line.messages += 1
    found = decode_frame(
        message.text,
        direction=copy.sender,
        version=line.version,
        charger=line.charger,
        at=copy.at,
        line=line.messages,
    )
    return (replace(each, marks=tuple(dict.fromkeys((*each.marks, *message.marks)))) for each in found)


def _event(line: Line, kind: str, at: datetime, fields: dict[str, str | int]) -> Signal:
    line.messages += 1
    return Signal(layer="ocpp", kind=kind, charger=line.charger, at=at, fields=dict(fields), line=line.messages)
