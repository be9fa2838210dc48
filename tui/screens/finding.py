"""Finding: record in thirty seconds what it was and what helped. What is typed is kept as a draft at every change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, HorizontalGroup
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label, Static

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.finding import NOT_LISTED
from chargelore.tui.desk import Desk
from chargelore.tui.finding import NOTHING, OTHER, Filled, causes, complaint, finding, fixes, prefilled
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.finding import evidence_line, recorded, revealed
from chargelore.tui.messages import Picked, Told
from chargelore.tui.places import Place
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.widgets.choice import Choice, YesNo

LONGEST_WORDS, LONGEST_NOTE = 300, 2000
READING = 20  # seconds that a notice of several lines stays


class FindingPage(Page):
    """Six fields, filled in beforehand. The form holds the case as it was when it was opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="finding.save", priority=True),
        Binding("escape", "back", "Back, keep the draft", id="finding.back"),
        Binding("f8", "start_over", "Start over", id="finding.start-over"),
    ]
    AUTO_FOCUS = "#cause"

    def __init__(self, desk: Desk, case: Case, diagnosis: Diagnosis) -> None:
        super().__init__(desk, t("Record finding"))
        self.case, self.diagnosis = case, diagnosis
        self.fresh = prefilled(case, diagnosis, desk.knowledge)
        self.start = desk.drafts.load(case.id) or self.fresh
        self.is_kept = True  # what is typed, as a draft

    @classmethod
    def of_place(cls, desk: Desk, name: str, _over: Page | None, /) -> Page | None:
        """Of an open case, where something may be written."""
        now = desk.look_at(name)
        return cls(desk, *now) if now is not None and not desk.is_read_only else None

    @property
    def place(self) -> Place:
        """The form of this case."""
        return Place("finding", self.case.id)

    def body(self) -> Iterable[Widget]:
        """The two questions side by side, the short fields below."""
        start, cures = self.start, fixes(self.case, self.diagnosis, self.desk.knowledge)
        yield Static(evidence_line(self.case), id="finding-head")
        yield Horizontal(
            Choice(t("What was it?"), causes(self.diagnosis), start.cause, id="cause"),
            Choice(t("What fixed it?"), cures, start.fixed_by, id="fixed-by"),
            id="finding-choices",
        )
        yield _field(t("In your words"), Input(start.own_words, id="own-words", max_length=LONGEST_WORDS, compact=True))
        yield _field(t("Minutes"), Input(start.minutes, id="minutes", max_length=6, compact=True))
        yield _field(t("Note"), Input(start.note, id="note", max_length=LONGEST_NOTE, compact=True))
        yield _field(t("Maker"), YesNo(t("the maker had to help"), start.needed_maker, id="maker"))

    def on_mount(self) -> None:
        """Say so when an older draft was found."""
        if not self.stands:
            return
        self.query_one("#own-words", Input).placeholder = t("only for a cause or a fix that is not in the lists")
        self.query_one("#note", Input).placeholder = t("stays in your own store")
        if self.start != self.fresh:
            self.post_message(Told(t("Your draft is back. F8 starts over.")))

    @property
    def filled(self) -> Filled:
        """The form as it stands."""
        return Filled(
            cause=self.query_one("#cause", Choice).value,
            fixed_by=self.query_one("#fixed-by", Choice).value,
            own_words=self.query_one("#own-words", Input).value,
            needed_maker=self.query_one("#maker", YesNo).value,
            minutes=self.query_one("#minutes", Input).value,
            note=self.query_one("#note", Input).value,
        )

    def on_picked(self, message: Picked) -> None:
        """An option was picked: on to the next field, or to the words that it asks for."""
        self._keep_draft()
        order = {"cause": "#fixed-by", "fixed-by": "#minutes"}
        asks_for_words = message.option in {NOT_LISTED, OTHER}
        self.query_one("#own-words" if asks_for_words else order[message.choice]).focus()

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def typed(self, _message: Input.Changed | Checkbox.Changed) -> None:
        """Something was typed or ticked."""
        self._keep_draft()

    @on(Input.Submitted)
    def entered(self) -> None:
        """Enter goes on to the next field."""
        self.focus_next()

    @writes
    def action_save(self) -> None:
        """Record the finding for good; the next diagnosis uses it."""
        if not self.is_current:  # the second of a burst
            return
        filled = self.filled
        if wrong := complaint(filled):
            self.post_message(Told(wrong, "bad"))
            return
        try:
            found = finding(self.case, self.diagnosis, filled, self.desk.knowledge)
            told = self.desk.record(found, closes=filled.fixed_by != NOTHING)
        except ChargeloreError as error:
            kept = t("What you typed is kept.") if self.is_kept else t("What you typed stands here alone.")
            self.post_message(Told(t("Not recorded: {error}. {kept}", error=error, kept=kept), "bad"))
            return
        self._leave(filled, revealed(told, self.desk.knowledge))

    @writes
    def action_start_over(self) -> None:
        """Drop the draft and fill in the form afresh."""
        self.desk.drafts.forget(self.case.id)
        self.app.switch_screen(FindingPage(self.desk, self.case, self.diagnosis))

    def _leave(self, filled: Filled, trials: str) -> None:
        """Back to the case; a case that is fixed is closed. What rules on trial had said is told now, for longer."""
        self.desk.drafts.forget(self.case.id)
        told = recorded(filled, self.diagnosis, self.desk.learned)
        self.app.pop_screen()
        self.app.notify(told, title=t("Recorded"), timeout=READING / 2, markup=False)
        if trials:
            self.app.notify(trials, title=t("Rules on trial"), timeout=READING, markup=False)

    def _keep_draft(self) -> None:
        filled = self.filled
        if filled == self.start:
            return
        self.start = filled
        try:
            self.desk.drafts.save(self.case.id, filled)
            is_kept = True
        except ChargeloreError as error:
            is_kept = False
            self.post_message(Told(t("The draft is not kept: {why}.", why=str(error)), "bad"))
        if is_kept != self.is_kept:
            self.is_kept = is_kept
            self.refresh_bindings()

    def named(self, binding: Binding) -> str:
        """What leaving does to the draft, too."""
        is_lost = binding.id == "finding.back" and not self.is_kept
        return t("Back, lose what is typed") if is_lost else super().named(binding)


def _field(label: str, widget: Widget) -> Widget:
    return HorizontalGroup(Label(label, classes="field-label", markup=False), widget, classes="field")
