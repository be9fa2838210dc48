"""Consent: what a message does to a charger, in words, before it is sent; nothing is sent by the key that came here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from chargelore.engine.sources.bench.effects import Consent, Effect
from chargelore.kb.errand import Errand
from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.onsite import consent_lines
from chargelore.tui.lines.paint import block
from chargelore.tui.messages import Told
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.text import plain


class ConsentPage(Page):
    """`y` agrees; where a session may end, only the charger's id does. `agreed` is called once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", "Send it", id="consent.agree"),
        Binding("escape", "back", "Send nothing", id="consent.back"),
    ]

    def __init__(
        self, desk: Desk, charger: str, errand: Errand, means: Effect, agreed: Callable[[Consent], None]
    ) -> None:
        super().__init__(desk, t("Send it?"))
        self.charger, self.errand, self.means, self.agreed = charger, errand, means, agreed

    @property
    def needs_id(self) -> bool:
        """Whether a yes is not enough."""
        return not self.means.forbids and self.means.needs is Consent.ENDING_A_SESSION

    def body(self) -> Iterable[Widget]:
        """What it does, and a line to type the id into where that is needed."""
        yield Static(id="consent")
        if self.needs_id:
            yield Input(placeholder=t("the charger's id"), id="consent-id", max_length=200, compact=True)

    def on_mount(self) -> None:
        """Typing goes to the line, where there is one."""
        if self.needs_id:
            self.query_one("#consent-id").focus()

    def draw(self) -> None:
        """The effect in words."""
        super().draw()
        lines = consent_lines(self.charger, self.errand, self.means, max(20, self.size.width - 4))
        self.query_one("#consent", Static).update(block(lines))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`y` is there only where a yes is enough."""
        if action == "agree" and (self.means.forbids or self.needs_id):
            return False
        return super().check_action(action, parameters)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The id was typed, or something else was."""
        event.stop()
        if event.value.strip() != plain(self.charger).strip():
            self.post_message(Told(t("That is not the charger's id. Nothing was sent."), "bad"))
            return
        self._goes_on(Consent.ENDING_A_SESSION)

    @writes
    def action_agree(self) -> None:
        """Send it."""
        self._goes_on(Consent.THE_EFFECT)

    def _goes_on(self, consent: Consent) -> None:
        if self.leaves():
            self.agreed(consent)
