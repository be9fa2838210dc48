"""Timeline: all that was heard of the charger of a case, on one clock, a column for each layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from chargelore.engine.case import Case
from chargelore.engine.signal import Signal
from chargelore.tui.desk import Desk
from chargelore.tui.frames.caseframes import CaseFrames, fired_in, used_in
from chargelore.tui.lines.case import charger_name
from chargelore.tui.lines.lanes import in_full, lanes_heard, place_line
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.signal import raw_text, symptoms_of
from chargelore.tui.messages import Chosen, Moved
from chargelore.tui.places import Place
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.reading import signal_page
from chargelore.tui.speech import t
from chargelore.tui.widgets.lanes import Lanes
from chargelore.tui.widgets.sheet import Sheet

SAMPLE = 200  # signals at either end that are asked for their layers, beside what the case knows


class TimelinePage(Page):
    """The lanes over what the signal under the cursor says in full: what was read of it left, as it came right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="lanes.back", show=False),
    ]
    FOOTER = ("timeline.next-fault", "lanes.lane-1", "listing.filter", "app.undo", "app.redo", "app.help")
    AUTO_FOCUS = "#lanes-rows"

    def __init__(self, desk: Desk, case_id: str, at: int | None = None) -> None:
        super().__init__(desk, t("Timeline"))
        self.case_id, self.at = case_id, at
        case = desk.cases.get(case_id)
        self.lanes = Lanes(desk.bookmarks.setdefault(case_id, set()), case.connector if case else None)
        self.reading = CaseFrames(desk)

    @property
    def place(self) -> Place:
        """The timeline of this case."""
        return Place("timeline", self.case_id)

    def body(self) -> Iterable[Widget]:
        """Which charger, the lanes, and one signal in full."""
        yield Static(id="lanes-place")
        yield self.lanes
        fields, raw = Sheet(Static(id="signal-fields"), id="fields-pane"), Sheet(Static(id="signal-raw"), id="raw-pane")
        yield Horizontal(fields, raw, id="signal-body")

    def on_mount(self) -> None:
        """Where the panes begin."""
        self.query_one("#fields-pane").border_title = t("What was read")
        self.query_one("#raw-pane").border_title = t("As it came")

    def draw(self) -> None:
        """Everything as it stands now; a case that was closed leaves the screen."""
        case = self.desk.case_now(self.case_id)
        if case is None:
            self.action_back()
            return
        self.crumb = f"{t('Timeline')} {charger_name(case)}"
        super().draw()
        self.query_one("#lanes-place", Static).update(place_line(case, self.desk.clock(case), self.size.width - 2))
        self._show(case)
        self.draw_signal()

    def _show(self, case: Case) -> None:
        rows, lanes = self.reading.rows(case), self.lanes
        lanes.lanes = lanes_heard(case.layers, (*rows[:SAMPLE], *rows[-SAMPLE:]))
        lanes.used, lanes.fired = used_in(case), fired_in(case)
        lanes.show(rows, Text(t("No signals: the case came without a log.")))
        at, self.at = self.at, None
        if at is not None:
            lanes.goes_to(at)
        lanes.draw_head()

    def draw_signal(self) -> None:
        """The signal under the cursor in full."""
        signal, case = self.lanes.table.current, self.desk.cases.get(self.case_id)
        told = in_full(signal, symptoms_of(case, signal)) if signal is not None and case is not None else []
        self.query_one("#signal-fields", Static).update(block(told))
        self.query_one("#signal-raw", Static).update(raw_text(signal) if signal is not None else "")

    def on_moved(self, _message: Moved) -> None:
        """Another signal is under the cursor."""
        self.lanes.draw_head()
        self.draw_signal()

    def on_chosen(self, message: Chosen) -> None:
        """Enter shows one signal on a screen of its own."""
        case = self.desk.cases.get(self.case_id)
        if isinstance(message.row, Signal) and case is not None:
            self.app.push_screen(signal_page(self.desk, case, message.row))
