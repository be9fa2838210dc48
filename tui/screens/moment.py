"""Moment: up to which time a tape is to play at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from chargelore.kb.errors import UseError
from chargelore.tui.desk import Desk
from chargelore.tui.messages import Told
from chargelore.tui.replaying.tape import Tape
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.text import day


class MomentPage(Page):
    """One line to type a time into; Enter plays up to it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back", id="moment.back")]
    FOOTER = ("moment.back", "app.help")
    AUTO_FOCUS = "#moment"

    def __init__(self, desk: Desk, tape: Tape) -> None:
        super().__init__(desk, t("Play up to a time"))
        self.tape = tape

    def body(self) -> Iterable[Widget]:
        """What time it is on the tape, and the line."""
        yield Static(id="moment-head")
        yield Input(placeholder=t("12:30 or 2026-03-04T12:30, UTC"), id="moment", max_length=40, compact=True)

    def draw(self) -> None:
        """What time it is on the tape."""
        super().draw()
        at = t("On the tape it is {at} UTC.", at=day(self.tape.at)) if self.tape.at else t("The tape has not begun.")
        said = f"{at} {t('Enter plays everything up to the time you type.')}"
        self.query_one("#moment-head", Static).update(said)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A time was typed."""
        event.stop()
        try:
            self.tape.go_to(self.tape.moment(event.value))
        except UseError as error:
            self.post_message(Told(str(error), "bad"))
            return
        self.leaves()
