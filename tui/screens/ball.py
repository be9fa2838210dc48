"""Ball: who has which open case, since when, and what nobody has shown; and the form that passes a case on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, HorizontalGroup, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from chargelore.engine.handing.ball import Ball
from chargelore.engine.handing.proposing import advice
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.anew import opens_again
from chargelore.tui.booking import Open
from chargelore.tui.casetold import advised
from chargelore.tui.desk import Desk
from chargelore.tui.finding import Option
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.ball import BallRow, emptiness, is_heading, row_key, row_lines, row_words, rows, sheet
from chargelore.tui.lines.paint import block
from chargelore.tui.messages import Chosen, Moved, Picked, Told
from chargelore.tui.parties import PARTIES, called
from chargelore.tui.places import Place
from chargelore.tui.plotting.plots import Tell, of_waiting
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.plot import PlotPage
from chargelore.tui.speech import counted, t
from chargelore.tui.widgets.choice import Choice
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.marking import MarkedTable
from chargelore.tui.widgets.table import Look

LOOK: Look[BallRow] = Look(key=row_key, draw=row_lines, words=row_words, is_heading=is_heading)
NOTHING = Open((), 0, datetime(1970, 1, 1, tzinfo=UTC))
LONGEST_NOTE = 2000
OFTEN = frozenset({"driver", "cso", "site-host", "installer", "distributor", "utility", "evse-oem"})


class BallPage(Page):
    """The parties with their cases left, the one under the cursor right. The book is read when the page comes up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("P", "pass_on", "Pass to…", id="ball.pass"),
        Binding("f2", "plot", "Plot who keeps cases", id="ball.plot"),
    ]
    AUTO_FOCUS = "#ball-rows"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, t("Who holds the ball"))
        self.found = NOTHING
        self.listing: Listing[BallRow] = Listing(LOOK, id="ball", title=t("Open cases by who has them"), marks=True)

    @classmethod
    def of_place(cls, desk: Desk, _name: str, _over: Page | None, /) -> Page | None:
        """All cases, by who has them."""
        return cls(desk)

    @property
    def place(self) -> Place:
        """Who holds the ball."""
        return Place("ball")

    def body(self) -> Iterable[Widget]:
        """The list, and the case beside it."""
        yield Horizontal(self.listing, VerticalScroll(Static(id="held"), id="held-pane"), id="ball-body")

    def resumed(self) -> None:
        """Others may have written meanwhile."""
        self._read()

    def draw(self) -> None:
        """The list as it was read last."""
        super().draw()
        self.listing.show(tuple(rows(self.found)), emptiness(self.found.over))
        self._draw_held()

    def on_moved(self, _message: Moved) -> None:
        """Another case is under the cursor."""
        self._draw_held()

    def on_chosen(self, message: Chosen) -> None:
        """Enter opens the case, where it is open here or the book tells all that opened it."""
        if not isinstance(message.row, Ball):
            return
        try:
            self.desk.recall()
            name = opens_again(self.desk, message.row.life)
        except ChargeloreError as error:
            self.post_message(Told(t("It does not open: {why}.", why=str(error)), "bad"))
            return
        self.opens("case", name)

    def action_refresh_all(self) -> None:
        """The book with all else."""
        super().action_refresh_all()
        self.action_read_again()

    def action_read_again(self) -> None:
        """Read the book anew."""
        self._read()
        self.draw()

    def _read(self) -> None:
        try:
            self.found = self.desk.balls()
        except ChargeloreError as error:
            self.post_message(Told(t("The book cannot be read: {why}", why=str(error)), "bad"))

    @writes
    def action_pass_on(self) -> None:
        """Pass the marked cases, or the one under the cursor, to another party."""
        table = self.listing.table
        some = table.picked if isinstance(table, MarkedTable) else []
        if balls := [each for each in some if isinstance(each, Ball)]:
            self.app.push_screen(PassPage(self.desk, balls, self._passed))
        else:
            self.post_message(Told(t("There is no case under the cursor.")))

    def action_plot(self) -> None:
        """How long each party has kept the open cases."""
        self.app.push_screen(PlotPage(self.desk, t("Plot"), self._plotted))

    def _plotted(self) -> Tell:
        self._read()
        balls = self.found.balls
        return lambda width, _, is_drawn: of_waiting(balls, width, is_drawn)

    def _passed(self, told: str) -> None:
        self.post_message(Told(told, "good"))

    def _draw_held(self) -> None:
        pane = self.query_one("#held-pane")
        pane.border_title = t("Under the cursor")
        width = max(20, pane.scrollable_content_region.size.width)
        self.query_one("#held", Static).update(block(sheet(self.listing.table.current, self.found, width)))


class PassPage(Page):
    """Who gets it, and why: a note is needed. `passed` hears what was done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Pass it on", id="pass.save", priority=True),
        Binding("escape", "back", "Back, pass nothing", id="pass.back"),
    ]
    AUTO_FOCUS = "#pass-to"

    def __init__(self, desk: Desk, balls: Sequence[Ball], passed: Callable[[str], None]) -> None:
        self.which = balls[0].life.key.case if len(balls) == 1 else counted(len(balls), "case")
        super().__init__(desk, t("Pass {which} on", which=self.which))
        self.balls, self.passed = balls, passed

    def body(self) -> Iterable[Widget]:
        """What speaks for whom, the parties, and the note."""
        parties = sorted(PARTIES, key=lambda each: each not in OFTEN)  # these have numbers to be picked by
        first, holders = self.balls[0], {each.holder for each in self.balls}
        others = tuple(Option(each, called(each)) for each in parties if {each} != holders)
        said = t("{who} has it; {advice}", who=called(first.holder), advice=advised(first.life))
        yield Static(Text(said), id="pass-head")
        yield Choice(t("Who gets it?"), others, advice(first.life).party, id="pass-to")
        note = Input(id="pass-note", max_length=LONGEST_NOTE, placeholder=t("what is asked of them"), compact=True)
        yield HorizontalGroup(Label(t("Note"), classes="field-label", markup=False), note, classes="field")

    def on_picked(self, _message: Picked) -> None:
        """A party was picked: on to the note."""
        self.query_one("#pass-note").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter behind the note passes it on."""
        event.stop()
        self.action_save()

    @writes
    def action_save(self) -> None:
        """Keep the hand-over for good."""
        if not self.is_current:  # the second Enter of a burst
            return
        note, to = self.query_one("#pass-note", Input).value.strip(), self.query_one("#pass-to", Choice).value
        if not note:
            self.post_message(Told(t("Say in a note what is asked of them."), "bad"))
            return
        try:
            self.desk.hand([each.life for each in self.balls], to, note)
        except ChargeloreError as error:
            self.post_message(Told(t("Not passed on: {why}.", why=str(error)), "bad"))
            return
        self.app.pop_screen()
        self.passed(t("{which}: the {who} has it now.", which=self.which, who=called(to)))
