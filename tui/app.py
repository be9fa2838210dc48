"""App: the terminal UI: takes signals in, paces the screens, and opens one over another."""

from __future__ import annotations

import gc
from asyncio import Event as AsyncEvent
from asyncio import ensure_future, sleep, to_thread
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.events import Event, Key, Paste, Resize
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from chargelore.engine.signal import Signal
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.carrying import Carrying
from chargelore.tui.desk import Desk
from chargelore.tui.doings import Doing
from chargelore.tui.inflow import Inflow
from chargelore.tui.keys.keymap import Keymap
from chargelore.tui.keys.writes import is_write, writes
from chargelore.tui.late import Recorded
from chargelore.tui.messages import Changed, Located, Told
from chargelore.tui.pace import PULSE, Chores, Pace
from chargelore.tui.palette import GoTo
from chargelore.tui.places import HOME, Place
from chargelore.tui.ringing import notification
from chargelore.tui.screens.bench import Bench
from chargelore.tui.screens.help import keys_of
from chargelore.tui.screens.page import ALWAYS, LEAST_HEIGHT, Page
from chargelore.tui.speech import LANGUAGES, later, t
from chargelore.tui.sweeping import Sweeper
from chargelore.tui.text import brief
from chargelore.tui.ways import page_at, screen_of, unloaded

BEAT = 0.25  # seconds between two drawings: a person reads no faster, and a busy site sends hundreds a second
TICK = 1.0  # seconds between two looks at what has become absent
SOURCE = later("The source of signals")
WEIGHING = 0.005  # seconds of a pulse spent on diagnoses, so that keys are never kept waiting
CALM = 0.5  # seconds without a key after which other screens are loaded: what a key asks for comes first
READING = 8.0  # seconds that belong to what is told at the start

Start = Callable[[Callable[[Signal], None]], Awaitable[None]]


