"""Look-up: one line to type a code or words into, and what this knowledge base makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import ClassVar, TypedDict

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import ScreenResume
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from chargelore.engine.case import Charger
from chargelore.engine.door import naming_nobody
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.home import home
from chargelore.kb.label import local_key
from chargelore.kb.search import Hit, lookup
from chargelore.kb.statement import dispute_event
from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.lookup import card, hit_key, hit_line, hit_words, named, nothing_found, scope_line
from chargelore.tui.lines.paint import block
from chargelore.tui.live import key_at_hand
from chargelore.tui.meaning import subject_of
from chargelore.tui.messages import Moved, Told
from chargelore.tui.missed import fit_to_keep
from chargelore.tui.places import Place
from chargelore.tui.screens.decide import ReasonPage
from chargelore.tui.screens.known import KnownPage
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.text import brief
from chargelore.tui.tongue import found_again
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.oneline import OneLine
from chargelore.tui.widgets.table import Look

LOOK: Look[Hit] = Look(key=hit_key, draw=hit_line, words=hit_words, is_settled=True)
LONGEST, MOST = 500, 30
PREPARING = (
    "prepare"  # is looked for before anything is typed: the first search lays the indexes, and the next are fast
)


class _Scope(TypedDict, total=False):
    """The charger of the open case, where the search is narrowed to it."""

    vendor: str
    model: str
    firmware: str


class LookupPage(Page):
    """Results while typing. `charger` narrows the search to its maker, model and firmware."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "to_results", "Results", id="lookup.results", show=False),
        Binding("escape", "back", "Back", id="lookup.back"),
        Binding("f2", "everywhere", "This maker / all", id="lookup.everywhere"),
        Binding("r", "known", "I know this one", id="lookup.record", show=False),
        Binding("exclamation_mark", "wrong", "This is wrong", key_display="!", id="lookup.wrong", show=False),
        Binding("f3", "keep_gap", "Note as missing", id="lookup.gap"),
    ]
    AUTO_FOCUS = "#lookup-input"

    def __init__(self, desk: Desk, charger: Charger | None = None, typed: str = "") -> None:
        super().__init__(desk, t("Look up"))
        self.charger, self.is_everywhere, self.typed = charger, charger is None, typed
        self.is_searching = False
        self.results: Listing[Hit] = Listing(LOOK, id="results", title=t("Results"))

    def body(self) -> Iterable[Widget]:
        """The line to type in, the scope, results and the card of the result under the cursor."""
        yield OneLine(
            self.typed,
            placeholder=t("a code, a display text, or words: F07, GroundFailure, trips when it rains"),
            id="lookup-input", max_length=LONGEST, compact=True,
        )  # fmt: skip
        yield Static(id="scope")
        yield Horizontal(self.results, VerticalScroll(Static(id="card"), id="card-pane"), id="lookup-body")

    def on_mount(self) -> None:
        """Search at once for what came along; where nothing did, make ready for the first letter."""
        self.results.show((), nothing_found("", is_read_only=self.desk.is_read_only))
        self.search_now()

    def draw(self) -> None:
        """The scope and the card; results are drawn when a search ends."""
        super().draw()
        self.query_one("#scope", Static).update(scope_line(self.charger, is_everywhere=self.is_everywhere))
        self._draw_card()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search at every letter."""
        self.typed = event.value
        self.search_now()

    def search_now(self) -> None:
        """Search for what stands in the line; while a search runs, only what stands there at its end comes next."""
        if not self.is_searching:
            self.is_searching = True
            self._search(self.typed, self._scope())

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Enter goes to the results."""
        self.action_to_results()

    def on_moved(self, _message: Moved) -> None:
        """Another result is under the cursor."""
        self._draw_card()

    def action_to_results(self) -> None:
        """Leave the line for the results."""
        if self.results.rows:
            self.results.table.focus()

    def action_everywhere(self) -> None:
        """Search within the maker of the case, or among all."""
        self.is_everywhere = self.charger is None or not self.is_everywhere
        self.draw()
        self.search_now()

    @writes
    def action_known(self) -> None:
        """Say what it means, as a draft that a reviewer accepts or not."""
        self.app.push_screen(KnownPage(self.desk, self.typed, self.charger))

    @writes
    def action_wrong(self) -> None:
        """Object to the result under the cursor, with a reason; the review queue then has it."""
        hit = self.results.table.current
        subject = subject_of(hit, self.desk.known) if hit is not None else ""
        if hit is None or not subject:
            self.post_message(Told(t("Put the cursor on a code or a fault first.")))
            return
        what = f"{named(hit)} “{brief(hit.label or hit.text, 60)}”".strip()
        asked = [t("What is wrong with {what}?", what=what)]
        self.app.push_screen(ReasonPage(self.desk, asked, partial(self._objects, subject, what)))

    def _objects(self, subject: str, what: str, reason: str, _share: float) -> None:
        kept = naming_nobody(reason, key_at_hand())
        try:
            self.desk.decides(
                t("objected to {what}", what=what), [dispute_event(subject, "disagree", kept, self.desk.store.by())]
            )
        except ChargeloreError as error:
            self.post_message(Told(t("Not recorded: {why}.", why=str(error)), "bad"))
            return
        self.post_message(
            Told(t("Noted: {what} is doubted; F7 has it for a reviewer. z undoes it.", what=what), "good")
        )

    def on_screen_resume(self, event: ScreenResume) -> None:
        """What was written down meanwhile is found too."""
        super().on_screen_resume(event)
        self.search_now()

    @writes
    def action_keep_gap(self) -> None:
        """Note that this was looked for in vain, so that somebody can add it."""
        typed, scope = self.typed.strip(), self._scope()
        if not typed:
            return
        try:
            kept = fit_to_keep(typed, local_key(home()))
            self.desk.gap(kept, {name: str(each) for name, each in scope.items()})
        except ChargeloreError as error:
            self.post_message(Told(t("Not noted: {why}", why=str(error)), "bad"))
            return
        self.post_message(Told(t("Noted as missing: {words}. z undoes it.", words=kept), "good"))

    @classmethod
    def of_place(cls, desk: Desk, name: str, over: Page | None, /) -> Page | None:
        """What was typed; the maker of the case in front comes first."""
        case = over.in_front if over is not None else None
        return cls(desk, case.charger if case is not None else None, name)

    @property
    def place(self) -> Place:
        """These words, looked up."""
        return Place("look-up", self.typed)

    @work(thread=True, exit_on_error=False)
    def _search(self, typed: str, scope: _Scope) -> None:
        """Search on a thread of its own: typing never waits."""
        worker, hits = get_current_worker(), tuple[Hit, ...]()
        try:
            hits = self._found(typed if typed.strip() else PREPARING, scope)
        finally:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._ended, typed, scope, hits)

    def _found(self, typed: str, scope: _Scope) -> tuple[Hit, ...]:
        return lookup(typed, self.desk.known, limit=MOST, today=datetime.now(UTC).date(), **scope)

    def _ended(self, typed: str, scope: _Scope, hits: tuple[Hit, ...]) -> None:
        """Show what was found, unless something else stands in the line by now: then that is searched."""
        self.is_searching = False
        if not self.is_mounted:
            return
        if (typed, scope) != (self.typed, self._scope()):
            self.search_now()
            return
        told = found_again(hits, self.desk.knowledge) if typed.strip() else ()
        self.results.show(told, nothing_found(typed, is_read_only=self.desk.is_read_only))
        self.results.table.go_to(0)  # other words, other results: the best is on top
        self._draw_card()

    def _scope(self) -> _Scope:
        if self.charger is None or self.is_everywhere:
            return {}
        charger = self.charger
        return {"vendor": charger.vendor, "model": charger.model, "firmware": charger.firmware}

    def _draw_card(self) -> None:
        pane, hit = self.query_one("#card-pane"), self.results.table.current
        lines = card(hit, self.desk.knowledge) if hit is not None else []
        pane.border_title = t("In full")
        self.query_one("#card", Static).update(block(lines))
