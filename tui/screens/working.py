"""Working: a screen that works something out beside the keys. Esc stops it, and only then leads back."""

from __future__ import annotations

from textual.worker import Worker

from chargelore.tui.screens.page import Page


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
