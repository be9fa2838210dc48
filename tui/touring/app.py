"""Demoapp: the terminal UI over simulated chargers, with the tour; what is written there is gone at the end."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, ClassVar

from textual.actions import ActionParseResult
from textual.binding import Binding, BindingType

from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.heard.ear import Hearing
from chargelore.kb.home import home
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.app import READING, Chargelore, Start
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
from chargelore.tui.keys.keymap import keymap
from chargelore.tui.late import heard_in, known_in
from chargelore.tui.leftoff import SESSION
from chargelore.tui.live import live_watch
from chargelore.tui.places import HOME
from chargelore.tui.screens.page import Page
from chargelore.tui.session import load
from chargelore.tui.speech import t
from chargelore.tui.starting import desk_over
from chargelore.tui.terminal import needs_screen
from chargelore.tui.touring.lessons import Tour
from chargelore.tui.touring.panel import Panel
from chargelore.tui.touring.sights import shown_keys, sight

LOOKS = str(Path(__file__).parents[1] / "app.tcss")


class DemoApp(Chargelore):
    """The screens as they always are; the tour looks at what happens on them, and says what to do next."""

    CSS_PATH = LOOKS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f6", "tour", "Tour", id="tour.turn", show=False)]

    def __init__(
        self, desk: Desk, start: Start | None = None, *, begins: bool = False, is_kept: bool = False, **how: Any
    ) -> None:
        super().__init__(desk, start, source="LIVE DEMO", **how)
        self.tour, self.begins = Tour(), begins
        self.shown_keys = shown_keys(self, how["keys"].keys if how.get("keys") else {})
        self.told.append(where_it_goes(self.shown_keys["tour.turn"], is_kept=is_kept))
        self.reads_until = monotonic() + READING

    def _dress(self) -> None:
        """At the beginning, in the language and theme of the screens outside until others are chosen here."""
        usual = load(home() / SESSION)
        theme, language = self.session.theme or usual.theme, self.session.language or usual.language
        self.session = replace(self.session, place=HOME, theme=theme, language=language)
        super()._dress()

    def _settle(self) -> None:
        super()._settle()
        if self.begins:
            self.action_tour()

    def beat(self) -> None:
        """As ever; then look at what happened."""
        super().beat()
        self.looks()

    async def run_action(self, action: str | ActionParseResult, *where: Any, **named: Any) -> bool:
        """As ever; then look at what came of it, and once more when it is drawn."""
        is_done = await super().run_action(action, *where, **named)
        self.looks()
        self.call_after_refresh(self.looks)
        return is_done

    def looks(self) -> None:
        """Let the tour see the screens as they are, and say what it has to say on the one in front."""
        page = self.screen_stack[-1] if self.screen_stack else None
        if not isinstance(page, Page) or not page.query("#status"):  # as in a beat
            return
        panel = next(iter(page.query(Panel)), None)
        if self.tour.is_on:
            self.tour = self.tour.looked(sight(page, self.desk, self.shown_keys))
        elif panel is None:
            return
        if panel is None:
            page.mount(panel := Panel(), after="#status")
        page.set_class(self.tour.is_on, "-toured")
        panel.show(self.tour)

    def action_tour(self) -> None:
        """Begin the tour, leave it, or go on where it was left."""
        if self.desk.is_read_only:
            self.tell(t("The tour writes: open the demo without --read-only. What it writes is gone at the end."))
            return
        self.tour = self.tour.turned(sight(self.screen, self.desk, self.shown_keys))
        self.looks()
        if not self.tour.is_on and not self.tour.is_over:
            self.tell(t("The tour waits: {key} goes on.", key=self.shown_keys["tour.turn"]), "plain")


def run(
    start: Start, *, db: str | None = None, is_read_only: bool = False, begins: bool = False, person: Person = ANYBODY
) -> None:
    """Open the screens on a simulated world until the person leaves them; `begins` begins the tour at once.

    What is written goes into a store of this demo, which is gone at the end, unless `db` names another one. UseError
    without a terminal.
    """
    needs_screen()
    with ExitStack() as until:
        folder = Path(until.enter_context(TemporaryDirectory(prefix="chargelore-demo-")))
        store = until.enter_context(Store.open(db or f"sqlite:///{folder / 'demo.db'}"))
        known = known_in(store)
        watch = until.enter_context(live_watch(known=known, hearing=Hearing(heard_in(store)), person=person))
        desk, told = desk_over(known, watch, store, recalls=False)
        desk.is_read_only, desk.base, desk.drafts = is_read_only, shipped(), Drafts(folder / "drafts")
        gc.freeze()  # as the app does without a demo
        DemoApp(
            desk, start, told=told, folder=home() / "demo", keys=keymap(), begins=begins, is_kept=db is not None
        ).run()


def where_it_goes(key: str, *, is_kept: bool) -> str:
    """What becomes of what a person writes in the demo, and that there is a tour."""
    if is_kept:
        return t("What you write goes into the store that you named. {key}: a tour in six steps.", key=key)
    return t("What you write is gone at the end, but for files. {key}: a tour in six steps.", key=key)
