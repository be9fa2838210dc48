"""Bench: the first screen: open cases by what one can do now, and the chargers that are well."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from chargelore.engine.case import Case, Charger
from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.bench import (
    Entry,
    Healthy,
    OpenCase,
    bench,
    emptiness,
    entry_key,
    entry_line,
    entry_words,
    faults_only,
    is_heading,
    preview,
)
from chargelore.tui.lines.paint import block
from chargelore.tui.messages import Chosen, Moved, Told
from chargelore.tui.places import HOME, Place
from chargelore.tui.plotting.plots import rate_of
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.plot import PlotPage
from chargelore.tui.speech import t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.still import Still, entitle
from chargelore.tui.widgets.table import Look

TALL = 30  # lines from which the preview has room for more than the first suspect
LOOK: Look[Entry] = Look(key=entry_key, draw=entry_line, words=entry_words, is_heading=is_heading, is_settled=True)


class Bench(Page):
    """Open cases left, the one under the cursor right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "faults_only", "Faults only", id="bench.faults"),
        Binding("r", "record", "Record finding", id="bench.record", show=False),
        Binding("f2", "plot", "Plot how often cases open", id="bench.plot", show=False),
    ]
    FOOTER = (
        "table.choose", "listing.filter", "page.pause", "bench.faults", "app.look-up", "app.undo", "app.redo",
        "app.help", "tour.turn", "app.commands",
    )  # fmt: skip
    AUTO_FOCUS = "#bench-rows"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, t("Bench"))
        self.is_faults_only = False
        self.listing: Listing[Entry] = Listing(LOOK, id="bench", title=t("Cases and chargers"), marks=True)

    @property
    def place(self) -> Place:
        """The first screen."""
        return HOME

    @property
    def in_front(self) -> Case | None:
        """The case under the cursor."""
        row = self.listing.table.current
        return row.case if isinstance(row, OpenCase) else None

    @property
    def charger_in_front(self) -> Charger | None:
        """The charger under the cursor."""
        row = self.listing.table.current
        return row.seen.charger if isinstance(row, Healthy) else super().charger_in_front

    def body(self) -> Iterable[Widget]:
        """The list, and the preview beside it."""
        yield Horizontal(self.listing, VerticalScroll(Still(id="preview"), id="preview-pane"), id="bench-body")

    def draw(self) -> None:
        """Everything as it stands now, in the language in force: this screen is not built anew."""
        self.crumb, self.listing.title = t("Bench"), t("Cases and chargers")
        super().draw()
        rows = bench(self.desk.chargers.values(), self.desk.cases.values(), self.desk.weighed, self.desk.knowledge)
        tour = "" if rows else self._key("tour.turn")
        self.listing.show(faults_only(rows) if self.is_faults_only else rows, emptiness(self.desk.newest, tour))
        self._draw_preview()

    def on_moved(self, _message: Moved) -> None:
        """Another row is under the cursor."""
        self._draw_preview()

    def on_chosen(self, message: Chosen) -> None:
        """Enter on a row opens its case."""
        if isinstance(message.row, OpenCase):
            self._opens_case(message.row.case.id)
        else:
            self.post_message(Told(t("This charger has no open case.")))

    def action_faults_only(self) -> None:
        """Leave out the chargers without a case, or show them again."""
        self.is_faults_only = not self.is_faults_only
        self.draw()
        self.post_message(
            Told(t("Open cases only. f shows all chargers.") if self.is_faults_only else t("All chargers."))
        )

    def action_plot(self) -> None:
        """How often cases open."""
        self.app.push_screen(PlotPage(self.desk, t("Plot"), partial(rate_of, self.desk)))

    @writes
    def action_record(self) -> None:
        """Open the case under the cursor at its finding form."""
        row = self.listing.table.current
        if isinstance(row, OpenCase):
            page = self._opens_case(row.case.id)
            if page is not None:
                page.call_after_refresh(self.app.run_action, "record", page)
        else:
            self.post_message(Told(t("This charger has no open case.")))

    def _key(self, action: str) -> str:
        """The key of an action that can be done here; empty where it cannot."""
        active = (each.binding for each in self.active_bindings.values() if each.enabled)
        return next((self.app.get_key_display(each) for each in active if each.id == action), "")

    def _opens_case(self, case_id: str) -> Page | None:
        """The case, in front of this; None where it was closed meanwhile."""
        page = self.opens("case", case_id)
        if page is None:
            self.post_message(Told(t("The case is closed meanwhile."), "bad"))
        return page

    def _draw_preview(self) -> None:
        pane = self.query_one("#preview-pane")
        entitle(pane, t("Under the cursor"))
        row = self.listing.table.current
        width, height = pane.scrollable_content_region.size
        lines = preview(row, self.desk.knowledge, max(20, width), is_tall=height >= TALL)
        self.query_one("#preview", Still).put(block(lines))
