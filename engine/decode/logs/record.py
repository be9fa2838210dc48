"""Record: one thing a log says - a frame or a line of text - before it is told when, who and which way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chargelore.engine.decode.message import Message
from chargelore.engine.signal import Scalar
from chargelore.kb.model import Layer

TOLD = "told"


class Line(NamedTuple):
    """A line of the source, without its end; `marks` says what the bytes were like."""

    number: int
    text: str
    marks: tuple[str, ...] = ()


class Head(NamedTuple):
    """What stands in front of a line's own words. `length` is how much of the line it takes."""

    length: int
    stamp: str = ""
    level: str = ""
    logger: str = ""
    charger: str = ""


class Record(NamedTuple):
    """A frame (`message`), a text, or values (`fields`) that a table or an interface names.

    `way`: `in` or `out` as the logger saw it; `charger` or `csms` as the sender. A message marked `told` was no frame
    in the source: a table says what such a frame said.
    """

    line: int
    text: str
    head: Head
    message: Message | None = None
    way: str = ""
    charger: str = ""
    kind: str = "log"
    layer: Layer = "firmware"
    fields: Mapping[str, Scalar] | None = None
    marks: tuple[str, ...] = ()
    raw: str = ""
    connector: int | None = None

    @property
    def is_frame(self) -> bool:
        """Whether the source printed an OCPP frame here."""
        return self.message is not None and TOLD not in self.message.marks
