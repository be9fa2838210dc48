"""Why: a suspect in words or as a graph, and the way to every rule in the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from chargelore.tui.desk import Desk
from chargelore.tui.screens.reading import Reading


class WhyPage(Reading):
    """`tell` says it in words, `drawing` as a graph."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "why", "Every rule here", id="suspect.why"),
        Binding("v", "turn", "Words / graph", id="suspect.turn"),
    ]
    FOOTER = ("reading.back", "suspect.why", "suspect.turn", "app.help")

    def __init__(
        self, desk: Desk, crumb: str, tell: Callable[[int], Text], drawing: Callable[[int], Text], case_id: str
    ) -> None:
        super().__init__(desk, crumb, tell)
        self.other, self.case_id = drawing, case_id

    def action_turn(self) -> None:
        """In words, or as a graph."""
        self.tell, self.other = self.other, self.tell
        self.draw()

    def action_why(self) -> None:
        """Why each rule matched in this case, or what it lacks."""
        self.opens("explain", self.case_id)
