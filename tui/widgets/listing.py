"""Listing: a table with its title, its count and its filter line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from chargelore.tui.filter import keeps, terms
from chargelore.tui.widgets.table import Look, Table

Row = TypeVar("Row")


class Listing(Vertical, Generic[Row]):
    """A table under a title such as `Cases · 12 of 340`. `/` filters; the filter stays when one comes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="listing.filter"),
        Binding("escape", "clear", "Clear the filter", show=False, id="listing.clear"),
    ]

    def __init__(self, look: Look[Row], *, id: str, title: str, follows: bool = False) -> None:  # noqa: A002  # as above
        super().__init__(id=id)
        self.title, self.rows = title, tuple[Row, ...]()
        self.table: Table[Row] = Table(look, id=f"{id}-rows", follows=follows)
        self.input = Input(placeholder="word   !not this   field:value", id=f"{id}-filter", compact=True)

    def compose(self) -> ComposeResult:
        """The table, and the filter line that shows only when it is used."""
        yield self.table
        yield self.input

    def on_mount(self) -> None:
        """No filter yet."""
        self.input.display = False

    def show(self, rows: Sequence[Row], empty: Text | None = None) -> None:
        """Other rows; `empty` is what the table says when there are none."""
        self.rows = tuple(rows)
        self._draw(empty or Text())

    def action_filter(self) -> None:
        """Open the filter line."""
        self.input.display = True
        self.input.focus()

    def action_clear(self) -> None:
        """Drop the filter and go back to the rows."""
        self.input.value = ""
        self.input.display = False
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's
        """Escape clears a filter only where there is one; else it goes back."""
        return action != "clear" or self.input.display

    def on_input_changed(self, event: Input.Changed) -> None:
        """The filter was typed."""
        event.stop()
        self._draw(self.table.empty)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: back to the rows with the filter on."""
        event.stop()
        self.input.display = bool(self.input.value)
        self.table.focus()

    def _draw(self, empty: Text) -> None:
        wanted = terms(self.input.value)
        rows = filtered(self.rows, self.table.look, wanted) if wanted else self.rows
        self.table.empty = Text("Nothing here passes the filter. esc clears it.") if wanted and self.rows else empty
        self.table.show(rows)
        all_of, left = (_counted(each, self.table.look) for each in (self.rows, rows))
        self.border_title = f"{self.title} · {left:,} of {all_of:,}" if wanted else f"{self.title} · {all_of:,}"


def filtered(rows: Sequence[Row], look: Look[Row], wanted: Any) -> tuple[Row, ...]:
    """The rows that pass; a heading stays only while a row of it is left."""
    left: list[Row] = []
    for row in rows:
        if look.is_heading(row):
            if left and look.is_heading(left[-1]):
                left.pop()
            left.append(row)
        elif keeps(wanted, look.words(row)):
            left.append(row)
    return tuple(left[:-1] if left and look.is_heading(left[-1]) else left)


def _counted(rows: Sequence[Row], look: Look[Row]) -> int:
    return sum(not look.is_heading(row) for row in rows)
