"""Acquit: what would clear a suspect, the surest first; one answer of these is a person's word on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget

from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.acquit import Alibi, alibi_key, alibi_lines, alibi_words
from chargelore.tui.messages import Chosen
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

LOOK: Look[Alibi] = Look(key=alibi_key, draw=alibi_lines, words=alibi_words, height=2)


class AcquitPage(Page):
    """The answers that speak against a suspect; `given` is called once, with the one that a person found."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back, answer nothing", id="acquit.back")]
    FOOTER = ("table.choose", "acquit.back", "listing.filter", "app.help")
    AUTO_FOCUS = "#acquit-rows"

    def __init__(self, desk: Desk, suspect: str, found: tuple[Alibi, ...], given: Callable[[Alibi], None]) -> None:
        super().__init__(desk, t("Acquit {suspect}", suspect=suspect))
        self.found, self.given = found, given
        self.listing: Listing[Alibi] = Listing(
            LOOK, id="acquit", title=t("What would clear it: Enter on what you found")
        )

    def body(self) -> Iterable[Widget]:
        """The answers."""
        yield self.listing

    def draw(self) -> None:
        """The answers as they were when one came."""
        super().draw()
        self.listing.show(self.found, Text(t("Nothing that a person could find would clear it.")))

    def on_chosen(self, message: Chosen) -> None:
        """That is how it is."""
        if isinstance(message.row, Alibi):
            self._gives(message.row)

    @writes
    def action_give(self) -> None:
        """Give the answer under the cursor."""
        if (row := self.listing.table.current) is not None:
            self._gives(row)

    def _gives(self, row: Alibi) -> None:
        if not self.desk.is_read_only and self.leaves():
            self.given(row)
