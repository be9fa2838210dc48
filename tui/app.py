"""App: the terminal UI: takes signals in, paces the screens, and knows the way between them."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from functools import partial
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from chargelore.engine.case import Charger
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet
from chargelore.engine.heard.reportbody import sheet_of
from chargelore.engine.signal import Signal
from chargelore.engine.watch import Watch
from chargelore.kb.errors import ChargeloreError, UseError
from chargelore.kb.home import home
from chargelore.kb.load import shipped
from chargelore.kb.model import Knowledge
from chargelore.kb.store import Store
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
from chargelore.tui.lines.bench import OpenCase
from chargelore.tui.live import laid_over, live_watch
from chargelore.tui.messages import Changed, Told
from chargelore.tui.palette import GoTo
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.help import HelpPage, keys_of
from chargelore.tui.screens.lookup import LookupPage
from chargelore.tui.screens.page import ALWAYS, Page

BEAT = 0.25  # seconds between two drawings: a person reads no faster, and a busy site sends hundreds a second
SOURCE = "The source of signals"
WEIGHING = 0.05  # seconds of a beat spent on diagnoses, so that keys are never kept waiting

Start = Callable[[Callable[[Signal], None]], Awaitable[None]]


class Chargelore(App[None], inherit_bindings=False):
    """The terminal UI over one desk. `start` is a source of signals that runs as long as the app."""

    CSS_PATH = "app.tcss"
    TITLE = "Chargelore"
    COMMANDS: ClassVar = App.COMMANDS | {GoTo}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "look_up", "Look up", id="app.look-up"),
        Binding("ctrl+p", "command_palette", "Commands", id="app.commands", show=False, priority=True),
        Binding("colon", "command_palette", "Commands", key_display=":", id="app.commands", show=False),
        Binding("question_mark", "help", "Keys", key_display="?", id="app.help"),
        Binding("f1", "help", "Keys", id="app.help"),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", show=False, priority=True),
        Binding("ctrl+c", "help_quit", "How to quit", id="app.how-to-quit", show=False),
    ]

    def __init__(self, desk: Desk, start: Start | None = None, *, told: str = "") -> None:
        super().__init__()
        self.desk, self.start, self.told = desk, start, told
        self.standing = desk.watch.standing

    def get_default_screen(self) -> Screen[None]:
        """The bench is the first screen."""
        return Bench(self.desk)

    def on_mount(self) -> None:
        """Start the source and the beat."""
        self.set_interval(BEAT, self.beat)
        self.set_interval(1.0, self.desk.tick)
        if self.start is not None:
            self.desk.source = "LIVE"
            self.run_worker(self._listen(self.start), name=SOURCE, exit_on_error=False)
        if self.told:
            self.call_after_refresh(self.tell, self.told)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's
        """In a window that is too small only leaving works."""
        too_small = len(self.screen_stack) > 0 and isinstance(self.screen, Page) and self.screen.is_too_small
        return action in ALWAYS if too_small else True

    def beat(self) -> None:
        """Draw what came in since the last beat; a paused screen stays still."""
        page = self.screen
        if not isinstance(page, Page):
            return
        if self.desk.is_paused:
            page.draw_top()
            return
        was_left = self.desk.work_out(WEIGHING)
        changed, signals = self.desk.changes()
        if changed or signals or was_left:
            page.post_message(Changed(changed, signals))
        self._tell_of_inference(page)
        while self.desk.news:
            page.post_message(Told(f"{self.desk.news.pop(0)}."))

    def _tell_of_inference(self, page: Page) -> None:
        """A child of inference that broke changes no case; who watches for hours should know of it all the same."""
        before, self.standing = self.standing, self.desk.watch.standing
        if self.standing != before and self.standing.told():
            page.post_message(Told(self.standing.told().capitalize() + "."))

    def tell(self, text: str) -> None:
        """A sentence on the status line of the screen in front."""
        self.screen.post_message(Told(text, "bad"))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The source came to its end, or broke; the screens stay open either way."""
        name, is_error = event.worker.name, event.state == WorkerState.ERROR
        if name == SOURCE and (is_error or event.state == WorkerState.SUCCESS):
            self.desk.source = "SOURCE BROKE" if is_error else "ENDED"
        if is_error:
            self.tell(f"{name} broke: {event.worker.error}. What came in stays on the screen.")

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Everything that keys do on the screen in front, and the themes."""
        nodes, keys = keys_of(screen)
        for key in keys:
            yield SystemCommand(key.does, f"key {key.keys}", _runner(self, key.action, nodes[key.id]))
        yield SystemCommand("Change theme", "other colours", self.action_change_theme)

    def action_look_up(self) -> None:
        """Look up a code or words, within the maker of the case in front."""
        self.push_screen(LookupPage(self.desk, scope_of(self.screen)))

    def action_help(self) -> None:
        """The keys of the screen in front."""
        if isinstance(self.screen, Page) and not isinstance(self.screen, HelpPage):
            self.push_screen(HelpPage(self.desk, self.screen, self.screen.crumb))

    async def _listen(self, start: Start) -> None:
        await start(self.desk.feed)


def run(start: Start | None = None, *, watch: Watch | None = None, store: Store | None = None) -> None:
    """Open the terminal UI until the person leaves it; what is not given is opened here and closed at the end.

    UseError without a terminal; a store that cannot be read is told on the screen. `watch` stands on `shipped()`.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UseError("the screens need a terminal", mend="in a pipe use `chargelore triage FILE`")
    with ExitStack() as until:
        events = store or until.enter_context(Store.open())
        known = shipped() if watch else known_in(events)
        live = watch or until.enter_context(live_watch(known=known, hearing=Hearing(heard_in(events))))
        desk, told = desk_over(known, live, events)
        Chargelore(desk, start, told=told).run()


def known_in(store: Store) -> Knowledge:
    """The shipped knowledge with what people added; the desk tells where that cannot be read."""
    try:
        return laid_over(store)
    except ChargeloreError:
        return shipped()


def heard_in(store: Store) -> Sheet:
    """What models were heard to send; the desk tells where that cannot be read."""
    try:
        return sheet_of(store.heard())
    except ChargeloreError:
        return NOTHING_HEARD


def desk_over(knowledge: Knowledge, watch: Watch, store: Store) -> tuple[Desk, str]:
    """The desk over these, and a sentence where the store cannot be read."""
    desk = Desk(knowledge, watch, store, Drafts(home() / "drafts"))
    try:
        desk.relearn()
    except ChargeloreError as error:
        return desk, f"What was recorded before cannot be read: {error}"
    return desk, ""


def scope_of(screen: Screen[Any]) -> Charger | None:
    """The charger of the case in front, whose maker narrows a look-up."""
    if isinstance(screen, CasePage) and screen.now is not None:
        return screen.now[0].charger
    row = screen.listing.table.current if isinstance(screen, Bench) else None
    return row.case.charger if isinstance(row, OpenCase) else None


def _runner(app: Chargelore, action: str, node: DOMNode) -> Callable[[], Awaitable[bool]]:
    """The action of a key as a command of the palette."""
    return partial(app.run_action, action, node)
