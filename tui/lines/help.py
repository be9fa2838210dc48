"""The keys of a screen as lines."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from chargelore.tui.lines.paint import NAME, QUIET, line
from chargelore.tui.text import padded


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that can be done on a screen: the keys that do it, and what it is."""

    id: str
    keys: str
    does: str
    action: str

    @property
    def area(self) -> str:
        """The part of the screen that it belongs to."""
        return self.id.partition(".")[0]


def key_line(key: Key, width: int) -> tuple[Text]:
    """Keys left, what they do in the middle, the name for a keymap right."""
    room = max(10, width - 18 - 24)
    return (line((padded(key.keys, 18), NAME), padded(key.does, room), (padded(key.id, 24), QUIET)),)


def key_words(key: Key) -> dict[str, str]:
    """What is searched while one types."""
    return {"keys": key.keys, "does": key.does, "id": key.id}
