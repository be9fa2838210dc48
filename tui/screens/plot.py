"""Plot: something to look at rather than to read, and the same in words and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from chargelore.tui.desk import Desk
from chargelore.tui.lines.paint import block
from chargelore.tui.messages import Changed
from chargelore.tui.plotting.plots import Tell
from chargelore.tui.screens.page import Page
from chargelore.tui.widgets.sheet import Sheet

EVERY = 1.0  # seconds between two drawings while signals come in


class PlotPage(Page):
    """`reads` what others wrote, once and at each `R`, and gives what draws it anew as signals come in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="plot.back"),
        Binding("v", "turn", "Words / plot", id="plot.turn"),
    ]
    FOOTER = ("plot.back", "plot.turn", "page.pause", "app.help")
    AUTO_FOCUS = "#sheet"

    def __init__(self, desk: Desk, crumb: str, reads: Callable[[], Tell]) -> None:
        super().__init__(desk, crumb)
        self.reads, self.tell, self.is_drawn, self.drawn_at = reads, reads(), True, 0.0

    def body(self) -> Iterable[Widget]:
        """The plot."""
        yield Sheet(Static(id="plot"), id="sheet")

    def on_changed(self, message: Changed) -> None:
        """Signals came in: a person looks at a plot, and need not see it jump four times a second."""
        if monotonic() - self.drawn_at >= EVERY:
            super().on_changed(message)
        else:
            self.draw_top()

    def draw(self) -> None:
        """The plot as it is now, as large as there is room for."""
        super().draw()
        self.drawn_at = monotonic()
        room = self.query_one("#sheet").size
        lines = self.tell(max(20, room.width - 3), max(1, room.height - 1), self.is_drawn)
        self.query_one("#plot", Static).update(block(lines))

    def action_refresh_all(self) -> None:
        """With what others wrote meanwhile."""
        self.tell = self.reads()
        super().action_refresh_all()

    def action_turn(self) -> None:
        """In words and figures, or drawn."""
        self.is_drawn = not self.is_drawn
        self.draw()
