"""Page: what all screens share: top line, status line, keys, and the notice when the window is too small."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import DescendantFocus, Resize, ScreenResume
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from chargelore.engine.case import Case, Charger
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet
from chargelore.engine.heard.reportbody import sheet_of
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import is_write
from chargelore.tui.lines.page import badges, top_line
from chargelore.tui.lines.paint import DANGER, GOOD, QUIET, line
from chargelore.tui.messages import Came, Changed, Told
from chargelore.tui.places import Place
from chargelore.tui.screens.jump import Jump
from chargelore.tui.speech import counted, t
from chargelore.tui.text import brief
from chargelore.tui.ways import page_at
from chargelore.tui.widgets.footer import Keys
from chargelore.tui.widgets.still import Still

SETTLING = 0.05  # seconds without another size after which a window has the one that it keeps
LEAST_WIDTH, LEAST_HEIGHT = 80, 24
TONES = {"plain": QUIET, "good": GOOD, "bad": DANGER}
ALWAYS = frozenset({"back", "leave", "quit", "help_quit"})


class Page(Screen[None], inherit_bindings=False):
    """One screen. `crumb` is its place in the line at the top.

    What a screen gets from here: the global keys, the footer of `FOOTER`, the size notice, history and restoring by
    `place`, jumping to panes, and that actions marked with `writes` do nothing in read-only mode. docs/screens.md says
    how to make one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="page.back", show=False),
        Binding("q", "leave", "Back or quit", id="page.leave", show=False),
        Binding("tab", "app.focus_next", "Next pane", id="page.next-pane", show=False),
        Binding("shift+tab", "app.focus_previous", "Pane before", id="page.previous-pane", show=False),
        Binding("ctrl+o", "jump", "Jump to a pane", id="page.jump", show=False),
        Binding("plus", "zoom", "Pane as large as the screen", key_display="+", id="page.zoom", show=False),
        Binding("underscore", "unzoom", "Pane back to its size", key_display="_", id="page.unzoom", show=False),
        Binding("equals_sign", "pause", "Pause", key_display="=", id="page.pause", show=False),
        Binding("R", "refresh_all", "Read everything anew", id="page.refresh", show=False),
        Binding("ctrl+c", "screen.copy_text", "Copy what the mouse marked", id="page.copy-marked", show=False),
    ]
    FOOTER: ClassVar[tuple[str, ...]] = ()
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (LEAST_WIDTH, "-narrow"), (110, "-wide"), (150, "-huge")]  # noqa: RUF012  # Textual's form
    VERTICAL_BREAKPOINTS = [(0, "-short"), (LEAST_HEIGHT, "-low"), (34, "-tall")]  # noqa: RUF012  # as above
    AUTO_FOCUS = ""

    def __init__(self, desk: Desk, crumb: str) -> None:
        super().__init__()
        self.desk, self.crumb = desk, crumb
        self._settles: Timer | None = None
        self._had_cursor: Widget | None = None

    @classmethod
    def of_place(cls, desk: Desk, name: str, over: Page | None, /) -> Page | None:
        """The screen of a place, in front of another one; None where what it is about is not there any more.

        Screens that `tui/ways.py` names say how.
        """
        raise NotImplementedError

    @property
    def place(self) -> Place | None:
        """Where this is, to come back to it; None for a screen that is only passed through."""
        return None

    @property
    def in_front(self) -> Case | None:
        """The case that this is about, or that is under the cursor: what is opened from here begins with it."""
        return None

    @property
    def charger_in_front(self) -> Charger | None:
        """The charger of that case, or one that is under the cursor without any."""
        return self.in_front.charger if self.in_front is not None else None

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
        yield Still(id="top", is_one_line=True)
        yield from self.body()
        yield Static(id="status")
        yield Keys(self.FOOTER, self.named)
        yield Static(id="too-small")

    def on_screen_resume(self, _event: ScreenResume) -> None:
        """The screen comes (back) to the front."""
        if not self.stands:
            return
        self.resumed()
        self.draw()
        self.refresh_bindings()
        if self.place is not None and self.app.screen is self:
            self.app.post_message(Came(self.place))

    def resumed(self) -> None:
        """What is read anew whenever the screen comes to the front."""

    def on_changed(self, message: Changed) -> None:  # noqa: ARG002  # Textual passes it
        """Signals came in: draw anew."""
        self._draw_where_it_stands()

    def on_told(self, message: Told) -> None:
        """A sentence for the status line."""
        message.stop()
        self.say(line((brief(message.text, 1000), TONES[message.tone])))

    def on_resize(self, event: Resize) -> None:
        """The top line and the notice know how large the window is."""
        width, height = event.size
        self.query_one("#too-small", Static).update(too_small(width, height))
        self._draws_soon()
        self.call_after_refresh(self._finds_cursor)
        self.refresh_bindings()  # the footer shows as many as there is room for

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Somebody types here now."""
        self._had_cursor = event.widget

    def _finds_cursor(self) -> None:
        """A window that was too small hid what had the cursor; what is typed next must not go to the keys instead."""
        last = self._had_cursor
        if self.focused is None and not self.is_too_small and last is not None and last in self.focus_chain:
            self.set_focus(last, from_app_focus=True)  # or all that stands in a line would be marked, and typed over

    def _draws_soon(self) -> None:
        """At once where the screen comes up. While somebody drags the edge of the window, when that rests.

        What is put between two sizes that wait keeps Textual from passing over the first, which it then sends itself
        once more, and so on for ever.
        """
        if self._settles is None:
            self.call_after_refresh(self._draw_where_it_stands)
        else:
            self._settles.stop()
        self._settles = self.set_timer(SETTLING, self._draw_where_it_stands)

    def named(self, binding: Binding) -> str:
        """What the footer calls a key now: after a write the way back, after an undo the way forth, else neither."""
        doings = self.desk.doings
        is_idle = {"app.undo": not doings.count or doings.can_redo, "app.redo": not doings.can_redo}
        return "" if is_idle.get(binding.id or "") else t(binding.description)

    @property
    def stands(self) -> bool:
        """Whether there is anything to draw on: not so where the screen was left meanwhile, or the app ends."""
        return self.app.is_running and self.is_attached and self.display and bool(self.query("#top"))

    def _draw_where_it_stands(self) -> None:
        if self.stands:
            self.draw()

    def draw(self) -> None:
        """Show the state of things as it is now."""
        self.draw_top()

    def draw_top(self) -> None:
        """Show where I am and what holds; this goes on while the rest is paused."""
        self.query_one("#top", Still).put(self._top())

    def say(self, text: Text) -> None:
        """Put a sentence on the status line."""
        self.query_one("#status", Static).update(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's
        """In a window that is too small only leaving works: nobody should act on what he cannot see.

        Where the screens are only to be read, what writes is not there.
        """
        if self.desk.is_read_only and is_write(self, action):
            return False
        return action in ALWAYS if self.is_too_small else True

    def opens(self, kind: str, name: str = "") -> Page | None:
        """Go on to the screen of a place; None where what it is about is not there any more."""
        page = page_at(Place(kind, name), self.desk, self)
        if page is not None:
            self.app.push_screen(page)
        return page

    def action_back(self) -> None:
        """One screen back; at the first screen, nothing."""
        if self.maximized is not None:
            self.minimize()
        elif len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    def heard(self) -> Sheet:
        """What models send and never send, as far as the store can be read; where not, that is told."""
        try:
            return sheet_of(self.desk.store.heard())
        except ChargeloreError as error:
            self.post_message(Told(t("What models never send cannot be read: {why}", why=error), "bad"))
            return NOTHING_HEARD

    def leaves(self) -> bool:
        """One screen back, and whether that was this one: the second Enter of a burst finds it gone."""
        is_here = self.is_current
        if is_here:
            self.app.pop_screen()
        return is_here

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
        self.post_message(Told(t("Paused: = goes on.") if self.desk.is_paused else t("Live again.")))

    def action_refresh_all(self) -> None:
        """Read anew what others may have written into the store."""
        try:
            came = self.desk.rereads()
        except ChargeloreError as error:
            self.post_message(Told(str(error), "bad"))
            return
        self.draw()
        told = t("Read anew; reported elsewhere: {cases}.", cases=counted(came, "case")) if came else t("Read anew.")
        self.post_message(Told(told, "good"))

    def action_jump(self) -> None:
        """Show a letter on each pane; typing it goes there."""
        self.app.push_screen(Jump(self.focus_chain))

    def action_zoom(self) -> None:
        """The focused pane takes the whole screen."""
        self.action_maximize()

    def action_unzoom(self) -> None:
        """The pane goes back to its size."""
        self.action_minimize()

    def _top(self) -> Text:
        crumbs = [page.crumb for page in self.app.screen_stack if isinstance(page, Page)]
        return top_line(
            crumbs or [self.crumb], badges(self.desk), self.size.width - 2
        )  # none while screens are exchanged


def too_small(width: int, height: int) -> str:
    """What a window of that size says instead of a screen."""
    needs = t("Chargelore needs {w}×{h} characters; this window has {width}×{height}.", w=LEAST_WIDTH, h=LEAST_HEIGHT,
              width=width, height=height)  # fmt: skip
    return f"{needs}\n{t('Make it larger, or press ctrl+q to leave.')}"
