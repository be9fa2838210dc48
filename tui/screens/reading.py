"""Reading: a screen that is only to be read: why a cause is suspected, or everything about one signal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from chargelore.engine.case import Case
from chargelore.engine.signal import Signal
from chargelore.tui.desk import Desk
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.signal import said, signal_detail, symptoms_of
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


def signal_page(desk: Desk, case: Case, signal: Signal) -> Reading:
    """Everything about one signal of a case."""
    sheet = block(signal_detail(signal, symptoms_of(case, signal)))
    return Reading(desk, said(signal)[:60], lambda _width: sheet)
