"""Note: one line to be written on something; Enter keeps it, esc leaves all as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.paint import block, wrapping
from chargelore.tui.pins import LONGEST_NOTE
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.text import brief

LONGEST = 400


class NotePage(Page):
    """`told` says what the note is on; `given` is called once, with the note."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Record it", id="note.save", priority=True),
        Binding("escape", "back", "Back, record nothing", id="note.back"),
    ]
    AUTO_FOCUS = "#note"

    def __init__(self, desk: Desk, told: Sequence[str], note: str, given: Callable[[str], None]) -> None:
        super().__init__(desk, t("Note"))
        self.told, self.note, self.given = told, note, given

    def body(self) -> Iterable[Widget]:
        """What it is on, and the line."""
        yield Static(block([wrapping(Text(brief(each, LONGEST))) for each in self.told]), id="decide")
        yield Input(self.note, id="note", max_length=LONGEST_NOTE, placeholder=t("in one line"), compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter keeps it."""
        event.stop()
        self.action_save()

    @writes
    def action_save(self) -> None:
        """Keep it."""
        note = self.query_one("#note", Input).value.strip()
        if self.leaves():
            self.given(note)
