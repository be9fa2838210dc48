"""Item: one thing that is captured on the wire, and how it is told over a pipe: a length, then msgpack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from chargelore.engine.case import Charger
from chargelore.engine.decode.frame import decode_frame
from chargelore.engine.signal import Scalar, Signal

Sender = Literal["charger", "csms"]
HEAD = 4  # bytes of a length
LARGEST = 2**26  # bytes of what is told at once; more comes from a pipe that is out of step
BITS = 63  # of a number that every reader of JSON and msgpack takes
Told = TypeVar("Told")


class Heard(msgspec.Struct, frozen=True, kw_only=True, tag="heard", gc=False):
    """A whole OCPP message as it passed, not looked into yet. `line` counts the messages of its connection from 1."""

    charger: str
    sender: Sender
    version: str
    at: datetime
    line: int
    payload: bytes
    marks: tuple[str, ...] = ()


class Ready(msgspec.Struct, frozen=True, tag="ready", gc=False):
    """A signal that a source made itself, and when it was captured."""

    signal: Signal
    at: datetime


class Known(msgspec.Struct, frozen=True, tag="known", gc=False):
    """Who a charger is that cannot say so itself."""

    charger: Charger
    at: datetime


class Beat(msgspec.Struct, frozen=True, tag="beat", gc=False):
    """Time went on, and all that was captured before was handed over before."""

    at: datetime


class Shown(msgspec.Struct, frozen=True, tag="shown", gc=False):
    """A case was told to whoever watches, with the gist of what was said."""

    case: str
    gist: tuple[str, ...]
    at: datetime


Item = Heard | Ready | Known | Beat | Shown


def signals_of(item: Item) -> tuple[Signal, ...]:
    """The signals in an item; a message has at least one."""
    if isinstance(item, Ready):
        return (item.signal,)
    return _decoded(item) if isinstance(item, Heard) else ()


def _decoded(heard: Heard) -> tuple[Signal, ...]:
    """The signals of a message; bytes that are not UTF-8 become replacement characters."""
    found = decode_frame(
        heard.payload.decode("utf-8", "replace"),
        direction=heard.sender,
        version=heard.version,
        charger=heard.charger,
        at=heard.at,
        line=heard.line,
    )
    if not heard.marks:
        return found
    return tuple(replace(each, marks=tuple(dict.fromkeys((*each.marks, *heard.marks)))) for each in found)


def item_in(told: bytes) -> tuple[int, Item]:
    """An item with its number, as it came over the pipe; what a source made wrongly becomes a signal that says so."""
    try:
        return _numbered(told)
    except msgspec.ValidationError as error:
        seq = msgspec.msgpack.decode(told)[0]
        fields: dict[str, Scalar] = {"text": "", "why": f"a source told what is no signal: {error}"}
        signal = Signal(layer="csms", kind="unreadable", fields=fields, marks=("off-spec",))
        return int(seq), Ready(signal, datetime.now(UTC))


def packed(told: object) -> bytes:
    """What is told, with its length in front."""
    try:
        body = _pack(told)
    except (OverflowError, UnicodeEncodeError):
        body = _pack(tamed(told))
    return len(body).to_bytes(HEAD, "big") + body


_numbered = msgspec.msgpack.Decoder(tuple[int, Item]).decode
_pack: Callable[[object], bytes] = msgspec.msgpack.Encoder().encode


def tamed(value: Any) -> Any:
    """The same with texts and numbers that every reader takes: no half characters, no number beyond 64 bits."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, int) and value.bit_length() > BITS:
        return str(value)
    if isinstance(value, dict):
        return {tamed(key): tamed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return tuple(tamed(each) for each in value)
    if isinstance(value, msgspec.Struct):
        return replace(value, **{name: tamed(getattr(value, name)) for name in value.__struct_fields__})
    return value


class Unpacking(Generic[Told]):
    """What comes out of a pipe in any pieces, as the things that were told. Lives as long as the pipe."""

    def __init__(self, decoded: Callable[[bytes], Told]) -> None:
        self._decoded, self._rest = decoded, bytearray()

    def fed(self, piece: bytes) -> Iterator[Told]:
        """The things that are whole with this piece. ValueError when this is not what was agreed on."""
        self._rest += piece
        begin = 0
        while len(self._rest) - begin >= HEAD:
            size = int.from_bytes(self._rest[begin : begin + HEAD], "big")
            if size > LARGEST:
                raise ValueError(f"{size} bytes at once")
            if len(self._rest) - begin - HEAD < size:
                break
            begin += HEAD + size
            yield self._decoded(bytes(self._rest[begin - size : begin]))
        del self._rest[:begin]
