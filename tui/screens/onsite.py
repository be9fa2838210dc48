"""OnSite: the chargers that are pointed to this laptop; the first screen of `chargelore bench`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from chargelore.engine.nameplate import short
from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.onsite import (
    emptiness,
    present_key,
    present_line,
    present_lines,
    present_words,
    result_lines,
)
from chargelore.tui.lines.paint import block
from chargelore.tui.messages import Asked, Chosen, Moved, Told
from chargelore.tui.places import HOME, Place
from chargelore.tui.screens.errands import ErrandsPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.reading import Reading
from chargelore.tui.site import Present, Site
from chargelore.tui.speech import t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

LOOK: Look[Present] = Look(key=present_key, draw=present_line, words=present_words)
BEAT = 0.5  # seconds; what is asked and who is here changes without a signal too


class OnSite(Page):
    """Chargers left, the one under the cursor right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "messages", "Send a message", id="onsite.messages"),
        Binding("M", "next_step", "Do next step", id="onsite.message"),
        Binding("d", "case", "Diagnosis", id="onsite.case"),
        Binding("v", "answer", "Whole answer", id="onsite.answer"),
    ]
    FOOTER = (
        "onsite.messages", "onsite.message", "onsite.case", "onsite.answer", "listing.filter", "app.look-up",
        "app.help",
    )  # fmt: skip
    AUTO_FOCUS = "#onsite-rows"

    def __init__(self, desk: Desk, site: Site) -> None:
        super().__init__(desk, t("On site"))
        self.site = site
        self.listing: Listing[Present] = Listing(LOOK, id="onsite", title=t("Chargers"))

    @property
    def place(self) -> Place:
        """The first screen."""
        return HOME

    def body(self) -> Iterable[Widget]:
        """The list, and all about one beside it."""
        yield Horizontal(self.listing, VerticalScroll(Static(id="present"), id="preview-pane"), id="bench-body")

    def on_mount(self) -> None:
        """Draw now and then."""
        self.set_interval(BEAT, self.draw)

    def draw(self) -> None:
        """Everything as it stands now."""
        super().draw()
        if self.desk.is_paused:
            return
        at = self.site.address
        self.listing.title = t("Chargers at {address}", address=at) if at else t("Chargers")
        self.listing.show(self.site.present, emptiness(self.site.address))
        self._draw_one()

    def on_moved(self, _message: Moved) -> None:
        """Another charger is under the cursor."""
        self._draw_one()

    def on_chosen(self, _message: Chosen) -> None:
        """Enter on a charger opens what can be sent to it."""
        self.action_messages()

    def action_messages(self) -> None:
        """Choose a message for the charger under the cursor."""
        if (row := self._row()) is not None:
            self.app.push_screen(ErrandsPage(self.desk, row.guest))

    @writes
    def action_next_step(self) -> None:
        """Send the message that is the next step of its case."""
        row = self._row()
        if row is None:
            return
        case = self._case(row)
        step = self.desk.diagnosis(case).steps[:1] if case else ()
        if not step or not step[0].message:
            other = t("The next step is no message: {step}.", step=step[0].label) if step else ""
            self.post_message(Told(other or t("It has no case with a next step.")))
            return
        self.post_message(Asked(row.guest.id, step[0].message))

    def action_case(self) -> None:
        """Open its case."""
        if (row := self._row()) is not None:
            case = self._case(row)
            if case:
                self.opens("case", case)
            else:
                self.post_message(Told(t("This charger has no open case.")))

    def action_answer(self) -> None:
        """All that its last answer told."""
        row = self._row()
        if row is None or row.last is None:
            self.post_message(Told(t("It was asked nothing yet: m sends a message.")))
            return
        sheet = block(result_lines(row.last, len(row.last.rows)))
        self.app.push_screen(Reading(self.desk, row.last.errand, lambda _width: sheet))

    def _row(self) -> Present | None:
        row = self.listing.table.current
        if row is None:
            self.post_message(Told(t("No charger has come yet.")))
        return row

    def _case(self, row: Present) -> str | None:
        """The newest open case of a charger."""
        found = [case.id for case in self.desk.cases.values() if case.charger.id == short(row.guest.id)]
        return found[-1] if found else None

    def _draw_one(self) -> None:
        pane = self.query_one("#preview-pane")
        pane.border_title = t("Under the cursor")
        row = self.listing.table.current
        case = self._case(row) if row else None
        width = max(20, pane.scrollable_content_region.size.width)
        lines = present_lines(row, self.desk.diagnosis(case) if case else None, width) if row else [Text()]
        self.query_one("#present", Static).update(block(lines))
