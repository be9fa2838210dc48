"""Listing: a table with its title, its count and its filter line."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from chargelore.tui.filter import Term, keeps, terms
from chargelore.tui.frames.view import Long
from chargelore.tui.messages import Exported, Told
from chargelore.tui.speech import spoken, t
from chargelore.tui.widgets.marking import MarkedTable
from chargelore.tui.widgets.still import entitle
from chargelore.tui.widgets.table import Look, Table

Row = TypeVar("Row")
LONGEST = 500  # what is pasted into a filter by mistake may be a whole log


class Listing(Vertical, Generic[Row]):
    """A table under a title such as `Cases · 12 of 340`. `/` filters; the filter stays when one comes back.

    `esc` drops the filter, and `n` `N` then go to the rows that it had found, with the others around them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="listing.filter"),
        Binding("escape", "clear", "Clear the filter", show=False, id="listing.clear"),
        Binding("n", "hit(1)", "Next row that the filter found", show=False, id="listing.next-hit"),
        Binding("N", "hit(-1)", "Row before that the filter found", show=False, id="listing.previous-hit"),
        Binding("ctrl+e", "export", "Write what I see to a file", show=False, id="listing.export"),
    ]

    def __init__(
        self,
        look: Look[Row],
        *,
        id: str,  # noqa: A002  # as above
        title: str,
        follows: bool = False,
        marks: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.title = title
        self.rows: Sequence[Row] = ()
        self.wanted: tuple[Term, ...] = ()
        self.sieve = Sieve(look)
        kind = MarkedTable if marks else Table
        self.table: Table[Row] = kind(look, id=f"{id}-rows", follows=follows)
        self.input = Input(
            placeholder=t("word   !not this   field:value"), id=f"{id}-filter", compact=True, max_length=LONGEST
        )

    def compose(self) -> ComposeResult:
        """The table, and the filter line that shows only when it is used."""
        yield self.table
        yield self.input

    def on_mount(self) -> None:
        """The filter of last time, if there was one."""
        kept = self._kept()
        self.input.value = kept.get(self._key, "") if kept is not None else ""
        self.input.display = bool(self.input.value)

    def show(self, rows: Sequence[Row], empty: Text | None = None) -> None:
        """Other rows; `empty` is what the table says when there are none."""
        self.rows = rows if isinstance(rows, Long) else tuple(rows)
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

    def action_hit(self, by: int) -> None:
        """Go to the next row that the filter finds, or found before it was dropped."""
        table = self.table
        place = self.hit(by) if self.wanted else None
        if place is None:
            self.post_message(Told(t("No further hit that way.") if self.wanted else t("Filter first: / and a word.")))
            return
        table.go_to(place)

    def hit(self, by: int) -> int | None:
        """The place of the next row that the filter finds; None where there is none."""
        table = self.table
        ahead = range(table.cursor + by, len(table.rows) if by > 0 else -1, by)
        return next((n for n in ahead if keeps(self.wanted, table.look.words(table.rows[n]))), None)

    def passing(self, wanted: tuple[Term, ...]) -> Sequence[Row]:
        """The rows that a filter keeps."""
        return self.sieve.passing(self.rows, wanted)

    def besides(self) -> tuple[Term, ...]:
        """Terms that hold beside those that were typed."""
        return ()

    def before_filter(self) -> None:
        """Other rows are about to pass."""

    def none_passes(self) -> Text:
        """What the table says where rows are there and none of them passes."""
        return Text(t("Nothing here passes the filter. esc clears it."))

    def action_export(self) -> None:
        """Write the rows that pass the filter to a file."""
        self.post_message(Exported(self.id or "list", tuple(map(self.table.look.words, self.table.seen()))))

    def on_input_changed(self, event: Input.Changed) -> None:
        """The filter was typed."""
        event.stop()
        self.before_filter()
        kept = self._kept()
        if kept is not None and kept.get(self._key, "") != event.value:
            kept.pop(self._key, None)
            kept |= {self._key: event.value} if event.value else {}
        self._draw(self.table.empty)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: back to the rows with the filter on."""
        event.stop()
        self.input.display = bool(self.input.value)
        self.table.focus()

    @property
    def _key(self) -> str:
        """The name of this list on this screen."""
        place = getattr(self.screen, "place", None)
        return f"{place.kind} {place.name} {self.id}" if place is not None else ""

    def _kept(self) -> dict[str, str] | None:
        """The filters that outlive the screen; None where nobody could come back to it."""
        kept: dict[str, str] | None = getattr(self.app, "filters", None)
        return kept if self._key else None

    def _draw(self, empty: Text) -> None:
        typed = terms(self.input.value)
        self.wanted, wanted = typed or self.wanted, (*typed, *self.besides())
        rows = self.passing(wanted) if wanted else self.rows
        self.table.empty = self.none_passes() if wanted and self.rows else empty
        self.table.show(rows)
        all_of, left = (_counted(each, self.table.look) for each in (self.rows, rows))
        count = t("{n} of {all}", n=f"{left:,}", all=f"{all_of:,}") if wanted else f"{all_of:,}"
        entitle(self, f"{self.title} · {count}")


class Sieve(Generic[Row]):
    """Knows which rows a filter kept: one that is what it was is not searched again when the list is drawn anew."""

    def __init__(self, look: Look[Row]) -> None:
        self._look = look
        self._asked: object = None
        self._before: dict[Hashable, tuple[Row, bool]] = {}

    def passing(self, rows: Sequence[Row], wanted: tuple[Term, ...]) -> tuple[Row, ...]:
        """The rows that pass, with their headings."""
        if not self._look.is_settled:
            return filtered(rows, self._look, wanted)
        before = self._before if self._asked == (wanted, spoken()) else {}
        self._asked, self._before = (wanted, spoken()), {}

        def is_kept(row: Row) -> bool:
            key = self._look.key(row)
            known = before.get(key)
            if known is None or known[0] != row:
                known = row, keeps(wanted, self._look.words(row))
            self._before[key] = known
            return known[1]

        return _headed(rows, self._look, is_kept)


def filtered(rows: Sequence[Row], look: Look[Row], wanted: tuple[Term, ...]) -> tuple[Row, ...]:
    """The rows that pass; a heading stays only while a row of it is left."""
    return _headed(rows, look, lambda row: keeps(wanted, look.words(row)))


def _headed(rows: Sequence[Row], look: Look[Row], is_kept: Callable[[Row], bool]) -> tuple[Row, ...]:
    left: list[Row] = []
    for row in rows:
        if look.is_heading(row):
            if left and look.is_heading(left[-1]):
                left.pop()
            left.append(row)
        elif is_kept(row):
            left.append(row)
    return tuple(left[:-1] if left and look.is_heading(left[-1]) else left)


def _counted(rows: Sequence[Row], look: Look[Row]) -> int:
    return len(rows) if isinstance(rows, Long) else sum(not look.is_heading(row) for row in rows)
