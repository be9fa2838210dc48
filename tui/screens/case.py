"""Case: one trouble on one charger: what happened, what is suspected, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.desk import Desk
from chargelore.tui.frames.caseframes import CaseFrames, fired_in, used_in
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.acquit import Alibi, alibis
from chargelore.tui.lines.case import (
    NotKnown,
    SuspectRow,
    charger_name,
    header,
    suspect_key,
    suspect_lines,
    suspect_name,
    suspect_words,
    suspects,
)
from chargelore.tui.lines.explained import graph
from chargelore.tui.lines.jumps import is_same
from chargelore.tui.lines.paint import block, wrapping
from chargelore.tui.lines.visit import visit_lines
from chargelore.tui.lines.why import why
from chargelore.tui.messages import Asked, Chosen, Told
from chargelore.tui.places import Place
from chargelore.tui.plotting.plots import of_case
from chargelore.tui.screens.acquit import AcquitPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.plot import PlotPage
from chargelore.tui.screens.reading import Reading, signal_page
from chargelore.tui.screens.timeline import TimelinePage
from chargelore.tui.screens.why import WhyPage
from chargelore.tui.speech import t
from chargelore.tui.text import brief, words
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.step import StepPane
from chargelore.tui.widgets.table import Look
from chargelore.tui.widgets.timeline import Timeline

SUSPECTS: Look[SuspectRow] = Look(key=suspect_key, draw=suspect_lines, words=suspect_words, height=2)


class CasePage(Page):
    """The timeline left, suspects and the next step right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "answer(1)", "Answer", id="case.answer-1", key_display="1-5"),
        *(Binding(f"{n}", f"answer({n})", f"Give answer {n}", id=f"case.answer-{n}", show=False) for n in range(2, 6)),
        Binding("0", "skip", "Did not look", id="case.skip", show=False),
        Binding("x", "why", "Why", id="case.why"),
        Binding("i", "acquit", "Acquit a suspect", id="case.acquit", show=False),
        Binding("t", "tried", "No help", id="case.tried"),
        Binding("d", "other_step", "Other step", id="case.other-step"),
        Binding("r", "record", "Record", id="case.record"),
        Binding("v", "visit", "Plan the whole visit", id="case.visit", show=False),
        Binding("p", "packet", "Packet for the maker", id="case.packet", show=False),
        Binding("L", "timeline", "All layers on one clock", id="case.timeline", show=False),
        Binding("f2", "plot", "Plot power and temperature", id="case.plot", show=False),
        Binding("M", "message", "Send the step's message", id="case.message", show=False),
    ]
    FOOTER = (
        "case.answer-1", "case.why", "case.tried", "case.other-step", "case.record", "app.undo", "app.redo", "app.help",
    )  # fmt: skip
    AUTO_FOCUS = "#suspects-rows"

    def __init__(self, desk: Desk, case_id: str, at: Signal | None = None) -> None:
        super().__init__(desk, case_id)
        self.case_id, self.at = case_id, at
        self.timeline = Timeline(
            desk.bookmarks.setdefault(case_id, set()), desk.cases[case_id].connector if case_id in desk.cases else None
        )
        self.reading = CaseFrames(desk)
        self.suspects: Listing[SuspectRow] = Listing(SUSPECTS, id="suspects", title=t("Suspects"))
        self.step = StepPane(desk, is_on_site=desk.is_on_site)

    @classmethod
    def of_place(cls, desk: Desk, name: str, _over: Page | None, /) -> Page | None:
        """An open case."""
        return cls(desk, name) if desk.look_at(name) is not None else None

    @property
    def place(self) -> Place:
        """This case."""
        return Place("case", self.case_id)

    @property
    def in_front(self) -> Case | None:
        """This case, unless it was closed."""
        return self.now[0] if self.now is not None else None

    def body(self) -> Iterable[Widget]:
        """Header, timeline, suspects, next step."""
        yield Static(id="case-header")
        yield Horizontal(self.timeline, Vertical(self.suspects, self.step, id="case-right"), id="case-body")

    def named(self, binding: Binding) -> str:
        """A step that makes safe is done; any other is worth a word where it did not help."""
        is_safety = self.step.step is not None and self.step.step.kind == "secure"
        return t("Done") if binding.id == "case.tried" and is_safety else super().named(binding)

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
        self.timeline.pinned = self.desk.pins.of(case)
        self.timeline.used, self.timeline.fired = used_in(case), fired_in(case)
        self.query_one("#case-header", Static).update(
            block(header(case, diagnosis, self.size.width - 2, self.desk.clock(case)))
        )
        self.timeline.show(self.reading.rows(case), Text(t("No signals: the case came without a log.")))
        self.suspects.show(suspects(diagnosis))
        self._locate(case)
        self.step.show(case, diagnosis)
        self.refresh_bindings()

    def _locate(self, case: Case) -> None:
        """Put the cursor on the signal that one came for, once."""
        wanted, self.at = self.at, None
        if wanted is not None:
            places = (n for n, each in enumerate(case.signals) if is_same(each, wanted))
            self.timeline.table.go_to(next(places, len(case.signals) - 1))
            self.timeline.table.focus()

    def on_chosen(self, message: Chosen) -> None:
        """Enter explains a suspect, or shows all of a signal."""
        if isinstance(message.row, Signal):
            if (now := self.now) is not None:
                self.app.push_screen(signal_page(self.desk, now[0], message.row))
        else:
            self.action_why()

    def action_why(self) -> None:
        """Explain the suspect under the cursor."""
        row = self.suspects.table.current
        if row is not None:
            tell, name = partial(self._why, suspect_key(row)), t("Why: {suspect}", suspect=suspect_name(row))
            self.app.push_screen(WhyPage(self.desk, name, tell, partial(self._graph, suspect_key(row)), self.case_id))

    @writes
    def action_record(self) -> None:
        """Record what it was and what fixed it."""
        self.opens("finding", self.case_id)

    @writes
    def action_tried(self) -> None:
        """The step was tried and did not help."""
        if (step := self.step.step) is not None:
            told = "Noted as done: “{step}”." if step.kind == "secure" else "Noted: no help from “{step}”."
            write = partial(self.desk.tried, self.case_id, step.step)
            self._weighed_again(write, t(told, step=brief(step.label, self._half - 12)))

    @writes
    def action_acquit(self) -> None:
        """Ask what clears the suspect under the cursor."""
        row, now = self.suspects.table.current, self.now
        if row is None or now is None or isinstance(row, NotKnown):
            self.post_message(Told(t("Put the cursor on a suspect first.")))
            return
        found = alibis(now[0], row.cause, self.desk.knowledge)
        self.app.push_screen(AcquitPage(self.desk, suspect_name(row), found, self._acquits))

    def _acquits(self, one: Alibi) -> None:
        """What clears a suspect is an answer like any other."""
        answer, write = words(one.answer), partial(self.desk.answer, self.case_id, one.evidence.id, one.answer)
        self._weighed_again(write, f"“{brief(one.evidence.question, self._half - len(answer))}” {answer}.")

    def action_visit(self) -> None:
        """Everything worth doing on one visit, with the parts to take."""
        self.app.push_screen(Reading(self.desk, t("Visit"), self._visit))

    def action_timeline(self) -> None:
        """All layers on a screen of their own, at the signal where one is."""
        rows = self.timeline.table.rows
        is_last = self.timeline.table.cursor >= len(rows) - 1
        self.app.push_screen(TimelinePage(self.desk, self.case_id, None if is_last else self.timeline.at))

    def action_packet(self) -> None:
        """Put the case to its maker: on one page, with one question."""
        self.opens("packet", self.case_id)

    def action_plot(self) -> None:
        """Power and temperature over time."""
        self.app.push_screen(PlotPage(self.desk, t("Plot"), lambda: self._plot))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A message can be sent where the charger is connected to us, and the step is one; a question needs answers."""
        if action == "message" and not (self.desk.is_on_site and self.step.step and self.step.step.message):
            return False
        asked = self.step.asked
        if action in {"answer", "skip"} and (asked is None or int(str((*parameters, 1)[0])) > len(asked.answers)):
            return False
        return super().check_action(action, parameters)

    @writes
    def action_message(self) -> None:
        """Send the message that the step is; what acts is asked about first."""
        if self.step.step is not None and (now := self.now) is not None:
            self.post_message(Asked(now[0].charger.id, self.step.step.message))

    def action_skip(self) -> None:
        """Nobody looked: leave the question open."""
        self.step.skip()
        self.draw()
        self.post_message(Told(t("Left open: what nobody looked at counts neither way.")))

    def action_other_step(self) -> None:
        """Show another of the steps that are worth their minutes."""
        self.step.turn()
        self.draw()

    @writes
    def action_answer(self, number: int) -> None:
        """Answer the open question."""
        asked = self.step.asked
        if asked is None or number > len(asked.answers):
            return
        answer = words(asked.answers[number - 1])
        write = partial(self.desk.answer, self.case_id, asked.id, asked.answers[number - 1])
        self._weighed_again(write, f"“{brief(asked.question, self._half - len(answer))}” {answer}.")

    @property
    def _half(self) -> int:
        """Columns of the status line for what was done, so that its way back stands on it too."""
        return max(22, (self.size.width - 34) // 2)

    def _weighed_again(self, write: Callable[[], None], done: str) -> None:
        """What a person says is kept first: what is not kept does not count, and is told."""
        try:
            write()
        except ChargeloreError as error:
            self.post_message(Told(t("Not kept, so it does not count: {why}.", why=str(error)), "bad"))
            return
        self.step.answered()
        self.draw()
        now = self.now
        first = brief(suspect_name(suspects(now[1])[0]), self._half) if now else ""
        self.post_message(Told(t("{done} Now first: {first}.", done=done, first=first) + t(" z undoes it."), "good"))

    def _plot(self, width: int, height: int, is_drawn: bool) -> list[Text]:
        if (now := self.now) is None:
            return [Text(t("The case is closed meanwhile."))]
        return of_case(now[0], self.reading.rows(now[0]), width, height, is_drawn)

    def _visit(self, width: int) -> Text:
        steps = self.now[1].steps if self.now else ()
        lines = visit_lines(self.desk.visit(self.case_id), width, next(iter(steps), None))
        nothing = t("Nothing that one could do there is worth its minutes. esc goes back; r records what it was.")
        return block([wrapping(Text(each)) for each in lines or [nothing]])

    def _graph(self, key: str, width: int) -> Text:
        """One suspect as a graph as the case stands at this moment."""
        now = self.now
        row = next((each for each in suspects(now[1]) if suspect_key(each) == key), None) if now else None
        if now is None or row is None or isinstance(row, NotKnown):
            return Text(t("Of what nobody wrote down no graph can be drawn."))
        return block(graph(*now, row, self.desk.knowledge, width))

    def _why(self, key: str, width: int) -> Text:
        """The explanation of one suspect as the case stands at this moment."""
        now = self.now
        row = next((each for each in suspects(now[1]) if suspect_key(each) == key), None) if now else None
        return why(*now, row, self.desk.knowledge, width) if now and row else Text(t("No longer suspected."))
