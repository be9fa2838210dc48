"""Table: rows with a cursor and the keys of vim. It draws only rows in view: a case of any length opens at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chargelore.tui.copying import as_text
from chargelore.tui.frames.view import Long
from chargelore.tui.messages import Chosen, Copied, Moved, TakenAlong
from chargelore.tui.speech import spoken
from chargelore.tui.text import brief

Row = TypeVar("Row")
MOST_TAKEN = 20_000  # rows that are copied or written to a file at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Generic[Row]):
    """How a table reads its rows: `draw` makes `height` lines at a width, `words` are what a filter searches.

    `copies` is what a person takes along of a row, its words when that is empty. `is_settled` says that `draw` looks at
    nothing but row and width, so that an equal row need not be drawn again.
    """

    key: Callable[[Row], Hashable]
    draw: Callable[[Row, int], Sequence[Text]]
    words: Callable[[Row], dict[str, str]]
    copies: Callable[[Row], str] = lambda _row: ""
    height: int = 1
    is_heading: Callable[[Row], bool] = lambda _row: False
    is_settled: bool = False


class Table(ScrollView, Generic[Row], can_focus=True, inherit_bindings=False):
    """A list of values drawn by a `Look`. The cursor stays on its row when rows come, go or move."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", "Next row", show=False, id="table.next"),
        Binding("up,k", "step(-1)", "Row before", show=False, id="table.previous"),
        Binding("ctrl+d,pagedown", "page(1)", "Page down", show=False, id="table.page-down"),
        Binding("ctrl+u,pageup", "page(-1)", "Page up", show=False, id="table.page-up"),
        Binding("g,home", "end(-1)", "First row", show=False, id="table.first"),
        Binding("G,end", "end(1)", "Last row", show=False, id="table.last"),
        Binding("enter", "choose", "Open", show=False, id="table.choose"),
        Binding("c", "copy", "Copy this", show=False, id="table.copy"),
        Binding("y", "copy_as", "Copy as …", show=False, id="table.copy-as"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--cursor"}
    cursor: reactive[int] = reactive(0, repaint=True, always_update=False)

    def __init__(self, look: Look[Row], *, id: str, follows: bool = False) -> None:  # noqa: A002  # Textual's word
        super().__init__(id=id)
        self.look, self.follows, self.empty = look, follows, Text()
        self.rows: Sequence[Row] = ()
        self._early = 0  # to which end a key wanted to go before there were rows
        self._painted: dict[int, object] = {}  # what each line of the window was painted from

    @property
    def current(self) -> Row | None:
        """The row under the cursor; None where there is none or it is a heading."""
        if not 0 <= self.cursor < len(self.rows) or self.look.is_heading(self.rows[self.cursor]):
            return None
        return self.rows[self.cursor]

    @property
    def span(self) -> int:
        """The columns that a row may fill, beside the scroll bar."""
        return self.scrollable_content_region.width

    def show(self, rows: Sequence[Row]) -> None:
        """Other rows; the cursor stays on the same key where that is still there."""
        before, was_last = self.current, self.cursor >= len(self.rows) - 1
        self.rows = rows
        self._sizes()
        place = self._landing(len(rows)) if self.follows and was_last else self._place_of(before)
        if rows and self._early:
            place, self._early = self._landing(0 if self._early < 0 else len(rows)), 0
        self.set_reactive(Table.cursor, place)
        self._keep_in_view()
        self._draws()
        self._tell()

    def _sizes(self) -> None:
        """So many rows; what is drawn of them stays."""
        size = Size(self.span, len(self.rows) * self.look.height)
        if size != self.virtual_size:
            self.set_reactive(Table.virtual_size, size)
            self.refresh(repaint=False, layout=True)

    def _draws(self) -> None:
        """Draw anew what is in view and is not what it was."""
        lines = range(self.scrollable_content_region.height)
        changed = [y for y in lines if self._painted.get(y) != self._seen_at(y)] if self.look.is_settled else lines
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def _seen_at(self, y: int) -> object:
        """All that a line of the window is drawn from."""
        place = (self.scroll_offset.y + y) // self.look.height
        row = self.rows[place] if place < len(self.rows) else None
        return row, place == self.cursor, self.empty if not self.rows else None, self.span, self.app.theme, spoken()

    def go_to(self, place: int) -> None:
        """Put the cursor on the row at a place, or the nearest below that is no heading."""
        self.cursor = self._landing(place)

    def watch_cursor(self) -> None:
        """The cursor moved: keep it in view and say so."""
        self._keep_in_view()
        self._tell()

    def on_resize(self, _event: Resize) -> None:
        """Rows are drawn anew at the new width."""
        self.virtual_size = Size(self.span, len(self.rows) * self.look.height)
        self.call_after_refresh(self._keep_in_view)

    def on_click(self, event: Click) -> None:
        """A click moves the cursor, a double click opens."""
        place = (event.y + self.scroll_offset.y) // self.look.height
        if place < len(self.rows):
            self.go_to(place)
        if event.chain == 2:
            self.action_choose()

    def action_step(self, by: int) -> None:
        """Move the cursor by rows."""
        ahead = range(self.cursor + by, len(self.rows) if by > 0 else -1, by)
        self.cursor = next((place for place in ahead if self._is_free(place)), self.cursor)

    def action_page(self, by: int) -> None:
        """Move the cursor by half a window."""
        self.go_to(self.cursor + by * max(1, self.size.height // (2 * self.look.height)))

    def action_end(self, side: int) -> None:
        """Move the cursor to the first or the last row; where rows are still to come, once they are there."""
        self._early = 0 if self.rows else side
        self.go_to(0 if side < 0 else len(self.rows) - 1)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.current is not None:
            self.post_message(Chosen(self.id or "", self.current))

    def action_copy(self) -> None:
        """Take the row under the cursor along."""
        if self.current is not None:
            text = self.look.copies(self.current) or as_text([self.look.words(self.current)])
            self.post_message(Copied(text, brief(text, 40)))

    def action_copy_as(self) -> None:
        """Take it, or all rows that are seen, along in a form that is asked for."""
        row = self.look.words(self.current) if self.current is not None else None
        self.post_message(TakenAlong(row, tuple(self.look.words(each) for each in self.seen())))

    def seen(self) -> list[Row]:
        """The rows that pass the filter, without headings; so many as a person may want to take along."""
        rows = islice(self.rows, MOST_TAKEN)
        return [each for each in rows if not self.look.is_heading(each)]

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        place, part = divmod(self.scroll_offset.y + y, self.look.height)
        self._painted[y] = self._seen_at(y) if self.look.is_settled else None
        if not self.rows:
            return self._empty_line(y)
        if place >= len(self.rows):
            return Strip.blank(self.span, self.rich_style)
        return self._strip(self.look.draw(self.rows[place], self.span)[part], is_cursor=place == self.cursor)

    def _empty_line(self, y: int) -> Strip:
        lines = self.empty.wrap(self.app.console, max(1, self.span))
        return self._strip(lines[y] if y < len(lines) else Text(), is_cursor=False)

    def _strip(self, text: Text, *, is_cursor: bool) -> Strip:
        style = self.rich_style
        segments = Segment.apply_style(text.render(self.app.console), style)
        strip = Strip(segments).adjust_cell_length(self.span, style)
        return strip.apply_style(self._cursor_style()) if is_cursor and self.current is not None else strip

    def _cursor_style(self) -> Style:
        style = self.get_component_rich_style("table--cursor", partial=True)
        return style if self.has_focus else Style(underline=True)

    def _landing(self, place: int) -> int:
        """The nearest row that is no heading, downwards first."""
        near = max(0, min(place, len(self.rows) - 1))
        around = (*range(near, min(near + 2, len(self.rows))), *range(near - 1, -1, -1))
        return next((each for each in around if self._is_free(each)), 0)

    def _is_free(self, place: int) -> bool:
        return not self.look.is_heading(self.rows[place])

    def _place_of(self, row: Row | None) -> int:
        if row is not None:
            key = self.look.key(row)
            if self.cursor < len(self.rows) and self.look.key(self.rows[self.cursor]) == key:
                return self.cursor
            if isinstance(self.rows, Long):  # these grow at the end only
                return self._landing(self.cursor)
            found = (place for place, each in enumerate(self.rows) if self.look.key(each) == key)
            if (place := next(found, None)) is not None:
                return place
        return self._landing(self.cursor)

    def _keep_in_view(self) -> None:
        """The row under the cursor is in view, with the heading just above it."""
        top = self.cursor - 1 if self.cursor and not self._is_free(self.cursor - 1) else self.cursor
        height = (self.cursor - top + 1) * self.look.height
        region = Region(0, top * self.look.height, max(1, self.span), height)
        self.scroll_to_region(region, animate=False, force=True)

    def _tell(self) -> None:
        self.post_message(Moved(self.id or "", self.current))


AnyTable = Table[Any]
