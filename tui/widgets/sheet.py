"""Sheet: text that scrolls with the same keys as a table."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from chargelore.tui.messages import Copied
from chargelore.tui.text import brief


class Sheet(VerticalScroll, can_focus=True, inherit_bindings=False):
    """A pane to read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_down", "Line down", show=False, id="sheet.down"),
        Binding("up,k", "scroll_up", "Line up", show=False, id="sheet.up"),
        Binding("ctrl+d,pagedown", "page_down", "Page down", show=False, id="sheet.page-down"),
        Binding("ctrl+u,pageup", "page_up", "Page up", show=False, id="sheet.page-up"),
        Binding("g,home", "scroll_home", "First line", show=False, id="sheet.first"),
        Binding("G,end", "scroll_end", "Last line", show=False, id="sheet.last"),
        Binding("c", "copy", "Copy this", show=False, id="sheet.copy"),
    ]

    def action_copy(self) -> None:
        """Take the text of the pane along."""
        text = "\n".join(str(each.visual) for each in self.query(Static))
        self.post_message(Copied(text, brief(text, 40)))
