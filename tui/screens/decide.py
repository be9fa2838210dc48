"""Decide: what a decision records, in words, before it is kept; the key that came here decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from chargelore.tui.desk import Desk
from chargelore.tui.finding import Option
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.paint import block, wrapping
from chargelore.tui.messages import Picked, Told
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import later, t
from chargelore.tui.text import brief
from chargelore.tui.widgets.choice import Choice

LONGEST_REASON, LONGEST = 200, 600
SHARES = {"1": later("entirely"), "0.5": later("rather"), "-0.5": later("rather not"), "-1": later("not at all")}


class AcceptPage(Page):
    """`y` accepts what these sentences say; `agreed` is called once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "accept", "Yes, record it", id="decide.yes"),
        Binding("escape", "back", "Back, decide nothing", id="decide.back"),
    ]

    def __init__(self, desk: Desk, told: Sequence[str], agreed: Callable[[], None]) -> None:
        super().__init__(desk, t("Accept it?"))
        self.told, self.agreed = told, agreed

    def body(self) -> Iterable[Widget]:
        """What is accepted."""
        yield Static(block([wrapping(Text(brief(each, LONGEST))) for each in self.told]), id="decide")

    @writes
    def action_accept(self) -> None:
        """Record it."""
        if self.leaves():
            self.agreed()


class ReasonPage(Page):
    """A reason is asked for, and where `shares` says so how much one agrees; Enter behind the reason records it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Record it", id="reason.save", priority=True),
        Binding("escape", "back", "Back, record nothing", id="reason.back"),
    ]
    AUTO_FOCUS = "#decide-reason"

    def __init__(
        self, desk: Desk, told: Sequence[str], given: Callable[[str, float], None], share: str | None = None
    ) -> None:
        super().__init__(desk, t("Why?"))
        self.told, self.given, self.share = told, given, share

    def body(self) -> Iterable[Widget]:
        """What it is about, how much one agrees, and why."""
        yield Static(block([wrapping(Text(brief(each, LONGEST))) for each in self.told]), id="decide")
        reason = Input(id="decide-reason", max_length=LONGEST_REASON, placeholder=t("why, in one line"), compact=True)
        yield reason
        if self.share is not None:
            shares = [Option(share, f"{share}: {t(said)}") for share, said in SHARES.items()]
            yield Choice(t("How much do you agree?"), shares, self.share, id="agreement")

    def on_picked(self, _message: Picked) -> None:
        """A share was picked: on to the reason."""
        self.query_one("#decide-reason").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter records it."""
        event.stop()
        self.action_save()

    @writes
    def action_save(self) -> None:
        """Record it, with its reason."""
        reason = self.query_one("#decide-reason", Input).value.strip()
        if not reason:
            self.post_message(Told(t("Say why, in one line."), "bad"))
            return
        share = float(self.query_one("#agreement", Choice).value) if self.share is not None else 0.0
        if self.leaves():
            self.given(reason, share)
