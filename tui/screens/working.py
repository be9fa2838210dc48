"""Working: screens that work something out beside the keys. Esc stops it, and only then leads back."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.widgets import Input
from textual.worker import Worker

from chargelore.tui.messages import Changed
from chargelore.tui.screens.page import Page
from chargelore.tui.widgets.listing import Listing


class WorkingPage(Page):
    """`working` is what runs, None while nothing does; a screen that is left waits for nothing more."""

    working: Worker[None] | None = None

    def action_back(self) -> None:
        """Stop what is worked out; else back."""
        if self.working is None:
            super().action_back()
            return
        self.stop()
        self.stopped()

    def stop(self) -> None:
        """Wait no longer for what is worked out."""
        if self.working is not None:
            self.working.cancel()
            self.working = None

    def stopped(self) -> None:
        """A person stopped it: say what that means."""
        self.draw()

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self.stop()


class TypedPage(WorkingPage):
    """Works out what is typed above a list, at once and whenever something else is typed there.

    `KEPT` is the name by which what was typed last outlives the screen, beside the filters; `USUAL` stands for nothing.
    """

    KEPT: ClassVar[str]
    USUAL: ClassVar[str] = ""
    listing: Listing[Any]

    @property
    def kept(self) -> dict[str, str]:
        """What was typed last on each such screen."""
        kept: dict[str, str] = getattr(self.app, "filters", {})
        return kept

    @property
    def typed(self) -> str:
        """What stands there now."""
        return self.query_one(f"#{self.listing.id}-typed", Input).value.strip() or self.USUAL

    def begin(self) -> None:
        """Work it out anew."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Begin at once."""
        self.begin()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter behind what is typed begins anew with it."""
        event.stop()
        self.kept[self.KEPT] = self.typed
        self.listing.table.focus()
        self.begin()

    def on_changed(self, _message: Changed) -> None:
        """Signals change nothing here."""
        self.draw_top()
