"""Review: what waits for a person's decision, what each would change, and the decision, which can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker, get_current_worker

from chargelore.engine.door import naming_nobody
from chargelore.engine.grammar.rule import Rules, shipped
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.events import Event
from chargelore.kb.learned import Learned
from chargelore.tui.cli.knowing.kbjudge import may_judge
from chargelore.tui.cli.progress import clock_of
from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.paint import QUIET, block, line
from chargelore.tui.lines.review import (
    EMPTY,
    Item,
    QueueRow,
    diff,
    is_heading,
    row_key,
    row_line,
    row_words,
    rows,
    sheet,
)
from chargelore.tui.live import key_at_hand
from chargelore.tui.messages import Changed, Chosen, Moved, Told
from chargelore.tui.places import Place
from chargelore.tui.reviewing import editing
from chargelore.tui.reviewing.deciding import accepted, agreed, declined
from chargelore.tui.reviewing.effect import Effect, can_tell, effect
from chargelore.tui.reviewing.waiting import Ledger, Waiting, queue
from chargelore.tui.rulebook import edited
from chargelore.tui.screens.decide import AcceptPage, ReasonPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.rules import RulesPage
from chargelore.tui.screens.working import WorkingPage
from chargelore.tui.speech import later, t
from chargelore.tui.text import brief
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.sheet import Sheet
from chargelore.tui.widgets.table import Look

LOOK: Look[QueueRow] = Look(key=row_key, draw=row_line, words=row_words, is_heading=is_heading)
REST, EVERY = 0.3, 0.25  # seconds without a move before cases are diagnosed; between two words on how far that is


class Stopped(Exception):  # noqa: N818  # no error: a person wanted it, or went on
    """Nobody waits for the effect any more."""


class ReviewPage(WorkingPage):
    """The queue left, the thing under the cursor with its effect right. `rules` may be others than those that ship."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "decline", "Decline", id="review.decline"),
        Binding("e", "edit", "Edit", id="review.edit", show=False),
        Binding("plus", "agree('1')", "Agree", key_display="+", id="review.agree"),
        Binding("minus", "agree('-1')", "Disagree", key_display="-", id="review.disagree"),
        Binding("escape", "back", "Back; stops what is worked out", id="review.back", show=False),
    ]
    FOOTER = (
        "table.choose",
        "review.decline",
        "review.agree",
        "review.disagree",
        "listing.filter",
        "app.undo",
        "app.help",
    )
    AUTO_FOCUS = "#review-rows"

    def __init__(self, desk: Desk, rules: Rules | None = None) -> None:
        super().__init__(desk, t("Review"))
        self.rules = rules
        self.ledger: Ledger | None = None
        self.found: tuple[Waiting, ...] = ()
        self.working_on = ""
        self.halted, self.written = "", desk.doings.count
        self.effects: dict[str, Effect] = {}
        self.resting: Timer | None = None
        self.is_read = False
        self.listing: Listing[QueueRow] = Listing(LOOK, id="review", title=t("Waiting for a decision"), marks=True)

    @classmethod
    def of_place(cls, desk: Desk, _name: str, _over: Page | None, /) -> Page | None:
        """What waits."""
        return cls(desk)

    @property
    def place(self) -> Place:
        """The queue."""
        return Place("review")

    def body(self) -> Iterable[Widget]:
        """The queue, and one thing of it."""
        yield Horizontal(self.listing, Sheet(Static(id="waiting"), id="review-pane"), id="review-body")

    def on_mount(self) -> None:
        """Read the queue."""
        self.read()

    def read(self) -> None:
        """Read everything anew: the store on this thread, the rest on another."""
        try:
            events, owners = self.desk.store.events(), self.desk.store.owners
        except ChargeloreError as error:
            self.post_message(Told(str(error), "bad"))
            return
        self.stop()
        self.effects, self.halted = {}, ""
        self._queue(events, owners)

    def draw(self) -> None:
        """The queue as it was read last."""
        super().draw()
        if self.desk.doings.count != self.written and self.is_read:  # something was undone, or done again
            self.written = self.desk.doings.count
            self.read()
        empty = t(EMPTY) if self.is_read else t("Reading what waits …")
        self.listing.show(tuple(rows(self.found, self.desk.knowledge)), Text(empty))
        self._draw_one()

    def on_changed(self, message: Changed) -> None:  # noqa: ARG002  # Textual passes it
        """Signals that come in change nothing here but the line at the top."""
        self.draw_top()

    def on_moved(self, _message: Moved) -> None:
        """Another thing is under the cursor: its cases are diagnosed once the fingers rest."""
        if self.working_on != self._key():
            self.stop()
            if self.resting is not None:
                self.resting.stop()
            self.resting = self.set_timer(REST, self._begin)
        self._draw_one()

    def on_chosen(self, message: Chosen) -> None:
        """Enter asks whether to accept; a rule on trial stands in its file, so it leads there."""
        if not isinstance(message.row, Item):
            return
        one = message.row.one
        if one.kind == "trial":
            self.app.push_screen(RulesPage(self.desk, wanted=one.subject))
        elif one.kind == "gap":
            self.post_message(Told(t("Nobody knows yet what it means: chargelore map writes it down; d drops it.")))
        elif not self.desk.is_read_only:
            self.app.push_screen(AcceptPage(self.desk, self._said(message.row), partial(self._accept, one)))

    @writes
    def action_decline(self) -> None:
        """Ask why, and decline what is under the cursor."""
        row = self.listing.table.current
        if isinstance(row, Item) and row.one.kind != "trial":
            said = [t("Declined, and taken off the queue:"), row.title]
            self.app.push_screen(ReasonPage(self.desk, said, partial(self._decline, row.one)))

    @writes
    def action_edit(self) -> None:
        """Correct it in one's editor, and be asked whether to accept it so."""
        row = self.listing.table.current
        if not isinstance(row, Item):
            return
        try:
            file = editing.text_file(self.desk.drafts.folder, row.one, row.title)
            with self.app.suspend():
                edited(file)
            after = editing.corrected(row.one, file)
        except SuspendNotSupported:
            self.post_message(Told(t("This terminal cannot be lent to an editor."), "bad"))
        except ChargeloreError as error:
            self._not_edited(error)
        else:
            said = list(editing.told(row.one, after)) or [t("Nothing was changed; accept it as it is?"), row.title]
            self.app.push_screen(AcceptPage(self.desk, said, partial(self._accept_edited, after, file)))

    def _not_edited(self, error: ChargeloreError) -> None:
        why = str(error).replace(f"{self.desk.drafts.folder}/", "")
        self.post_message(Told(t("Not accepted; what you wrote is kept, e opens it: {why}", why=why), "bad"))

    def _accept_edited(self, one: Waiting, file: Path) -> None:
        if self._decides(one, t("accepted"), partial(accepted, one, self.desk.store.by)):
            file.unlink(missing_ok=True)

    @writes
    def action_agree(self, share: str) -> None:
        """Say what one thinks of it, for a reviewer to weigh."""
        row = self.listing.table.current
        if isinstance(row, Item) and row.one.kind not in ("trial", "gap"):
            self.app.push_screen(ReasonPage(self.desk, [row.title], partial(self._agree, row.one), share))

    def action_refresh_all(self) -> None:
        """The queue with all else."""
        super().action_refresh_all()
        self.read()

    def stop(self) -> None:
        """Nor is anything looked at then."""
        super().stop()
        self.working_on = ""

    def stopped(self) -> None:
        """It begins anew only when it is asked for."""
        self.halted = self._key()
        self._draw_one()

    def _said(self, row: Item) -> list[str]:
        before, after = diff(row.one, self.desk.knowledge)
        told = self.effects.get(row.one.key)
        cases = [t("Confirmed cases: {told}.", told=told)] if told is not None and told.changes else []
        return [*(f"- {each}" for each in before), *(f"+ {each}" for each in after), *cases]

    def _accept(self, one: Waiting) -> None:
        self._decides(one, t("accepted"), partial(accepted, one, self.desk.store.by))

    def _decline(self, one: Waiting, reason: str, _share: float) -> None:
        kept = naming_nobody(reason, key_at_hand())
        self._decides(one, t("declined"), partial(declined, one, self.desk.store.by, kept))

    def _agree(self, one: Waiting, reason: str, share: float) -> None:
        kept = naming_nobody(reason, key_at_hand())
        self._decides(one, f"{share:+g}", lambda: (agreed(one, self.desk.store.by, share, kept),), needs_right=False)

    def _decides(
        self, one: Waiting, what: str, events: Callable[[], Sequence[Event]], *, needs_right: bool = True
    ) -> bool:
        """Keep the decision and read the queue anew; who has no right to it is told so. Whether it was kept."""
        row = next((each for each in self.listing.rows if isinstance(each, Item) and each.one.key == one.key), None)
        told = brief(row.title if row is not None else one.subject, 80)
        try:
            made = events()
            if needs_right:
                may_judge(self.desk.store, *made)
            self.desk.decides(f"{what}: {told}", made)
        except ChargeloreError as error:
            self.post_message(Told(t("Not recorded: {why}.", why=str(error)), "bad"))
            return False
        self.written = self.desk.doings.count
        self.read()
        self.post_message(Told(t("{what}: {told}. z undoes it.", what=what.capitalize(), told=told), "good"))
        return True

    @work(thread=True, exclusive=True, group="queue", exit_on_error=False, name=later("The queue"))
    def _queue(self, events: tuple[Event, ...], owners: frozenset[str]) -> None:
        """On a thread of its own: ten thousand findings take seconds."""
        worker = get_current_worker()
        ledger = Ledger(events=events, owners=owners, base=self.desk.base, rules=self.rules or shipped())
        found = queue(ledger)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, ledger, found)

    def _show(self, ledger: Ledger, found: tuple[Waiting, ...]) -> None:
        if self in self.app.screen_stack:
            self.ledger, self.found, self.is_read = ledger, found, True
            self.draw()
            self._begin()

    def _key(self) -> str:
        row = self.listing.table.current
        return row.one.key if isinstance(row, Item) else ""

    def _begin(self) -> None:
        """Work out what the thing under the cursor changes, unless that is known or was stopped."""
        row, ledger = self.listing.table.current, self.ledger
        is_due = self.working is None and self._key() not in (*self.effects, self.halted)
        if isinstance(row, Item) and ledger is not None and is_due and can_tell(row.one):
            self.working_on = row.one.key
            self.working = self._work_out(ledger, self.desk.learned, row.one)
            self._draw_one()

    @work(thread=True, exclusive=True, group="effect", exit_on_error=False, name=later("Cases that would change"))
    def _work_out(self, ledger: Ledger, learned: Learned, one: Waiting) -> None:
        worker = get_current_worker()
        try:
            found = effect(ledger, learned, one, datetime.now(UTC), self._watching(worker))
        except Stopped:
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._worked_out, one, found)

    def _watching(self, worker: Worker[None]) -> Callable[[int, int], None]:
        """Hears how far it is, says so from time to time, and ends it when nobody waits any more."""
        begun = shown_at = monotonic()

        def watched(done: int, total: int) -> None:
            nonlocal shown_at
            if worker.is_cancelled:
                raise Stopped
            if done and (now := monotonic()) - shown_at >= EVERY:
                shown_at, left = now, clock_of((now - begun) * (total - done) / done)
                said = t("Diagnosing confirmed cases: {share}, {left} left; esc stops it.",
                         share=f"{done / total:.0%}", left=left)  # fmt: skip
                self.app.call_from_thread(self.post_message, Told(said))

        return watched

    def _worked_out(self, one: Waiting, found: Effect) -> None:
        self.effects[one.key], self.working = found, None
        if self in self.app.screen_stack:
            self._draw_one()

    def _told(self, row: QueueRow | None) -> Text | Effect:
        """The effect of the thing under the cursor, or why there is none."""
        if isinstance(row, Item) and not can_tell(row.one):
            return line((t("Findings cannot say it."), QUIET))
        if (found := self.effects.get(self._key())) is not None:
            return found
        return line(
            (t("Stopped. R works it out anew.") if self._key() == self.halted else t("Working it out …"), QUIET)
        )

    def _draw_one(self) -> None:
        row = self.listing.table.current
        self.query_one("#review-pane").border_title = t("Under the cursor")
        self.query_one("#waiting", Static).update(block(sheet(row, self.desk.knowledge, self._told(row))))
