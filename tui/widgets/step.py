"""StepPane: the next step of a case, its open question, and which of them was passed over."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from chargelore.engine.case import Case
from chargelore.engine.diagnosing.diagnosis import Diagnosis, NextStep
from chargelore.kb.model import Evidence, EvidenceId
from chargelore.tui.desk import Desk
from chargelore.tui.lines.apart import apart_lines
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.step import aim_lines, here_lines, no_step_lines, open_question, question_lines, step_lines
from chargelore.tui.speech import t
from chargelore.tui.widgets.sheet import Sheet

LEFT_TO_SUSPECTS = 5  # lines: a title and two suspects


class StepPane(Sheet):
    """Shows one step at a time; `asked` is the question that number keys answer. Lives as long as the case's screen."""

    def __init__(self, desk: Desk, *, is_on_site: bool = False) -> None:
        super().__init__(id="step")
        self.border_subtitle = t("v plans the whole visit")
        self.desk, self.is_on_site, self.place = desk, is_on_site, 0
        self._first = ""  # of the steps among which the place is
        self.passed = 0  # steps and questions that were passed over
        self.step: NextStep | None = None
        self.asked: Evidence | None = None
        self.skipped: frozenset[EvidenceId] = frozenset()

    def compose(self) -> ComposeResult:
        """The text of the step."""
        yield Static(id="step-text")

    def show(self, case: Case, diagnosis: Diagnosis) -> None:
        """The step at its place among those of a fresh diagnosis."""
        steps = diagnosis.steps
        self._settles_on(steps[0].step if steps else "")
        self.step = steps[self.place % len(steps)] if steps else None
        self.asked = self._open_question(case)
        self.border_title = (
            t("Next step · {n} of {all}", n=self.place % len(steps) + 1, all=len(steps)) if steps else t("Next step")
        )
        width = max(20, self.size.width - 3)
        lines = step_lines(self.step, self.desk.knowledge, width) if self.step else no_step_lines(diagnosis)
        lines += here_lines(self.step) if self.step and self.is_on_site else []
        lines += [Text(), *question_lines(self.asked, width), Text()] if self.asked else []
        self.styles.min_height = self._needs(lines, width) if self.asked else None
        lines += aim_lines(self.step, self.desk.knowledge) if self.step else []
        lines += apart_lines(diagnosis)
        self.query_one("#step-text", Static).update(block(lines))

    def _settles_on(self, first: str) -> None:
        """Where another step comes first, that is shown: what was passed over went before another."""
        if first != self._first:
            self._first, self.place = first, 0

    def turn(self) -> None:
        """Look at another step."""
        self.place += 1
        self.passed += 1

    def skip(self) -> bool:
        """Leave the open question open; whether there was one."""
        if self.asked is None:
            return False
        self.skipped |= {self.asked.id}
        self.passed += 1
        return True

    def answered(self) -> None:
        """The open question has its answer; the plan is made anew."""
        self.place = 0

    def _needs(self, lines: list[Text], width: int) -> int:
        """Lines of the pane in which a question stands with all its answers, as far as suspects keep a few."""
        rows = sum(max(1, len(each.wrap(self.app.console, width))) for each in lines)
        whole = self.parent.size.height if isinstance(self.parent, Widget) else 0
        return max(0, min(rows, whole - LEFT_TO_SUSPECTS))

    def _open_question(self, case: Case) -> Evidence | None:
        return open_question(self.step, case, self.desk.knowledge, self.skipped) if self.step else None
