"""Driver: screens whose terminal is a browser; they leave when whoever served them is gone."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class BrowserDriver(WebDriver):
    """Textual's own, which would go on alone when its input ends."""

    def run_input_thread(self) -> None:
        """Read to the end of the input; then there is nobody left to show anything to."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(ExitApp())
