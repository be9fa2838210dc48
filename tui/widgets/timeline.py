"""Timeline: the signals of a charger, with keys that jump by meaning and bookmarks."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from chargelore.engine.signal import Signal
from chargelore.tui.lines.jumps import NONE_THERE, ahead, name_of
from chargelore.tui.lines.signal import signal_line, signal_words
from chargelore.tui.messages import Told
from chargelore.tui.speech import t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look


class Timeline(Listing[Signal]):
    """Lives as long as its screen; `bookmarks` belong to the case and outlive it. `connector` goes without saying."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "jump('fault', 1)", "Next fault", id="timeline.next-fault", show=False),
        Binding("E", "jump('fault', -1)", "Fault before", id="timeline.previous-fault", show=False),
        Binding("w", "jump('warning', 1)", "Next warning", id="timeline.next-warning", show=False),
        Binding("W", "jump('warning', -1)", "Warning before", id="timeline.previous-warning", show=False),
        Binding("o", "jump('same', 1)", "Next of the same session", id="timeline.next-same", show=False),
        Binding("O", "jump('same', -1)", "Before it in the same session", id="timeline.previous-same", show=False),
        Binding("s", "jump('gap', 1)", "Next gap in the data", id="timeline.next-gap", show=False),
        Binding("S", "jump('gap', -1)", "Gap in the data before", id="timeline.previous-gap", show=False),
        Binding("m", "bookmark", "Set or drop a bookmark", id="timeline.bookmark", show=False),
        Binding("u", "jump('bookmark', 1)", "Next bookmark", id="timeline.next-bookmark", show=False),
        Binding("U", "jump('bookmark', -1)", "Bookmark before", id="timeline.previous-bookmark", show=False),
    ]

    def __init__(self, bookmarks: set[str], connector: int | None) -> None:
        look: Look[Signal] = Look(key=id, draw=self._line, words=signal_words, copies=lambda each: each.raw)
        super().__init__(look, id="timeline", title=t("Timeline, UTC"), follows=True)
        self.bookmarks, self.connector = bookmarks, connector
        self.used = frozenset[int]()

    def action_jump(self, what: str, by: int) -> None:
        """Go to the next fault, warning, bookmark, gap, or signal of the same session."""
        place = ahead(self.table.rows, self.table.cursor, by, what, frozenset(self.bookmarks))
        if place is None:
            self.post_message(Told(t(NONE_THERE[what])))
            return
        self.table.go_to(place)
        self.table.focus()

    def action_bookmark(self) -> None:
        """Mark the signal under the cursor, or unmark it."""
        if self.table.current is not None:
            self.bookmarks ^= {name_of(self.table.current)}
            self.table.refresh()

    def _line(self, signal: Signal, width: int) -> tuple[Text]:
        is_marked = bool(self.bookmarks) and name_of(signal) in self.bookmarks
        is_used = id(signal) in self.used
        return (signal_line(signal, width, is_used=is_used, is_marked=is_marked, connector=self.connector),)
