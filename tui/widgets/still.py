"""Still: a text that is laid out and painted again only where it became another one."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static


def entitle(pane: Widget, title: str) -> None:
    """Give a pane its title; to set the same one again would draw the whole pane."""
    if pane.border_title != title:
        pane.border_title = title


class Still(Static):
    """What stands in it often stays; drawing it anew would lay out the whole screen. Names of styles mean a theme."""

    def __init__(self, *, id: str, is_one_line: bool = False) -> None:  # noqa: A002  # Textual's word
        super().__init__(id=id)
        self._is_one_line, self._put, self._is_sure = is_one_line, (Text(), ""), False

    def put(self, text: Text) -> None:
        """Show a text. One line never changes the size.

        What may is laid out once more when it comes the second time: Textual takes the size of the text before for
        that of one that comes while the other still waits for its layout.
        """
        before, self._put = self._put, (text, self.app.theme)
        is_same = before == self._put
        if not is_same or not self._is_sure:
            self.update(text, layout=not self._is_one_line)
        self._is_sure = is_same or self._is_one_line
