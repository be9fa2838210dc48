"""Messages: everything that the parts of the terminal UI tell each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from textual.message import Message

from chargelore.engine.signal import Signal
from chargelore.tui.places import Place

Words = Mapping[str, str]
Tone = Literal["plain", "good", "bad"]


@dataclass
class Changed(Message, bubble=False):
    """Signals came in since the screen was last drawn; `cases` are the ids of those that changed."""

    cases: frozenset[str]
    signals: int


@dataclass
class Moved(Message):
    """The cursor of a table stands on another row; None when the table is empty."""

    table: str
    row: object | None


@dataclass
class Chosen(Message):
    """Enter or a double click on a row of a table."""

    table: str
    row: object


@dataclass
class Picked(Message):
    """One option of a choice was picked by its number or with Enter."""

    choice: str
    option: str


@dataclass
class Located(Message):
    """A signal to be shown on the timeline of its case."""

    case: str
    signal: Signal


@dataclass
class Asked(Message):
    """A message is to be sent to a charger, as `errand.py` writes it."""

    charger: str
    errand: str


@dataclass
class Came(Message):
    """A screen with a place came to the front."""

    place: Place


@dataclass
class Copied(Message):
    """Text to be taken along; `what` says it in a few words."""

    text: str
    what: str


@dataclass
class TakenAlong(Message):
    """Rows to be copied in a form that the person chooses: the one under the cursor, and all that pass the filter."""

    row: Words | None
    rows: tuple[Words, ...]


@dataclass
class Exported(Message):
    """A list as it is seen, to be written to a file."""

    name: str
    rows: tuple[Words, ...]


@dataclass
class Told(Message):
    """A sentence for the status line: what the last action did, or why it did not."""

    text: str
    tone: Tone = "plain"
