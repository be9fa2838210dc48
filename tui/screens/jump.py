"""Jump: a letter on each pane of the screen below; typing it goes there, any other key goes nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

LETTERS = "asdfghjklqwertyuiopzxcvbnm"  # the home row first


class Jump(ModalScreen[None], inherit_bindings=False):
    """Lives for one key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "stay", "Stay here", id="jump.stay")]

    def __init__(self, panes: Sequence[Widget]) -> None:
        super().__init__()
        self.panes = dict(zip(LETTERS, panes, strict=False))

    def compose(self) -> ComposeResult:
        """The letters, each at the upper left of its pane."""
        for letter, pane in self.panes.items():
            label = Static(f" {letter} ", classes="jump-letter", markup=False)
            label.styles.position, label.styles.offset = "absolute", pane.region.offset
            yield label

    def on_key(self, event: Key) -> None:
        """Go to the pane of the letter."""
        if event.key == "escape":
            return
        event.stop()
        if not self.is_current:  # a second key of one burst
            return
        self.dismiss()
        if (pane := self.panes.get(event.key)) is not None:
            pane.focus()

    def action_stay(self) -> None:
        """Nowhere else."""
        if self.is_current:
            self.dismiss()
