"""Page: what all screens share: top line, status line, keys, and the notice when the window is too small."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize, ScreenResume
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static

from chargelore.tui.desk import Desk
from chargelore.tui.lines.page import badges, top_line
from chargelore.tui.lines.paint import DANGER, GOOD, QUIET
from chargelore.tui.messages import Changed, Told
from chargelore.tui.text import brief

LEAST_WIDTH, LEAST_HEIGHT = 80, 24
TONES = {"plain": QUIET, "good": GOOD, "bad": DANGER}
ALWAYS = frozenset({"back", "leave", "quit", "help_quit"})


class Page(Screen[None], inherit_bindings=False):
    """One screen. `crumb` is its place in the line at the top; `paused` and `waiting` come from the app."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="page.back", show=False),
        Binding("q", "leave", "Back or quit", id="page.leave", show=False),
        Binding("tab", "app.focus_next", "Next pane", id="page.next-pane", show=False),
        Binding("shift+tab", "app.focus_previous", "Pane before", id="page.previous-pane", show=False),
        Binding("plus", "zoom", "Pane as large as the screen", key_display="+", id="page.zoom", show=False),
        Binding("underscore", "unzoom", "Pane back to its size", key_display="_", id="page.unzoom", show=False),
        Binding("ctrl+c", "screen.copy_text", "Copy what the mouse marked", id="page.copy-marked", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (LEAST_WIDTH, "-narrow"), (110, "-wide")]  # noqa: RUF012  # Textual's form
    VERTICAL_BREAKPOINTS = [(0, "-short"), (LEAST_HEIGHT, "-low"), (34, "-tall")]  # noqa: RUF012  # as above
    AUTO_FOCUS = ""

    def __init__(self, desk: Desk, crumb: str) -> None:
        super().__init__()
        self.desk, self.crumb = desk, crumb

    @property
    def is_too_small(self) -> bool:
        """Whether the window cannot hold the screen; not so while its size is not known yet."""
        width, height = self.size
        return bool(width) and (width < LEAST_WIDTH or height < LEAST_HEIGHT)

    def body(self) -> Iterable[Widget]:
        """The widgets between the top line and the status line."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Top line, body, status line, keys; and the notice that replaces them in a small window."""
        yield Static(id="top")
        yield from self.body()
        yield Static(id="status")
        yield Footer(compact=True, show_command_palette=False)
        yield Static(id="too-small")

    def on_screen_resume(self, _event: ScreenResume) -> None:
        """The screen comes (back) to the front."""
        self.draw()

    def on_changed(self, message: Changed) -> None:  # noqa: ARG002  # Textual passes it
        """Signals came in: draw anew."""
        self.draw()

    def on_told(self, message: Told) -> None:
        """A sentence for the status line."""
        message.stop()
        self.say(Text(brief(message.text, 1000), style=TONES[message.tone]))

    def on_resize(self, event: Resize) -> None:
        """The top line and the notice know how large the window is."""
        width, height = event.size
        self.query_one("#too-small", Static).update(
            f"Chargelore needs {LEAST_WIDTH}×{LEAST_HEIGHT} characters; this window has {width}×{height}.\n"
            "Make it larger, or press ctrl+q to leave."
        )
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Show the state of things as it is now."""
        self.draw_top()

    def draw_top(self) -> None:
        """Show where I am and what holds; this goes on while the rest is paused."""
        self.query_one("#top", Static).update(self._top())

    def say(self, text: Text) -> None:
        """Put a sentence on the status line."""
        self.query_one("#status", Static).update(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's
        """In a window that is too small only leaving works: nobody should act on what he cannot see."""
        return action in ALWAYS if self.is_too_small else True

    def action_back(self) -> None:
        """One screen back; at the first screen, nothing."""
        if self.maximized is not None:
            self.minimize()
        elif len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    async def action_leave(self) -> None:
        """One screen back; at the first screen, out."""
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        else:
            await self.app.action_quit()

    def action_pause(self) -> None:
        """Hold the screens still, or let them go on."""
        self.desk.pause(is_on=not self.desk.is_paused)
        self.draw()
        self.post_message(Told("Paused: = goes on." if self.desk.is_paused else "Live again."))

    def action_zoom(self) -> None:
        """The focused pane takes the whole screen."""
        self.action_maximize()

    def action_unzoom(self) -> None:
        """The pane goes back to its size."""
        self.action_minimize()

    def _top(self) -> Text:
        crumbs = [page.crumb for page in self.app.screen_stack if isinstance(page, Page)]
        return top_line(crumbs, badges(self.desk), self.size.width - 2)
