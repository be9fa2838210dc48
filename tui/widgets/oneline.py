"""One line to type into, that lays out nothing while somebody types."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input


class OneLine(Input):
    """What is typed scrolls within the line and never changes the size of it: a letter need not lay out the screen."""

    virtual_size = Reactive(Size(0, 0))
