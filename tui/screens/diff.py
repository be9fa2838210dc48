"""Diff: what changed between a release, or another folder of knowledge, and what is known here now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from chargelore.kb.claim import Tlp
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.export.view import view
from chargelore.kb.model import Knowledge
from chargelore.kb.release import FIRST, Change, Inventory, changes, inventory, next_version
from chargelore.tui.cli.knowing.export import AUDIENCES
from chargelore.tui.cli.knowing.folder import SHIPPED, is_export, read_inventory
from chargelore.tui.desk import Desk
from chargelore.tui.lines.diff import DiffRow, is_heading, row_key, row_line, row_words, rows, whole
from chargelore.tui.lines.paint import STRONG, block, line, wrapping
from chargelore.tui.messages import Chosen, Told
from chargelore.tui.screens.reading import Reading
from chargelore.tui.screens.working import TypedPage
from chargelore.tui.speech import later, t
from chargelore.tui.text import plain
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

LOOK: Look[DiffRow] = Look(key=row_key, draw=row_line, words=row_words, is_heading=is_heading)
LONGEST = 1_000


class DiffPage(TypedPage):
    """What was, typed above, against what is known here with all that people added."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back; stops what is worked out", id="diff.back"),
    ]
    FOOTER = ("diff.back", "table.choose", "listing.filter", "app.help")
    AUTO_FOCUS = "#diff-rows"
    KEPT = "diff-before"  # what it was compared with
    USUAL = SHIPPED

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, t("What changed"))
        self.found: tuple[Change, ...] = ()
        self.empty = self.told = ""
        self.listing: Listing[DiffRow] = Listing(LOOK, id="diff", title=t("From there to what is known here"))

    def body(self) -> Iterable[Widget]:
        """With what it is compared, what that comes to, and each change."""
        where = t("an export, a folder of knowledge, or the word shipped; then Enter")
        kept: str = self.kept.get(self.KEPT, SHIPPED)
        yield Input(kept, placeholder=where, id="diff-typed", max_length=LONGEST, compact=True)
        yield Static(id="diff-sum")
        yield self.listing

    def draw(self) -> None:
        """The changes as they were worked out last."""
        super().draw()
        self.query_one("#diff-sum", Static).update(line((self.told, STRONG)))
        self.listing.show(tuple(rows(self.found)), Text(self.empty))

    def on_chosen(self, message: Chosen) -> None:
        """Enter shows a change in full."""
        if isinstance(message.row, Change):
            sheet = block([wrapping(each) for each in whole(message.row)])
            self.app.push_screen(Reading(self.desk, plain(message.row.id)[:60], lambda _width: sheet))

    def action_refresh_all(self) -> None:
        """With what others wrote meanwhile."""
        super().action_refresh_all()
        self.begin()

    def stopped(self) -> None:
        """Nothing is there until it is asked for."""
        self.empty = t("Stopped. R works it out anew.")
        super().stopped()

    def begin(self) -> None:
        """Compare anew."""
        self.stop()
        self.found, self.told, self.empty = (), "", t("Comparing … esc stops it.")
        self.draw()
        self.working = self._compare(self.typed)

    @work(thread=True, exclusive=True, group="diff", exit_on_error=False, name=later("What changed"))
    def _compare(self, named: str) -> None:
        worker = get_current_worker()
        try:
            old, new = self._pair(named)
            found, trouble = changes(old, new), ""
            told = _sum(old, found)
        except ChargeloreError as error:
            found, told, trouble = (), "", str(error)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._compared, found, told, trouble)

    def _pair(self, named: str) -> tuple[Inventory, Inventory]:
        """Both sides for the same audience: that of the export, else whoever may see all."""
        if named == SHIPPED:
            return _whole(self.desk.base), _whole(self.desk.known)
        old = read_inventory(named, "RED")
        label = str(old.get("audience")) if is_export(named) else "TLP:RED"
        audience: Tlp = next((each for each in AUDIENCES.values() if f"TLP:{each}" == label), "RED")
        return old, inventory(view(self.desk.known, audience=audience, version=FIRST))

    def _compared(self, found: tuple[Change, ...], told: str, trouble: str) -> None:
        if self.is_mounted:
            self.working, self.found, self.told = None, found, told
            self.empty = trouble or t("Nothing differs: that is what is known here.")
            self.draw()
            if trouble:
                self.post_message(Told(trouble, "bad"))


def _whole(known: Knowledge) -> Inventory:
    return inventory(view(known, audience="RED", version=FIRST))


def _sum(old: Inventory, found: Sequence[Change]) -> str:
    version = str(old.get("version", ""))
    after = next_version(version, found)
    return t(
        "{n} changes since version {old}; what is here would be {new}.", n=f"{len(found):,}", old=version, new=after
    )
