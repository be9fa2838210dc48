"""Rules: what seniors wrote: how each stands, what lint and findings say, its examples run, its file changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from chargelore.engine.grammar.rule import SHIPPED, AnyRule, Rules
from chargelore.engine.proving.exercise import Outcome
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.finding import Finding
from chargelore.tui.desk import Desk
from chargelore.tui.doings import Doing
from chargelore.tui.explaining.giving_up import given_up, may_replace
from chargelore.tui.explaining.putting import Putting
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.rules import (
    NO_RULES,
    RuleRow,
    head_line,
    row_key,
    row_line,
    row_words,
    sheet,
)
from chargelore.tui.messages import Changed, Chosen, Moved, Told
from chargelore.tui.places import Place
from chargelore.tui.rulebook import (
    Book,
    Heard,
    book_of,
    changed_on,
    edited,
    file_of,
    heard_of,
    judged,
    may_edit,
    ran,
    reread,
)
from chargelore.tui.screens.backtest import BacktestPage
from chargelore.tui.screens.decide import ReasonPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.reading import Reading
from chargelore.tui.screens.rulecase import RuleInCase
from chargelore.tui.speech import counted, later, t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.sheet import Sheet
from chargelore.tui.widgets.table import Look

LOOK: Look[RuleRow] = Look(key=row_key, draw=row_line, words=row_words)
READING = later("Reading the rules, and what lint and findings say of them … esc leaves.")
LONGEST_FILE = 20_000


class RulesPage(Page):
    """All rules of a folder, and the one under the cursor.

    `case_id` is the case that rules can be put to, `wanted` the filter that the list begins with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("T", "run_examples", "Run examples", id="rules.test"),
        Binding("B", "backtest", "Backtest", id="rules.backtest"),
        Binding("x", "why", "Why / why not", id="rules.why"),
        Binding("e", "edit", "Edit", id="rules.edit"),
        Binding("D", "deprecate", "Deprecate", id="rules.deprecate", show=False),
    ]
    FOOTER = ("table.choose", "rules.test", "rules.backtest", "rules.why", "rules.edit", "listing.filter", "app.help")
    AUTO_FOCUS = "#rules-rows"

    def __init__(self, desk: Desk, case_id: str = "", folder: Path = SHIPPED, wanted: str = "") -> None:
        super().__init__(desk, t("Rules"))
        self.case_id, self.folder, self.wanted = case_id, folder, wanted
        self.book: Book | None = None
        self.trouble = ""
        self._heard = Heard()
        self.ran: dict[str, tuple[Outcome, ...]] = {}
        self.rows: tuple[RuleRow, ...] = ()
        self.listing: Listing[RuleRow] = Listing(LOOK, id="rules", title=t("Rules"), marks=True)

    @classmethod
    def of_place(cls, desk: Desk, name: str, over: Page | None, /) -> Page | None:
        """Beside a case, or else beside that in front."""
        case = over.in_front if over is not None else None
        return cls(desk, name or (case.id if case is not None else ""))

    @property
    def place(self) -> Place:
        """The rules, beside a case."""
        return Place("rules", self.case_id)

    def body(self) -> Iterable[Widget]:
        """The columns, the table, and the rule beside it."""
        table = Vertical(Static(id="rules-head"), self.listing, id="rules-left")
        yield Horizontal(table, Sheet(Static(id="rule"), id="rule-pane"), id="rules-body")

    def on_mount(self) -> None:
        """Read everything."""
        if self.wanted:
            self.call_after_refresh(self._filter)  # after the list took its filter of last time
        self._read_all()

    def action_refresh_all(self) -> None:
        """Read the files anew: somebody may have changed one beside us."""
        self.ran.clear()
        self._read_all()
        super().action_refresh_all()

    def _read_all(self) -> None:
        """The store on this thread, the rest on another."""
        try:
            self._read(heard_of(self.desk.store, self.desk.cases.values(), utc_now()))
        except ChargeloreError as error:
            self.post_message(Told(t("No findings can be read, so nothing is judged: {why}", why=str(error)), "bad"))
            self._read(Heard())

    def _filter(self) -> None:
        self.listing.input.value, self.listing.input.display = self.wanted, True

    def draw(self) -> None:
        """Everything as it was read last."""
        super().draw()
        self.listing.show(self.rows, Text(self.trouble or t(NO_RULES if self.book else READING)))
        self.call_after_refresh(self._draw_head)  # a scroll bar that came takes a column
        self._draw_rule()

    def _draw_head(self) -> None:
        if self.stands:
            self.query_one("#rules-head", Static).update(head_line(self.listing.table.span))

    def on_changed(self, message: Changed) -> None:  # noqa: ARG002  # Textual passes it
        """Signals that come in change nothing here but the line at the top."""
        self.draw_top()

    def on_moved(self, _message: Moved) -> None:
        """Another rule is under the cursor."""
        self._draw_rule()

    def on_chosen(self, message: Chosen) -> None:
        """Enter shows a rule on the whole screen."""
        if isinstance(message.row, RuleRow):
            told = block(sheet(self._in_full(message.row), self.desk.knowledge))
            self.app.push_screen(Reading(self.desk, message.row.rule.id, lambda _width: told))

    def action_run_examples(self) -> None:
        """Run the examples of the rule under the cursor."""
        row = self.listing.table.current
        if row is not None:
            some = counted(len(row.rule.examples), "example")
            self.post_message(Told(t("Running {examples} of {rule} …", examples=some, rule=row.rule.id)))
            self._run(row.rule)

    def action_backtest(self) -> None:
        """Judge the rule by recordings whose cause was confirmed."""
        row = self.listing.table.current
        if row is not None and self.book is not None:
            self.app.push_screen(BacktestPage(self.desk, row.rule, self.book.rules))

    def action_why(self) -> None:
        """Say why the rule fires in the open case, or what it lacks."""
        row, now = self.listing.table.current, self.desk.look_at(self.case_id) if self.case_id else None
        if row is None:
            return
        if now is None:
            self.post_message(
                Told(t("No case is open here: come from a case, and x says why a rule fired in it or not."))
            )
            return
        rules = self.book.rules if self.book else Rules()
        putting = Putting(now[0], self.desk.known, self.heard(), rules)
        self.app.push_screen(RuleInCase(self.desk, row.rule, putting))

    @writes
    def action_edit(self) -> None:
        """Change the file of the rule in one's editor, and read it anew."""
        row = self.listing.table.current
        if row is None or self.book is None:
            return
        try:
            may_edit(file_of(row.rule))
            with self.app.suspend():
                edited(file_of(row.rule))
        except SuspendNotSupported:
            self.post_message(Told(t("This terminal cannot be lent to an editor: change the file beside it."), "bad"))
            return
        except ChargeloreError as error:
            self._show(reread(self.book, row.rule))
            self.post_message(Told(t("Not edited: {why}", why=str(error)), "bad"))
            return
        self._reread(self.book, row.rule)

    @writes
    def action_deprecate(self) -> None:
        """Ask why the rule is to run no more, and then what takes its place."""
        row = self.listing.table.current
        if row is None or self.book is None:
            return
        if row.rule.status == "deprecated":
            self.post_message(Told(t("It is deprecated already.")))
            return
        asked = [t("{rule} is to run no more. Why? esc leaves it as it is.", rule=row.rule.id)]
        self.app.push_screen(ReasonPage(self.desk, asked, partial(self._ask_heir, row.rule)))

    def _ask_heir(self, rule: AnyRule, reason: str, _share: float) -> None:
        asked = [t("Which rule takes the place of {rule}? Type its id, or none.", rule=rule.id)]
        self.app.push_screen(ReasonPage(self.desk, asked, partial(self._deprecate, rule, reason)))

    def _deprecate(self, rule: AnyRule, reason: str, heir: str, _share: float) -> None:
        try:
            self.desk.may_write()
            may_edit(file_of(rule))
            may_replace(rule, heir, self.book.rules if self.book else Rules())
            kept = given_up(rule, reason, heir, datetime.now(UTC).date())
        except (ChargeloreError, OSError) as error:
            self.post_message(Told(f"{t('Not deprecated:')} {error}", "bad"))
            return
        do, undo = (partial(self._turned, rule, way) for way in kept.ways)
        self.desk.doings.did(Doing(what=t("deprecated {rule}", rule=rule.id), event="", do=do, undo=undo))
        if self.book is not None:
            self._reread(self.book, rule)
        self.post_message(Told(t("{rule} is deprecated and runs no more. z undoes it.", rule=rule.id), "good"))

    def _turned(self, rule: AnyRule, way: Callable[[], None]) -> None:
        """There or back, and the rule read anew."""
        way()
        if self.book is not None:
            self._show(reread(self.book, rule))

    def _reread(self, book: Book, rule: AnyRule) -> None:
        """The file as it is now; text that cannot be read stays where it was saved."""
        self.ran.pop(rule.id, None)
        new = reread(book, rule)
        self._show(new)
        if why := new.broken.get(str(file_of(rule))):
            self.post_message(Told(t("Kept as saved, but it cannot be read: {why}", why=why), "bad"))
            return
        said = t("{rule} reads well. It counts from the next start on; T runs its examples.", rule=rule.id)
        self.post_message(Told(said, "good"))
        self._judge(new, self._heard.findings)

    @work(thread=True, exclusive=True, group="book", exit_on_error=False)
    def _read(self, heard: Heard) -> None:
        """On a thread of its own: lint of all rules takes a second or two."""
        worker, self._heard = get_current_worker(), heard
        try:
            book, trouble = book_of(self.folder, self.desk.known, heard.findings, self.book), ""
        except ChargeloreError as error:
            book, trouble = None, t("The rules cannot be read: {why}", why=str(error))
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, book, trouble)
            self.app.call_from_thread(self._tell_unread)

    @work(thread=True, exclusive=True, group="book", exit_on_error=False)
    def _judge(self, book: Book, findings: tuple[Finding, ...]) -> None:
        worker, new = get_current_worker(), judged(book.rules, book.broken, self.desk.known, findings)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, new)

    @work(thread=True, exclusive=True, group="examples", exit_on_error=False)
    def _run(self, rule: AnyRule) -> None:
        worker = get_current_worker()
        try:
            outcomes, trouble = ran(rule), ""
        except ChargeloreError as error:
            outcomes, trouble = (), str(error)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_run, rule, outcomes, trouble)

    def _tell_unread(self) -> None:
        """A rule that cannot be read has no line of its own."""
        unread = dict(self.book.unread) if self.book else {}
        self.listing.title = t("Rules") + (t(" · {n} unreadable", n=len(unread)) if unread else "")
        if unread:
            self.draw()
            self.post_message(Told(next(iter(unread.values())), "bad"))

    def _show(self, book: Book | None, trouble: str = "") -> None:
        if self in self.app.screen_stack:
            self.book, self.trouble = book, trouble
            self.rows = tuple(self._row(book, each) for each in book.rules.every) if book else ()
            self.draw()

    def _show_run(self, rule: AnyRule, outcomes: tuple[Outcome, ...], trouble: str) -> None:
        if self not in self.app.screen_stack:
            return
        self.ran[rule.id] = outcomes
        self._show(self.book)
        failed = sum(not each.passed for each in outcomes)
        some = counted(len(outcomes), "example")
        told = trouble or t("{rule}: {examples}, {n} failed.", rule=rule.id, examples=some, n=failed)
        self.post_message(Told(told, "bad" if failed or trouble else "good"))

    def _row(self, book: Book, rule: AnyRule) -> RuleRow:
        return RuleRow(
            rule=rule, rated=book.rated.get(rule.id), fires=self._heard.fires.get(rule.id, 0),
            changed=changed_on(rule), issues=book.issues.get(rule.id, ()), outcomes=self.ran.get(rule.id, ()),
            broken=book.broken.get(str(file_of(rule)), ""),
        )  # fmt: skip

    def _in_full(self, row: RuleRow) -> RuleRow:
        """The row with the text of its file."""
        try:
            text = file_of(row.rule).read_text(encoding="utf-8", errors="replace")[:LONGEST_FILE]
        except OSError as error:
            text = t("(its file cannot be read: {why})", why=error.strerror)
        return replace(row, text=text)

    def _draw_rule(self) -> None:
        self.query_one("#rule-pane").border_title = t("Under the cursor")
        row = self.listing.table.current
        told = sheet(self._in_full(row) if row else None, self.desk.knowledge)
        self.query_one("#rule", Static).update(block(told))
