"""Marking: a table in which several rows can be marked, to be copied, exported or handed over together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from chargelore.tui.copying import as_text
from chargelore.tui.lines.paint import NAME, line
from chargelore.tui.messages import Copied, Told
from chargelore.tui.speech import t
from chargelore.tui.widgets.table import Look, Row, Table

SIGN = "▪ "


class MarkedTable(Table[Row]):
    """`marked` are the keys of marked rows, in the order of marking; `since` is where a range began."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark, or unmark", show=False, id="marks.mark"),
        Binding("v", "range", "Mark from here to the next v", show=False, id="marks.range"),
        Binding("escape", "unmark", "Take the marks off", show=False, id="marks.clear"),
    ]

    def __init__(self, look: Look[Row], *, id: str, follows: bool = False) -> None:  # noqa: A002  # Textual's word
        super().__init__(replace(look, draw=self._with_sign), id=id, follows=follows)
        self._plain = look
        self.marked: dict[Hashable, None] = {}
        self.since: Hashable | None = None

    @property
    def picked(self) -> list[Row]:
        """The rows that an action is about: those that are marked and in sight, else the one under the cursor."""
        marked = self._in_sight()
        return marked or ([self.current] if self.current is not None else [])

    def action_mark(self) -> None:
        """Mark the row under the cursor, or take its mark off, and go on to the next."""
        if self.current is not None:
            key = self.look.key(self.current)
            if key in self.marked:
                del self.marked[key]
            else:
                self.marked[key] = None
            self._marks_changed()
            self.action_step(1)

    def action_range(self) -> None:
        """Begin a range, or mark all rows from where it began to the cursor."""
        if self.current is None:
            return
        if self.since is None:
            self.since = self.look.key(self.current)
            self.post_message(Told(t("Go to the other end: v marks all rows from here to there.")))
            return
        keys = [self.look.key(each) for each in self.rows]
        begin = keys.index(self.since) if self.since in keys else self.cursor
        first, last = sorted((begin, self.cursor))
        self.marked |= {
            self.look.key(each): None for each in self.rows[first : last + 1] if not self.look.is_heading(each)
        }
        self.since = None
        self._marks_changed()

    def action_unmark(self) -> None:
        """Take all marks off."""
        self.marked, self.since = {}, None
        self._marks_changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's
        """Escape takes marks off only where there are some; else it does what it does elsewhere."""
        return action != "unmark" or bool(self.marked) or self.since is not None

    def seen(self) -> list[Row]:
        """What is copied and exported: the marked rows where some are, else all that pass the filter."""
        return self._in_sight() or super().seen()

    def action_copy(self) -> None:
        """Take the marked rows along, or the one under the cursor."""
        some = self._in_sight()
        if not some:
            super().action_copy()
            return
        text = as_text([self.look.words(each) for each in some])
        self.post_message(Copied(text, t("{n} marked rows", n=len(some))))

    def _in_sight(self) -> list[Row]:
        return [each for each in self.rows if not self.look.is_heading(each) and self.look.key(each) in self.marked]

    def _marks_changed(self) -> None:
        self.refresh()
        told = t("{n} marked: c y ^e take them along; esc takes the marks off.", n=len(self.marked))
        self.post_message(Told(told if self.marked else t("Nothing is marked.")))

    def _with_sign(self, row: Row, width: int) -> Sequence[Text]:
        """The row as it is, and before a marked one a sign."""
        if not self.marked or self._plain.key(row) not in self.marked:
            return self._plain.draw(row, width)
        return [line((SIGN, NAME), each) for each in self._plain.draw(row, width - len(SIGN))]
