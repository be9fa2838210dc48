"""Timeline: all that was heard of the charger of a case, on one clock, a column for each layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from chargelore.engine.case import Case
from chargelore.engine.signal import Signal
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.desk import Desk
from chargelore.tui.frames.caseframes import CaseFrames, fired_in, used_in
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.case import charger_name
from chargelore.tui.lines.lanes import in_full, lanes_heard, place_line, plain_line
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.signal import raw_text, said, symptoms_of
from chargelore.tui.messages import Chosen, Moved, Told
from chargelore.tui.places import Place
from chargelore.tui.screens.note import NotePage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.reading import signal_page
from chargelore.tui.speech import t
from chargelore.tui.terminal import shown
from chargelore.tui.text import clock
from chargelore.tui.widgets.lanes import Lanes
from chargelore.tui.widgets.sheet import Sheet

AROUND = 250  # signals before and behind the cursor that plain text shows
SAMPLE = 200  # signals at either end that are asked for their layers, beside what the case knows


class TimelinePage(Page):
    """The lanes over what the signal under the cursor says in full: what was read of it left, as it came right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("V", "pin", "Evidence", id="lanes.pin"),
        Binding("a", "note", "Note", id="lanes.note"),
        Binding("ctrl+l", "plain", "Plain text for the terminal's own copy", id="lanes.plain", show=False),
        Binding("escape", "back", "Back", id="lanes.back", show=False),
    ]
    FOOTER = (
        "timeline.next-fault", "lanes.pin", "lanes.note", "lanes.lane-1", "listing.filter", "app.undo", "app.redo",
        "app.help",
    )  # fmt: skip
    AUTO_FOCUS = "#lanes-rows"

    def __init__(self, desk: Desk, case_id: str, at: int | None = None) -> None:
        super().__init__(desk, t("Timeline"))
        self.case_id, self.at = case_id, at
        case = desk.cases.get(case_id)
        self.lanes = Lanes(desk.bookmarks.setdefault(case_id, set()), case.connector if case else None)
        self.reading = CaseFrames(desk)

    @classmethod
    def of_place(cls, desk: Desk, name: str, _over: Page | None, /) -> Page | None:
        """Of an open case."""
        return cls(desk, name) if desk.case_now(name) is not None else None

    @property
    def in_front(self) -> Case | None:
        """The case whose timeline it is, unless it was closed."""
        return self.desk.case_now(self.case_id)

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
        if not self.stands:
            return
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
        lanes.pinned = self.desk.pins.of(case)
        lanes.used, lanes.fired = used_in(case), fired_in(case)
        lanes.show(rows, Text(t("No signals: the case came without a log.")))
        at, self.at = self.at, None
        if at is not None:
            lanes.goes_to(at)
        lanes.draw_head()

    def draw_signal(self) -> None:
        """The signal under the cursor in full."""
        signal, case = self.lanes.table.current, self.desk.cases.get(self.case_id)
        told = (
            in_full(signal, symptoms_of(case, signal), self.desk.pins.on(case, signal))
            if signal is not None and case is not None
            else []
        )
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

    @writes
    def action_pin(self) -> None:
        """Hold the signal under the cursor for evidence, or let it go."""
        if (here := self._here) is None:
            return
        is_pinned = self.desk.pins.on(*here) is not None
        if is_pinned:
            self._keeps(lambda: self.desk.pins.drops(*here), t("No evidence any more. z undoes it."))
        else:
            self._keeps(
                lambda: self.desk.pins.pins(*here), t("Held for evidence: it goes along to the maker. z undoes it.")
            )

    @writes
    def action_note(self) -> None:
        """Write a note on the signal under the cursor, which is evidence from then on."""
        if (here := self._here) is not None:
            before = self.desk.pins.on(*here)
            asked = [f"{clock(here[1].at)} {said(here[1])}", t("A note on this signal; it goes along to the maker.")]
            self.app.push_screen(NotePage(self.desk, asked, before.note if before else "", partial(self._notes, here)))

    def _notes(self, here: tuple[Case, Signal], note: str) -> None:
        self._keeps(lambda: self.desk.pins.pins(*here, note), t("Noted. z undoes it."))

    def _keeps(self, write: Callable[[], object], told: str) -> None:
        try:
            write()
        except ChargeloreError as error:
            self.post_message(Told(t("Not kept: {why}", why=str(error)), "bad"))
            return
        self.draw()
        self.refresh_bindings()
        self.post_message(Told(told, "good"))

    @property
    def _here(self) -> tuple[Case, Signal] | None:
        signal, case = self.lanes.table.current, self.desk.cases.get(self.case_id)
        return (case, signal) if case is not None and signal is not None else None

    def action_plain(self) -> None:
        """Lend the terminal to the signals around the cursor as plain text, which it can mark and copy as it likes."""
        rows, place = self.lanes.table.rows, self.lanes.table.cursor
        around = rows[max(0, place - AROUND) : place + AROUND]
        try:
            with self.app.suspend():
                shown("\n".join(map(plain_line, around)), t("Enter goes back to the screens."))
        except SuspendNotSupported:
            self.post_message(Told(t("This terminal cannot be lent: y copies instead."), "bad"))