class Chargelore(Carrying):
    """The terminal UI over one desk. `start` is a source of signals that runs as long as the app.

    `folder` is where the session and copies are kept; without one, and in read-only mode, they are not. `reads` gives
    what was recorded before, and is called when the first screen stands; what needs it waits for it.
    """

    CSS_PATH = "app.tcss"
    TITLE = "Chargelore"
    COMMANDS: ClassVar = App.COMMANDS | {GoTo}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "opens('look-up')", "Look up", id="app.look-up"),
        Binding("ctrl+n", "new_case", "New case", id="app.new-case", show=False),
        Binding("z", "undo", "Undo", id="app.undo", show=False),
        Binding("Z", "redo", "Do again", id="app.redo", show=False),
        Binding("left_square_bracket", "visit(-1)", "Place before", key_display="[", id="app.earlier", show=False),
        Binding("right_square_bracket", "visit(1)", "Place after", key_display="]", id="app.later", show=False),
        Binding("b", "opens('ball')", "Who holds the ball", id="app.ball", show=False),
        Binding("f4", "opens('taxonomy')", "Faults and who sees them", id="app.taxonomy", show=False),
        Binding("f7", "opens('review')", "What waits for a decision", id="app.review", show=False),
        Binding("f9", "opens('rules')", "Rules", id="app.rules", show=False),
        Binding("X", "opens('export')", "Export the knowledge", id="app.export-knowledge", show=False),
        Binding("A", "opens('asks')", "Signals to ask makers for", id="app.asks", show=False),
        Binding("ctrl+p", "command_palette", "Commands", id="app.commands", show=False, priority=True),
        Binding("colon", "command_palette", "Commands", key_display=":", id="app.commands", show=False),
        Binding("question_mark", "opens('help')", "Keys", key_display="?", id="app.help"),
        Binding("f1", "opens('help')", "Keys", id="app.help"),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", show=False, priority=True),
        Binding("ctrl+c", "help_quit", "How to quit", id="app.how-to-quit", show=False),
        Binding("ctrl+z", "suspend_process", "To the shell, until fg", id="app.to-shell", show=False),
    ]

    def __init__(  # noqa: PLR0913  # named, and may be left out
        self,
        desk: Desk,
        start: Start | None = None,
        *,
        told: str = "",
        folder: Path | None = None,
        keys: Keymap | None = None,
        source: str = "LIVE",
        reads: Callable[[], Recorded] | None = None,
    ) -> None:
        super().__init__(desk, folder)
        self.reads, self.is_read = reads, AsyncEvent()
        self.start, self.source = start, source
        self.pace = Pace()
        self.inflow, self.chores, self.sweeper = Inflow(desk.feed, self.pace), Chores(self.pace), Sweeper(self.pace)
        self.has_weighed = False
        self.told = [*filter(None, [told]), *(keys.complaints if keys else ())]
        self.reads_until = 0.0
        self.standing = desk.watch.standing
        self.set_keymap(keys.keys if keys else {})

    def get_default_screen(self) -> Screen[None]:
        """The bench is the first screen."""
        return Bench(self.desk)

    def on_mount(self) -> None:
        """Start the source and the beat, and go to the place where the screens were left."""
        self._begins_chores()
        self.theme_changed_signal.subscribe(self, self._colours)
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))  # the shell wrote over the screen
        if self.start is not None:
            self.desk.source = self.source
            self.run_worker(self._listen(self.start), name=SOURCE, exit_on_error=False)
        self.call_after_refresh(self._begins)

    def _begins(self) -> None:
        """The first screen stands."""
        if self.reads is None:
            self._goes_on()
        else:
            self.run_worker(self._reads_on(self.reads), name=later("Reading what was recorded"), exit_on_error=False)

    async def _reads_on(self, reads: Callable[[], Recorded]) -> None:
        try:
            found = await to_thread(reads)
            self.desk.remembers(found)
            self.told = [*filter(None, [found.told]), *self.told]
            gc.freeze()  # as in `run`
        finally:
            self._goes_on()

    def _goes_on(self) -> None:
        """All is read that there is to read: time passes, one is where one was, and keys that waited are done."""
        self.chores.every(TICK, self.desk.tick)
        self._settle()
        self.is_read.set()
        if unloaded():
            self.run_worker(self._loads_screens(), name=later("Loading screens"), exit_on_error=False)

    async def _loads_screens(self) -> None:
        """Nobody has to wait for a screen that he opens a moment after the first."""
        for kind in unloaded():
            while self.pace.rested() < CALM:
                await sleep(CALM)
            await to_thread(screen_of, kind)

    def _begins_chores(self) -> None:
        self.pace.begins()
        self.sweeper.begins()
        self.chores.every(BEAT, self.beat)
        self.chores.every(TICK, self.sweeper.looks)
        self.chores.every(PULSE, self.weigh)
        self.set_interval(PULSE, self.chores.pulse)

    def _settle(self) -> None:
        """Where one was, and what there is to say."""
        place, self.is_settled = self.session.place, True
        if place != HOME and not self.go(place):
            self.told.append(t("You were at {place} last time; it is not open now.", place=place.name or place.kind))
        if self.told:
            self.reads_until = monotonic() + READING
            more = t(" (and {n} more)", n=len(self.told) - 1) if len(self.told) > 1 else ""
            self.tell(self.told[0] + more)

    def on_app_focus(self) -> None:
        """A tab of a browser begins as one that nobody looks at, and so without a cursor."""
        self.call_after_refresh(self._finds_cursor)

    def _finds_cursor(self) -> None:
        page = self.screen
        if isinstance(page, Page) and page.focused is None and page.AUTO_FOCUS:
            page.set_focus(page.query(page.AUTO_FOCUS).first())

    def on_unmount(self) -> None:
        """Keep how the screens were left, and nothing of what the reels hold."""
        self.keep()
        self.sweeper.ends()
        self.pace.ends()
        self.desk.reels.close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002  # Textual's
        """In a window that is too small only leaving works; where the screens are only to be read, nothing writes."""
        if self.desk.is_read_only and is_write(self, action):
            return False
        too_small = len(self.screen_stack) > 0 and isinstance(self.screen, Page) and self.screen.is_too_small
        return action in ALWAYS if too_small else True

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """As Textual does it; where the screens are only to be read, a key that would write says why it does not."""
        node, name, _ = self._parse_action(action, default_namespace or self, namespaces)
        if self.desk.is_read_only and is_write(node, name):
            self.tell(t("Nothing is written here: these screens were opened to read only."))
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def beat(self) -> None:
        """Draw what came in since the last beat; a paused screen stays still."""
        page = self.screen_stack[-1] if self.screen_stack else None  # none is left while the app closes
        if not isinstance(page, Page) or not page.query("#top"):  # mounted is told before anything stands on it
            return
        self._rings()
        if self.desk.is_paused:
            page.draw_top()
            return
        self.weigh()
        changed, signals = self.desk.changes()
        if changed or signals or self.has_weighed:
            page.post_message(Changed(changed, signals))
        self.has_weighed = False
        self._tell_of_inference(page)
        while self.desk.news and monotonic() > self.reads_until:
            page.post_message(Told(f"{self.desk.news.pop(0)}."))

    def _rings(self) -> None:
        """Call whoever looks elsewhere, where they asked for it; also while the screens are held still."""
        if (told := self.ringer.hears(self.desk.opened)) and self._driver is not None:
            self._driver.write(notification(told))

    def weigh(self) -> None:
        """Work out some diagnoses of cases that changed, unless the screens are held still."""
        if not self.desk.is_paused and self.desk.is_behind:
            self.desk.work_out(WEIGHING)
            self.has_weighed = True

    def _tell_of_inference(self, page: Page) -> None:
        """A child of inference that broke changes no case; who watches for hours should know of it all the same."""
        before, self.standing = self.standing, self.desk.watch.standing
        if self.standing != before and self.standing.told():
            page.post_message(Told(self.standing.told().capitalize() + "."))

    def action_suspend_process(self) -> None:
        """Stop, and give the terminal back to the shell; whoever ends a stopped program loses no place."""
        if self.is_web:
            self.tell(t("A browser has no shell to go to."))
            return
        self.keep()
        super().action_suspend_process()

    def on_located(self, message: Located) -> None:
        """Show a signal on the timeline of its case."""
        if self.desk.look_at(message.case) is None:
            self.tell(t("The case is closed meanwhile."))
            return
        from chargelore.tui.screens.case import CasePage  # noqa: PLC0415  # long loaded: one came from its screen

        self.push_screen(CasePage(self.desk, message.case, message.signal))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """The source came to its end, or broke; the screens stay open either way."""
        name, is_error = event.worker.name, event.state == WorkerState.ERROR
        if name == SOURCE and (is_error or event.state == WorkerState.SUCCESS):
            self.desk.source = "SOURCE BROKE" if is_error else "ENDED"
        if is_error:
            why = t("{name} broke: {why}. What came in stays on the screen.", name=t(name), why=str(event.worker.error))
            self.tell(why)

    def action_command_palette(self) -> None:
        """As in Textual, asking in the language in force."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(id="--command-palette", placeholder=t("Search for commands…")))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Everything that keys do on the screen in front, and the themes."""
        nodes, keys = keys_of(screen)
        for key in keys:
            yield SystemCommand(key.does, t("key {keys}", keys=key.keys), _runner(self, key.action, nodes[key.id]))
        yield SystemCommand(t("Change theme"), t("other colours"), self.action_change_theme)
        yield SystemCommand(t("Bell when a case opens"), t("on or off"), self.turn_bell)
        for code, name in LANGUAGES.items():
            yield SystemCommand(f"{t('Language')}: {name}", code, partial(self.speak, code))

    @writes
    def action_undo(self) -> None:
        """Take back the last write."""
        self._turns(self.desk.undo, t("Undone: {what}. Z does it again."), t("Nothing to undo since the start."))

    @writes
    def action_redo(self) -> None:
        """Do again what was undone."""
        self._turns(self.desk.redo, t("Done again: {what}. z undoes it."), t("Nothing to do again."))

    def _turns(self, turn: Callable[[], Doing | None], told: str, nothing: str) -> None:
        try:
            doing = turn()
        except ChargeloreError as error:
            self.tell(str(error))
            return
        if isinstance(self.screen, Page):
            self.screen.draw()
            self.screen.refresh_bindings()
        if doing is None:
            self.tell(nothing, "plain")
        else:
            self.tell(told.format(what=brief(doing.what, max(20, self.size.width - 42))), "good")

    @writes
    async def action_new_case(self) -> None:
        """Somebody reports a trouble, of the charger in front unless another is named."""
        await self.action_opens("new-case")

    async def action_opens(self, kind: str) -> None:
        """A screen of that kind in front of this one, once all is read that it may show; once is enough."""
        await self._all_is_read()
        over = self.screen
        if isinstance(over, screen_of(kind)):
            return
        page = page_at(Place(kind), self.desk, over if isinstance(over, Page) else None)
        if page is not None:
            self.push_screen(page)

    async def _all_is_read(self) -> None:
        """A key that was typed early counts as soon as it can be done."""
        if not self.is_read.is_set():
            self.tell(t("Reading what was recorded here …"), "plain")
            await self.is_read.wait()
            self.tell("", "plain")

    def on_resize(self, event: Resize) -> None:
        """The commands need lines to stand on; without any their list breaks."""
        if event.size.height < LEAST_HEIGHT and isinstance(self.screen, CommandPalette):
            self.pop_screen()

    async def on_event(self, event: Event) -> None:
        """A key and its paint come before the signals that wait."""
        if isinstance(event, Paste):
            event = self._fitting(event)
        is_new = isinstance(event, Key) and not event.is_forwarded
        if is_new:
            self.pace.pressed()
        await super().on_event(event)
        if is_new:
            (self.focused or self.screen).call_after_refresh(self.pace.painted)

    def _fitting(self, paste: Paste) -> Paste:
        """As much of what is pasted as the line takes; Textual would drop all of it without a word."""
        into, words = self.focused, paste.text.partition("\n")[0]
        if not isinstance(into, Input) or into.max_length is None:
            return paste
        room = into.max_length - len(into.value) + len(into.selected_text)
        if len(words) <= room:
            return paste
        self.tell(t("{n} of {all} letters fit in here; the others are left out.", n=room, all=f"{len(words):,}"))
        return Paste(words[:room])

    async def _listen(self, start: Start) -> None:
        """Hear the source to its end; what came before it broke is worked through all the same."""
        await self.is_read.wait()  # what is recorded counts from the first signal on
        handing = ensure_future(self.inflow.runs())
        try:
            await start(self.inflow.takes)
        finally:
            self.inflow.ends()
            await handing


def _runner(app: Chargelore, action: str, node: DOMNode) -> Callable[[], Awaitable[bool]]:
    """The action of a key as a command of the palette."""
    return partial(app.run_action, action, node)
