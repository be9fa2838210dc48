"""Explain: every rule put to one case: what matched, and what each of the others lacks, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from chargelore.engine.case import Case
from chargelore.engine.grammar.rule import Rules, shipped
from chargelore.engine.heard.reportability import Sheet
from chargelore.engine.proving.branches import Branch, Standing
from chargelore.tui.cli.progress import clock_of
from chargelore.tui.desk import Desk
from chargelore.tui.explaining.putting import Putting
from chargelore.tui.lines.explained import (
    kept_from,
    near_first,
    standing_key,
    standing_line,
    standing_words,
    tree_lines,
)
from chargelore.tui.lines.paint import block, wrapping
from chargelore.tui.messages import Changed, Chosen, Moved, Told
from chargelore.tui.places import Place
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.rulecase import RuleInCase
from chargelore.tui.screens.working import WorkingPage
from chargelore.tui.speech import later, t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.sheet import Sheet as Pane
from chargelore.tui.widgets.table import Look

LOOK: Look[Standing] = Look(key=standing_key, draw=standing_line, words=standing_words)
EVERY = 0.5  # seconds between two drawings while rules are put to the case


class ExplainPage(WorkingPage):
    """All rules in a case left, the tree of one right. `rules` may be others than those that ship."""

    BINDINGS: ClassVar[list[BindingType]] = []
    FOOTER = ("page.back", "table.choose", "listing.filter", "listing.export", "app.help")
    AUTO_FOCUS = "#explain-rows"

    def __init__(self, desk: Desk, case: Case, rules: Rules | None = None) -> None:
        super().__init__(desk, t("Rules in {case}", case=case.id))
        self.case, self.rules = case, rules or shipped()
        self.putting: Putting | None = None
        self.rows: tuple[Standing, ...] = ()
        self.listing: Listing[Standing] = Listing(LOOK, id="explain", title=t("Rules, the nearest first"))

    @classmethod
    def of_place(cls, desk: Desk, name: str, _over: Page | None, /) -> Page | None:
        """Over an open case."""
        now = desk.look_at(name)
        return cls(desk, now[0]) if now is not None else None

    @property
    def place(self) -> Place:
        """The rules in this case."""
        return Place("explain", self.case.id)

    def body(self) -> Iterable[Widget]:
        """The rules, and the tree of one."""
        yield Horizontal(self.listing, Pane(Static(id="explain-tree"), id="explain-pane"), id="explain-body")

    def on_mount(self) -> None:
        """Put every rule to the case; what models never send is read from the store before."""
        self._begin()

    def on_changed(self, message: Changed) -> None:  # noqa: ARG002  # Textual passes it
        """Signals that come in change nothing here: it is the case as it was when this was opened."""
        self.draw_top()

    def draw(self) -> None:
        """The rules as far as they were put to the case."""
        super().draw()
        nothing = (
            t("Putting each rule to the case …") if self.working else t("Nothing yet: R puts each rule to the case.")
        )
        self.listing.show(self.rows, Text(nothing))
        self._draw_tree()

    def on_moved(self, _message: Moved) -> None:
        """Another rule is under the cursor."""
        self._draw_tree()

    def on_chosen(self, message: Chosen) -> None:
        """Enter shows the rule with all its conditions."""
        if isinstance(message.row, Standing) and self.putting is not None:
            self.app.push_screen(RuleInCase(self.desk, message.row.rule, self.putting))

    def action_refresh_all(self) -> None:
        """Put every rule to the case as it is now."""
        now = self.desk.look_at(self.case.id)
        self.case = now[0] if now else self.case
        self._begin()

    def stopped(self) -> None:
        """Nothing is there until it is asked for."""
        super().stopped()
        self.post_message(Told(t("Stopped: the other rules were not put to the case. R begins anew.")))

    def _begin(self) -> None:
        self.rows = ()
        self.working = self._work_out(self.heard())
        self.draw()

    @work(thread=True, exclusive=True, exit_on_error=False, name=later("The explanation"))
    def _work_out(self, sheet: Sheet) -> None:
        worker, begun = get_current_worker(), monotonic()
        putting = Putting(self.case, self.desk.known, sheet, self.rules)
        found, shown_at = list[Standing](), begun
        for each in putting.each():
            if worker.is_cancelled:
                return
            found.append(each)
            if (now := monotonic()) - shown_at >= EVERY:
                shown_at = now
                self.app.call_from_thread(self._show, putting, tuple(found), now - begun)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._shows_all, putting, tuple(found))

    def _show(self, putting: Putting, found: Sequence[Standing], taken: float) -> None:
        if self.working is None or self not in self.app.screen_stack:
            return
        self.putting, self.rows = putting, near_first(found)
        self.draw()
        total = len(self.rules.every)
        share, left = f"{len(found) / total:.0%}", clock_of(taken * (total - len(found)) / len(found))
        self.post_message(Told(t("Rules put to the case: {share}, {left} left; esc stops it.", share=share, left=left)))

    def _shows_all(self, putting: Putting, found: Sequence[Standing]) -> None:
        if self not in self.app.screen_stack:
            return
        self.putting, self.rows, self.working = putting, near_first(found), None
        self.draw()
        matched = sum(each.mark == "✓" for each in found)
        self.post_message(Told(t("{n} of {all} rules matched.", n=matched, all=len(found)), "good"))

    def _draw_tree(self) -> None:
        """What kept the rule from matching at once, and its tree when it is there: a long case takes a moment."""
        row = self.listing.table.current
        if not self.query("#explain-pane"):  # left before anything stood on it
            return
        self.query_one("#explain-pane").border_title = row.rule.id if row else ""
        self._draw_branches(row, None)
        if row is not None and self.putting is not None:
            self._grow(row, self.putting)

    @work(thread=True, exclusive=True, group="tree", exit_on_error=False)
    def _grow(self, row: Standing, putting: Putting) -> None:
        worker, found = get_current_worker(), putting.tree(row.rule)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._draw_branches, row, found)

    def _draw_branches(self, row: Standing | None, found: Branch | None) -> None:
        if self not in self.app.screen_stack:
            return
        told = [kept_from(row), *(tree_lines(found) if found else ())] if row is not None else []
        self.query_one("#explain-tree", Static).update(block([wrapping(each) for each in told]))
