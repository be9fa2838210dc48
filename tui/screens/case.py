"""Case: one trouble on one charger: what happened, what is suspected, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis
from chargelore.engine.signal import Signal
from chargelore.kb.model import Evidence
from chargelore.tui.desk import Desk
from chargelore.tui.lines.case import (
    SuspectRow,
    charger_name,
    header,
    suspect_key,
    suspect_lines,
    suspect_name,
    suspect_words,
    suspects,
)
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.signal import is_trouble, said, signal_detail, signal_line, signal_words
from chargelore.tui.lines.visit import visit_lines
from chargelore.tui.lines.why import why
from chargelore.tui.messages import Asked, Chosen, Told
from chargelore.tui.screens.finding import FindingPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.reading import Reading
from chargelore.tui.text import words
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.step import StepPane
from chargelore.tui.widgets.table import Look

SUSPECTS: Look[SuspectRow] = Look(key=suspect_key, draw=suspect_lines, words=suspect_words, height=2)


class CasePage(Page):
    """The timeline left, suspects and the next step right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "why", "Why", id="case.why"),
        Binding("r", "record", "Record", id="case.record"),
        Binding("t", "tried", "Tried, no help", id="case.tried"),
        Binding("v", "visit", "Plan the whole visit", id="case.visit", show=False),
        Binding("n", "other_step", "Other step", id="case.other-step"),
        Binding("m", "message", "Send the step's message", id="case.message", show=False),
        Binding("s", "skip", "Did not look", id="case.skip", show=False),
        *(Binding(f"{n}", f"answer({n})", f"Give answer {n}", id=f"case.answer-{n}", show=False) for n in range(1, 6)),
        Binding("equals_sign", "pause", "Pause", key_display="=", id="case.pause", show=False),
        Binding("z", "ask_again", "Ask the last question again", id="case.ask-again", show=False),
        Binding("e", "trouble(1)", "Next sign of trouble", id="case.next-trouble", show=False),
        Binding("E", "trouble(-1)", "Sign of trouble before", id="case.previous-trouble", show=False),
    ]
    AUTO_FOCUS = "#suspects-rows"

    def __init__(self, desk: Desk, case_id: str) -> None:
        super().__init__(desk, case_id)
        self.case_id = case_id
        self.last_asked: Evidence | None = None
        self.used, self.connector = frozenset[int](), desk.cases[case_id].connector if case_id in desk.cases else None
        look = Look(key=id, draw=self._signal_line, words=signal_words)
        self.timeline: Listing[Signal] = Listing(look, id="timeline", title="Timeline, UTC", follows=True)
        self.suspects: Listing[SuspectRow] = Listing(SUSPECTS, id="suspects", title="Suspects")
        self.step = StepPane(desk.knowledge, is_on_site=desk.is_on_site)

    def body(self) -> Iterable[Widget]:
        """Header, timeline, suspects, next step."""
        yield Static(id="case-header")
        yield Horizontal(self.timeline, Vertical(self.suspects, self.step, id="case-right"), id="case-body")

    @property
    def now(self) -> tuple[Case, Diagnosis] | None:
        """The case and its diagnosis as they stand; None when it is closed."""
        return self.desk.look_at(self.case_id)

    def draw(self) -> None:
        """Everything as it stands now; a case that was closed leaves the screen."""
        now = self.now
        if now is None:
            self.action_back()
            return
        case, diagnosis = now
        self.crumb = charger_name(case)
        super().draw()
        self.used = frozenset(id(signal) for firing in case.firings for signal in firing.signals)
        self.query_one("#case-header", Static).update(
            block(header(case, diagnosis, self.size.width - 2, self.desk.clock(case)))
        )
        self.timeline.show(case.signals, Text("No signals: the case came without a log."))
        self.suspects.show(suspects(diagnosis))
        self.step.show(case, diagnosis)

    def on_chosen(self, message: Chosen) -> None:
        """Enter explains a suspect, or shows all of a signal."""
        if isinstance(message.row, Signal):
            self._open_signal(message.row)
        else:
            self.action_why()

    def action_why(self) -> None:
        """Explain the suspect under the cursor."""
        row = self.suspects.table.current
        if row is not None:
            tell = partial(self._why, suspect_key(row))
            self.app.push_screen(Reading(self.desk, f"Why: {suspect_name(row)}", tell))

    def action_record(self) -> None:
        """Record what it was and what fixed it."""
        if (now := self.now) is not None:
            self.app.push_screen(FindingPage(self.desk, *now))

    def action_tried(self) -> None:
        """The step was tried and did not help."""
        if (step := self.step.step) is not None:
            self.desk.tried(self.case_id, step.step)
            said = "Noted as done:" if step.kind == "secure" else "Noted: no help from"
            self._weighed_again(f"{said} “{step.label}”.")

    def action_visit(self) -> None:
        """Everything worth doing on one visit, with the parts to take."""
        self.app.push_screen(Reading(self.desk, "Visit", self._visit))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A message can be sent where the charger is connected to us, and the step is one."""
        if action == "message" and not (self.desk.is_on_site and self.step.step and self.step.step.message):
            return False
        return super().check_action(action, parameters)

    def action_message(self) -> None:
        """Send the message that the step is; what acts is asked about first."""
        if self.step.step is not None and (now := self.now) is not None:
            self.post_message(Asked(now[0].charger.id, self.step.step.message))

    def action_skip(self) -> None:
        """Nobody looked: leave the question open."""
        was_open = self.step.skip()
        self.draw()
        left_open = "Left open: what nobody looked at counts neither way."
        self.post_message(Told(left_open if was_open else "No open question."))

    def action_other_step(self) -> None:
        """Show another of the steps that are worth their minutes."""
        self.step.turn()
        self.draw()

    def action_answer(self, number: int) -> None:
        """Answer the open question."""
        asked = self.step.asked
        if asked is None or number > len(asked.answers):
            self.post_message(Told("There is no question with such an answer now."))
            return
        self.last_asked = asked
        self.desk.answer(self.case_id, asked.id, asked.answers[number - 1])
        self._weighed_again(f"“{asked.question}” {words(asked.answers[number - 1])}.")

    def action_ask_again(self) -> None:
        """Ask the last question once more, for a key that was pressed by mistake."""
        if self.last_asked is not None:
            self.step.ask_again(self.last_asked)
            self.draw()
        self.post_message(Told("Asked again." if self.last_asked else "No question was answered yet."))

    def action_trouble(self, by: int) -> None:
        """Jump to the next signal that tells of trouble."""
        table = self.timeline.table
        ahead = range(table.cursor + by, len(table.rows) if by > 0 else -1, by)
        place = next((each for each in ahead if is_trouble(table.rows[each])), None)
        if place is None:
            self.post_message(Told("No further sign of trouble that way."))
            return
        table.go_to(place)
        table.focus()

    def _weighed_again(self, done: str) -> None:
        self.step.answered()
        self.draw()
        now = self.now
        first = suspect_name(suspects(now[1])[0]) if now else ""
        self.post_message(Told(f"{done} Now first: {first}.", "good"))

    def _signal_line(self, signal: Signal, width: int) -> tuple[Text]:
        return (signal_line(signal, width, is_used=id(signal) in self.used, connector=self.connector),)

    def _open_signal(self, signal: Signal) -> None:
        now = self.now
        firings = now[0].firings if now else ()
        symptoms = tuple(dict.fromkeys(words(each.symptom) for each in firings if signal in each.signals))
        sheet = block(signal_detail(signal, symptoms))
        self.app.push_screen(Reading(self.desk, said(signal)[:60], lambda _width: sheet))

    def _visit(self, width: int) -> Text:
        lines = visit_lines(self.desk.visit(self.case_id), width)
        return block([Text(each) for each in lines or ["Nothing that one could do there is worth its minutes."]])

    def _why(self, key: str, width: int) -> Text:
        """The explanation of one suspect as the case stands at this moment."""
        now = self.now
        row = next((each for each in suspects(now[1]) if suspect_key(each) == key), None) if now else None
        return why(*now, row, self.desk.knowledge, width) if now and row else Text("No longer suspected.")
