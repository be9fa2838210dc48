"""Help: every key of the screen one comes from; type to filter, Enter runs the line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from chargelore.tui.desk import Desk
from chargelore.tui.filter import terms
from chargelore.tui.lines.help import Key, key_line, key_words
from chargelore.tui.messages import Chosen
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.widgets.listing import LONGEST, filtered
from chargelore.tui.widgets.table import Look, Table

COMMON = ("listing", "page", "app", "table", "sheet", "choice", "yesno")  # what is special to a screen comes first
LOOK: Look[Key] = Look(key=lambda key: key.id, draw=key_line, words=key_words)


class HelpPage(Page):
    """The keys that worked on the screen before, with what they do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next key", show=False, id="help.next", priority=True),
        Binding("up", "step(-1)", "Key before", show=False, id="help.previous", priority=True),
        Binding("enter", "run", "Do it", id="help.run", priority=True),
        Binding("escape", "back", "Back", id="help.back"),
    ]
    AUTO_FOCUS = "#help-filter"

    def __init__(self, desk: Desk, screen: Screen[Any], name: str) -> None:
        super().__init__(desk, t("Keys of {name}", name=name))
        self.nodes, self.keys = keys_of(screen)
        self.table: Table[Key] = Table(LOOK, id="help-rows")

    @classmethod
    def of_place(cls, desk: Desk, _name: str, over: Page | None, /) -> Page | None:
        """The keys of the screen in front."""
        return cls(desk, over, over.crumb) if over is not None else None

    def body(self) -> Iterable[Widget]:
        """What to type, and the keys."""
        yield Input(placeholder=t("type what you want to do"), id="help-filter", compact=True, max_length=LONGEST)
        yield self.table

    def on_mount(self) -> None:
        """All keys at first."""
        self.table.show(self.keys)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only what fits what is typed."""
        self.table.show(filtered(self.keys, LOOK, terms(event.value)))

    def on_chosen(self, _message: Chosen) -> None:
        """A double click runs too."""
        self.call_later(self.action_run)

    def action_step(self, by: int) -> None:
        """Move through the keys while the input keeps what is typed."""
        self.table.action_step(by)

    async def action_run(self) -> None:
        """Go back and do what the line says."""
        key = self.table.current
        if key is not None and self.is_current:
            await self.app.pop_screen()
            await self.app.run_action(key.action, self.nodes[key.id])


def keys_of(screen: Screen[Any]) -> tuple[dict[str, DOMNode], tuple[Key, ...]]:
    """The keys that work on a screen right now, one line an action; those of an input line belong to typing."""
    nodes: dict[str, DOMNode] = {}
    found: dict[str, Key] = {}
    for node, binding, *_ in screen.active_bindings.values():
        if binding.id is None:
            continue
        shown = screen.app.get_key_display(binding)
        keys = f"{found[binding.id].keys} {shown}" if binding.id in found else shown
        found[binding.id] = Key(binding.id, keys, t(binding.description), binding.action)
        nodes[binding.id] = node
    return nodes, tuple(sorted(found.values(), key=lambda key: COMMON.index(key.area) if key.area in COMMON else -1))
