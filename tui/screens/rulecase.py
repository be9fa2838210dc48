"""One rule in one case: every condition with what the case says of it, as a tree or by time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from chargelore.engine.grammar.rule import AnyRule, SignalRule
from chargelore.engine.proving.branches import Branch, Standing
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.desk import Desk
from chargelore.tui.doings import Doing
from chargelore.tui.explaining.keeping import example_of, keep
from chargelore.tui.explaining.putting import Putting
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.explained import Limb, by_time, kept_from, limb_line, limb_words, limbs
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.rules import fired_in
from chargelore.tui.messages import Changed, Chosen, Located, Told
from chargelore.tui.rulebook import file_of, may_edit
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import later, t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

LOOK: Look[Limb] = Look(key=lambda row: row.place, draw=limb_line, words=limb_words)


class RuleInCase(Page):
    """A rule put to a case. Enter goes to the signal that a line stands on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "turn", "Tree / by time", id="rulecase.turn"),
        Binding("t", "keep", "Make it a test", id="rulecase.keep"),
    ]
    FOOTER = ("page.back", "table.choose", "rulecase.turn", "rulecase.keep", "listing.filter", "app.help")
    AUTO_FOCUS = "#limbs-rows"

    def __init__(self, desk: Desk, rule: AnyRule, putting: Putting) -> None:
        super().__init__(desk, t("{rule} in {case}", rule=rule.id, case=putting.case.id))
        self.rule, self.putting = rule, putting
        self.shape: Branch | None = None
        self.standing: Standing | None = None
        self.is_by_time = False
        self.listing: Listing[Limb] = Listing(LOOK, id="limbs", title=rule.id)

    def body(self) -> Iterable[Widget]:
        """What kept it from matching, and the tree."""
        yield Static(id="kept-from")
        yield self.listing

    def on_mount(self) -> None:
        """Put the rule to the case."""
        self._put()

    def on_changed(self, message: Changed) -> None:  # noqa: ARG002  # Textual passes it
        """Signals that come in change nothing here: it is the case as it was when it was opened."""
        self.draw_top()

    def draw(self) -> None:
        """The tree as it was worked out."""
        super().draw()
        above = [*fired_in(self.rule, self.putting.case)][:1] or [kept_from(self.standing)]
        self.query_one("#kept-from", Static).update(block(above))
        rows = () if self.shape is None else by_time(self.shape) if self.is_by_time else limbs(self.shape)
        self.listing.show(
            rows, Text(t("No signal says anything of this rule.") if self.shape else t("Working it out …"))
        )

    def on_chosen(self, message: Chosen) -> None:
        """Go to the signal on the timeline of the case."""
        signal = message.row.branch.signal if isinstance(message.row, Limb) else None
        if signal is not None:
            self.app.post_message(Located(self.putting.case.id, signal))
        else:
            self.post_message(Told(t("No signal stands behind this line.")))

    def action_turn(self) -> None:
        """The tree, or its signals by time."""
        self.is_by_time = not self.is_by_time
        self.draw()

    @writes
    def action_keep(self) -> None:
        """The case becomes an example in the file of the rule."""
        if not isinstance(self.rule, SignalRule):
            self.post_message(Told(t("Examples of a case rule are symptoms: e on the rules screen writes one.")))
            return
        try:
            self._keeps(self.rule)
        except (ChargeloreError, OSError) as error:
            self.post_message(Told(str(error), "bad"))

    def _keeps(self, rule: SignalRule) -> None:
        self.desk.may_write()
        may_edit(file_of(rule))
        example = example_of(self.putting.put(rule))
        kept = keep(file_of(rule), example)
        do, undo = kept.ways
        self.desk.doings.did(
            Doing(what=t("example “{name}” of {rule}", name=example.name, rule=rule.id), event="", do=do, undo=undo)
        )
        said = t("“{name}” ({expect}) is an example of {rule} now. z undoes it.",
                 name=example.name, expect=example.expect, rule=rule.id)  # fmt: skip
        self.post_message(Told(said, "good"))

    @work(thread=True, exclusive=True, exit_on_error=False, name=later("The explanation"))
    def _put(self) -> None:
        worker = get_current_worker()
        found = self.putting.standing(self.rule), self.putting.tree(self.rule)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, *found)

    def _show(self, standing: Standing, tree: Branch) -> None:
        if self in self.app.screen_stack:
            self.standing, self.shape = standing, tree
            self.draw()
