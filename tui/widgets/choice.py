"""Choice: one of several options, picked by its number; and YesNo, a box to tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Checkbox

from chargelore.tui.finding import Option
from chargelore.tui.lines.paint import GOOD, NAME, NONE, QUIET, STRONG, line
from chargelore.tui.messages import Picked
from chargelore.tui.text import brief
from chargelore.tui.widgets.table import Look, Table


class Choice(Table[Option]):
    """A short list with one option picked, or none yet. Its number or Enter picks; that says `Picked`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{n}", f"pick({n})", f"Pick option {n}", show=False, id=f"choice.pick-{n}") for n in range(1, 10)),
        Binding("space", "choose", "Pick", show=False, id="choice.pick"),
    ]

    def __init__(self, title: str, options: Sequence[Option], picked: str | None, *, id: str) -> None:  # noqa: A002  # Textual's
        look = Look(key=lambda option: option.value, draw=self._draw, words=lambda option: {"label": option.label})
        super().__init__(look, id=id)
        self.border_title = title
        self.rows = tuple(options)
        known = {each.value for each in options}
        self.value = picked if picked in known else options[0].value
        self.is_picked = picked is not None

    def on_mount(self) -> None:
        """The picked option is under the cursor."""
        self.show(self.rows)
        self.go_to(self._numbers()[self.value])

    def action_pick(self, number: int) -> None:
        """Pick an option by its number."""
        if number <= len(self.rows):
            self.go_to(number - 1)
            self.action_choose()

    def action_choose(self) -> None:
        """Pick the option under the cursor."""
        self.value, self.is_picked = self.rows[self.cursor].value, True
        self.refresh()
        self.post_message(Picked(self.id or "", self.value))

    def _draw(self, option: Option, width: int) -> tuple[Text]:
        number, is_picked = self._numbers()[option.value] + 1, self.is_picked and option.value == self.value
        mark = ("● ", GOOD) if is_picked else ("○ ", QUIET)
        return (line(mark, (f"{number} ", NAME), (brief(option.label, width - 4), STRONG if is_picked else NONE)),)

    def _numbers(self) -> dict[str, int]:
        return {each.value: place for place, each in enumerate(self.rows)}


class YesNo(Checkbox, inherit_bindings=False):
    """A box to tick: `y` and `n` say it at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "say(True)", "Yes", show=False, id="yesno.yes"),
        Binding("n", "say(False)", "No", show=False, id="yesno.no"),
        Binding("space,enter", "toggle_button", "Yes or no", show=False, id="yesno.toggle"),
    ]

    def __init__(self, label: str, value: bool, *, id: str) -> None:  # noqa: A002  # Textual's words
        super().__init__(Content(label), value, id=id, compact=True)

    def on_mount(self) -> None:
        """The tick shows from the start."""
        self.watch_value()

    def watch_value(self) -> None:
        """A tick that is there or not, not one that only changes its colour."""
        self.BUTTON_INNER = "X" if self.value else " "
        super().watch_value()

    def action_say(self, value: bool) -> None:  # one fact
        """Set it."""
        self.value = value
