"""Asks: which signals to ask a maker for, worked out beside the keys: with how far it is, and Esc to stop it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from time import monotonic
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from chargelore.engine.case import Charger
from chargelore.engine.telemetry.predicted import Effort
from chargelore.engine.telemetry.replay import Played
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.asklist.making import Gathered, gathered, sheets, told
from chargelore.tui.asklist.words import MEANING, AskList
from chargelore.tui.cli.progress import clock_of
from chargelore.tui.desk import Desk
from chargelore.tui.lines.asks import AskRow, Row, behind, is_heading, nothing, row_key, row_lines, row_words, rows
from chargelore.tui.lines.paint import block
from chargelore.tui.messages import Chosen, Told
from chargelore.tui.places import Place
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.reading import Reading
from chargelore.tui.screens.working import WorkingPage
from chargelore.tui.speech import later, t
from chargelore.tui.text import plain
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

LOOK: Look[AskRow] = Look(key=row_key, draw=row_lines, words=row_words, is_heading=is_heading)
EVERY = 0.25  # seconds between two words on how far it is


class Stopped(Exception):  # noqa: N818  # no error: a person wanted it
    """Somebody pressed Esc while the list was worked out."""


class AsksPage(WorkingPage):
    """The models with what to ask for; Enter shows what stands behind a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back; stops what is worked out", id="asks.back"),
    ]
    FOOTER = ("asks.back", "table.choose", "listing.filter", "app.help")
    AUTO_FOCUS = "#asks-rows"

    def __init__(self, desk: Desk, effort: Effort | None = None) -> None:
        super().__init__(desk, t("Ask list"))
        self.effort = effort or Effort()
        self.list: AskList | None = None
        self.listing: Listing[AskRow] = Listing(
            LOOK, id="asks", title=t("In 100 faults: minutes saved, fewer handed over; ? may save nothing")
        )

    @classmethod
    def of_place(cls, desk: Desk, _name: str, _over: Page | None, /) -> Page | None:
        """The ask list."""
        return cls(desk)

    @property
    def place(self) -> Place:
        """The ask list."""
        return Place("asks")

    def body(self) -> Iterable[Widget]:
        """The list."""
        yield self.listing

    def on_mount(self) -> None:
        """Work it out."""
        self._begin()

    def on_changed(self, _message: object) -> None:
        """Signals change nothing here."""
        self.draw_top()

    def draw(self) -> None:
        """The list as it was worked out last."""
        super().draw()
        empty = nothing(self.list) if self.list is not None else Text(t("Nothing yet: R works it out."))
        self.listing.show(rows(self.list) if self.list else (), Text(t("Working it out …")) if self.working else empty)

    def on_chosen(self, message: Chosen) -> None:
        """What stands behind a row."""
        if isinstance(message.row, Row) and self.list is not None:
            sheet = block(behind(message.row, self.list.knowledge))
            self.app.push_screen(Reading(self.desk, plain(message.row.ask.family.label)[:60], lambda _width: sheet))

    def action_refresh_all(self) -> None:
        """Work it out anew."""
        self._begin()

    def stopped(self) -> None:
        """Nothing is there until it is asked for."""
        super().stopped()
        self.post_message(Told(t("Stopped. R works it out anew.")))

    def _begin(self) -> None:
        try:
            read = gathered(self.desk.store)
        except ChargeloreError as error:
            self.post_message(Told(str(error), "bad"))
            return
        self.working = self._work_out(read)
        self.draw()

    @work(thread=True, exclusive=True, exit_on_error=False, name=later("The ask list"))
    def _work_out(self, read: Gathered) -> None:
        worker = get_current_worker()
        try:
            found = told(sheets(read, self.effort), partial(self._watched, worker))
        except Stopped:
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._worked_out, found)

    def _watched(self, worker: Worker[None], charger: Charger, cases: Iterator[Played]) -> Iterator[Played]:
        """The replayed troubles of a model; meanwhile how far it is, and how long the rest of it takes."""
        begun = shown_at = monotonic()
        total, name = self.effort.replays, plain(f"{charger.vendor} {charger.model}")[:40]
        for number, case in enumerate(cases, 1):
            if worker.is_cancelled:
                raise Stopped
            if (now := monotonic()) - shown_at >= EVERY:
                shown_at, left = now, clock_of((now - begun) * (total - number) / number)
                share = f"{number / total:.0%}"
                said = t("{name}: {share}, {left} left; esc stops it.", name=name, share=share, left=left)
                self.app.call_from_thread(self.post_message, Told(said))
            yield case

    def _worked_out(self, found: AskList) -> None:
        self.list, self.working = found, None
        if self.is_mounted:
            self.draw()
            self.post_message(Told(t(MEANING) if found.models else t("There is nothing to ask for yet.")))
