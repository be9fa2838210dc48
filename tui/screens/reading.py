"""Reading: a screen that is only to be read: why a cause is suspected, or everything about one signal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from chargelore.tui.desk import Desk
from chargelore.tui.screens.page import Page
from chargelore.tui.widgets.sheet import Sheet


class Reading(Page):
    """One text to read. `tell` makes it at a width, each time anew, so that it follows a live case."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back", id="reading.back")]
    AUTO_FOCUS = "#sheet"

    def __init__(self, desk: Desk, crumb: str, tell: Callable[[int], Text]) -> None:
        super().__init__(desk, crumb)
        self.tell = tell

    def body(self) -> Iterable[Widget]:
        """The text."""
        yield Sheet(Static(id="reading"), id="sheet")

    def draw(self) -> None:
        """The text as it is now."""
        super().draw()
        self.query_one("#reading", Static).update(self.tell(max(20, self.size.width - 3)))
