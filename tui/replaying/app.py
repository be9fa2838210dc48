"""Replayapp: the terminal UI over a tape; what is written goes into a store of this replay unless told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from chargelore.engine.case import Charger
from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.matching.late import USUAL
from chargelore.kb.home import home
from chargelore.kb.load import shipped
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.desk import Desk
from chargelore.tui.drafts import Drafts
from chargelore.tui.keys.keymap import keymap
from chargelore.tui.late import heard_in, known_in
from chargelore.tui.live import live_watch
from chargelore.tui.replaying.tape import STEP, Tape
from chargelore.tui.screens.moment import MomentPage
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.starting import desk_over
from chargelore.tui.terminal import needs_screen

LOOKS = str(Path(__file__).parents[1] / "app.tcss")


class ReplayApp(Chargelore):
    """Event time is the tape's; the clock on the wall only says how fast it plays."""

    CSS_PATH = LOOKS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("less_than_sign", "speed(-1)", "Slower", key_display="<", id="replay.slower", show=False),
        Binding("greater_than_sign", "speed(1)", "Faster", key_display=">", id="replay.faster", show=False),
        Binding("full_stop", "step", "One signal", key_display=".", id="replay.step", show=False),
        Binding("at", "moment", "Play up to a time", key_display="@", id="replay.moment", show=False),
    ]

    def __init__(self, desk: Desk, tape: Tape, **how: Any) -> None:
        super().__init__(desk, tape.plays, source="REPLAY", **how)
        self.tape, desk.replayed = tape, tape

    def on_worker_state_changed(self, event: Any) -> None:
        """At the end of the tape what still waits is judged."""
        super().on_worker_state_changed(event)
        if self.desk.source == "ENDED" and self.tape.is_over:
            self.desk.source = "REPLAY"
            self.desk.ends()
            self.tell(t("The tape is over: {n} signals.", n=f"{self.tape.played:,}"), "plain")

    def action_speed(self, by: int) -> None:
        """Faster or slower; slower than real time is step by step."""
        self.tape.faster(by)
        step, speed = t("Step by step: . plays the next signal, > lets it go on."), f"{self.tape.speed:g}"
        self.tell(step if self.tape.speed == STEP else t("{n} times as fast as it was.", n=speed), "plain")
        self._draw_top()

    def action_step(self) -> None:
        """One signal, and hold the tape."""
        self.tape.step()
        self._draw_top()

    def action_moment(self) -> None:
        """Ask up to which time to play."""
        if not isinstance(self.screen, MomentPage):
            self.push_screen(MomentPage(self.desk, self.tape))

    def _draw_top(self) -> None:
        if isinstance(self.screen, Page):
            self.screen.draw_top()


def run(  # noqa: PLR0913  # named, and may be left out
    tape: Tape, chargers: Iterable[Charger] = (), *, db: str | None = None, is_kept: bool = False,
    is_read_only: bool = False, person: Person = ANYBODY,
) -> None:  # fmt: skip
    """Open the screens on a tape until the person leaves them.

    Diagnoses reckon with what the store holds; what is written is gone at the end, unless `is_kept`. UseError without
    a terminal.
    """
    needs_screen()
    with ExitStack() as until:
        folder = Path(until.enter_context(TemporaryDirectory(prefix="chargelore-replay-")))
        events = until.enter_context(Store.open(db))
        store = events if is_kept else until.enter_context(apart(events, folder / "replay.db"))
        known = known_in(events)
        hearing = Hearing(heard_in(events))
        watch = until.enter_context(live_watch(known=known, hearing=hearing, lateness=USUAL, person=person))
        for each in chargers:
            watch.identify(each)
        desk, told = desk_over(known, watch, store, recalls=False)
        desk.is_read_only, desk.base = is_read_only, shipped()
        desk.drafts = desk.drafts if is_kept else Drafts(folder / "drafts")
        ReplayApp(desk, tape, told=told or where_it_goes(is_kept), folder=home() / "replay", keys=keymap()).run()


def apart(events: Store, file: Path) -> Store:
    """A store for this replay alone, which begins with what the other holds. StoreError when that cannot be read."""
    store = Store.open(file)
    store.merge(events.events())
    return store


def where_it_goes(is_kept: bool) -> str:
    """What becomes of what a person writes in a replay."""
    if is_kept:
        return t("A replay: what you write goes into the store.")
    return t("A replay: what you write is gone when you leave. < > change the speed, . steps, @ goes to a time.")
