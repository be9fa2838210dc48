"""Taxonomy: all faults by domain, and how well each is seen on the chargers of each maker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from chargelore.engine.coverage.heatmap import heat_map
from chargelore.engine.grammar.rule import shipped
from chargelore.engine.heard.reportability import Sheet as Heard
from chargelore.engine.scope import matches_name
from chargelore.kb.model import FaultId, Layer
from chargelore.tui.desk import Desk
from chargelore.tui.lines.paint import block
from chargelore.tui.lines.taxonomy import (
    NARROWED,
    Atlas,
    Branch,
    Domain,
    Leaf,
    atlas,
    branch_key,
    branch_line,
    branch_words,
    branches,
    is_heading,
    legend,
    makers_head,
    sheet,
    shown_makers,
)
from chargelore.tui.messages import Changed, Chosen, Moved, Told
from chargelore.tui.places import Place
from chargelore.tui.screens.diff import DiffPage
from chargelore.tui.screens.page import Page
from chargelore.tui.screens.reading import Reading
from chargelore.tui.speech import later, t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.sheet import Sheet
from chargelore.tui.widgets.table import Look

EMPTY = later("No faults are known here: this knowledge holds none. esc goes back.")


class TaxonomyPage(Page):
    """The tree with its heat map, and the fault under the cursor.

    `vendor` is the maker whose column is chosen, `wanted` the filter that the list begins with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "maker(-1)", "Maker before", id="taxonomy.previous-maker", key_display="←"),
        Binding("right", "maker(1)", "Next maker", id="taxonomy.next-maker", key_display="→"),
        Binding("v", "layers", "Layers", id="taxonomy.layers"),
        Binding("space", "fold", "Fold", id="taxonomy.fold"),
        Binding("d", "diff", "What changed", id="taxonomy.diff"),
        Binding("D", "fold_all", "Domains only", id="taxonomy.fold-all", show=False),
    ]
    FOOTER = (
        "table.choose", "taxonomy.next-maker", "taxonomy.layers", "taxonomy.fold", "taxonomy.diff",
        "listing.filter", "app.help",
    )  # fmt: skip
    AUTO_FOCUS = "#taxonomy-rows"

    def __init__(self, desk: Desk, vendor: str = "", wanted: str = "") -> None:
        super().__init__(desk, t("Taxonomy"))
        self.wanted = wanted
        self.vendor, self.folded = vendor, frozenset[str]()
        self.book: Atlas | None = None
        self.narrowed = self.at = 0
        look: Look[Branch] = Look(key=branch_key, draw=self._line, words=self._words, is_heading=is_heading)
        self.listing: Listing[Branch] = Listing(look, id="taxonomy", title=t("Faults by domain"))

    @classmethod
    def of_place(cls, desk: Desk, name: str, over: Page | None, /) -> Page | None:
        """At a maker, or else at that of the case in front."""
        case = over.in_front if over is not None else None
        return cls(desk, name or (case.charger.vendor if case is not None else ""))

    @property
    def place(self) -> Place:
        """The taxonomy, at one maker."""
        return Place("taxonomy", self.maker)

    @property
    def maker(self) -> str:
        """The maker whose column is chosen."""
        if self.book is None:
            return self.vendor
        return self.book.makers[self.at] if self.book.makers else ""

    def body(self) -> Iterable[Widget]:
        """What the signs mean, the names of makers, the tree, and the fault beside it."""
        tree = Vertical(Static(id="makers"), self.listing, id="taxonomy-left")
        yield Static(id="legend")
        yield Horizontal(tree, Sheet(Static(id="fault"), id="fault-pane"), id="taxonomy-body")

    def on_mount(self) -> None:
        """Show the tree at once; its map follows."""
        if not self.stands:
            return
        if self.wanted:
            self.call_after_refresh(self._filter)  # after the list took its filter of last time
        self._work_out()

    def _filter(self) -> None:
        self.listing.input.value, self.listing.input.display = self.wanted, True

    def draw(self) -> None:
        """Everything as it was worked out last."""
        super().draw()
        self.query_one("#legend", Static).update(legend(self.book, self.maker))
        width = self.listing.table.span
        head = makers_head(self._shown(width), self.maker, width) if self.book else []
        self.query_one("#makers", Static).update(block(head))
        self.listing.show(tuple(branches(self.desk.knowledge, self._faults(), self.folded)), Text(t(EMPTY)))
        self._draw_fault()

    def on_changed(self, message: Changed) -> None:  # noqa: ARG002  # Textual passes it
        """Signals that come in change nothing here but the line at the top."""
        self.draw_top()

    def on_moved(self, _message: Moved) -> None:
        """Another fault is under the cursor."""
        self._draw_fault()

    def on_chosen(self, message: Chosen) -> None:
        """Enter unfolds a domain, or shows a fault on the whole screen."""
        row = message.row
        if isinstance(row, Domain):
            self.action_fold()
        elif isinstance(row, Leaf):
            self.app.push_screen(Reading(self.desk, row.fault.label, lambda _width: self._told(row)))

    def action_maker(self, by: int) -> None:
        """Choose the column of the maker before or after this one."""
        if self.book and self.book.makers:
            self.at = max(0, min(self.at + by, len(self.book.makers) - 1))
            self.draw()

    def action_layers(self) -> None:
        """Count only what other layers tell."""
        self.narrowed = (self.narrowed + 1) % len(NARROWED)
        layers = NARROWED[self.narrowed]
        self.post_message(
            Told(
                t("Only what these layers tell: {layers}.", layers=", ".join(layers))
                if self.narrowed
                else t("All layers.")
            )
        )
        self._work_out()

    def action_fold(self) -> None:
        """Fold the domain under the cursor, or unfold it."""
        row = self.listing.table.current
        if row is not None:
            name = row.name if isinstance(row, Domain) else row.fault.domain
            self.folded ^= {name}
            self.draw()
            self._go_to(name)

    def action_diff(self) -> None:
        """What changed since a release."""
        self.app.push_screen(DiffPage(self.desk))

    def action_fold_all(self) -> None:
        """Show the domains alone, or all faults again."""
        known = self.desk.knowledge.faults
        self.folded = frozenset() if self.folded else frozenset(known[each].domain for each in self._faults())
        self.draw()

    def _go_to(self, domain: str) -> None:
        rows = self.listing.table.rows
        here = (n for n, row in enumerate(rows) if isinstance(row, Domain) and row.name == domain)
        self.listing.table.go_to(next(here, 0))

    def _faults(self) -> tuple[FaultId, ...]:
        """All faults that are some, as the map takes them."""
        known = self.desk.knowledge.faults.values()
        return tuple(each.id for each in known if each.is_fault and each.status != "deprecated")

    def _work_out(self) -> None:
        """Work the map out anew; what models never send is read from the store before."""
        maker, self.book = self.maker, None
        self.vendor = maker
        sheet_here = self.heard()
        self.draw()
        self._map(sheet_here, NARROWED[self.narrowed])

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _map(self, sheet_here: Heard, layers: tuple[Layer, ...]) -> None:
        """On a thread of its own: it takes a second or two."""
        worker = get_current_worker()
        book = atlas(heat_map(self.desk.known, shipped(), sheet_here, layers), self.desk.known, layers)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, book)

    def _show(self, book: Atlas) -> None:
        if self in self.app.screen_stack:
            self.book = book
            named = (n for n, each in enumerate(book.makers) if self.vendor and matches_name(self.vendor, each))
            self.at = next(named, 0)
            self.draw()

    def _shown(self, width: int) -> tuple[str, ...]:
        return shown_makers(self.book.makers, self.at, width) if self.book else ()

    def _line(self, row: Branch, width: int) -> tuple[Text]:
        return branch_line(row, self.book, self._shown(width), self.maker, width)

    def _words(self, row: Branch) -> dict[str, str]:
        return branch_words(row, self.book, self.maker)

    def _told(self, row: Branch | None) -> Text:
        return block(sheet(row, self.book, self.desk.knowledge, self.maker))

    def _draw_fault(self) -> None:
        self.query_one("#fault-pane").border_title = t("Under the cursor")
        self.query_one("#fault", Static).update(self._told(self.listing.table.current))
