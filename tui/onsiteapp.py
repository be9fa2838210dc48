"""Onsiteapp: the terminal UI over a bench: the same screens, and keys that send messages to the charger in front."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.screen import Screen

from chargelore.engine.diagnosing.person import ANYBODY, Person
from chargelore.engine.heard.ear import Hearing
from chargelore.engine.signal import Signal
from chargelore.engine.sources.bench.answers import Result
from chargelore.engine.sources.bench.bench import Bench
from chargelore.engine.sources.bench.effects import Consent
from chargelore.kb.errand import Errand, errand
from chargelore.kb.errors import UseError
from chargelore.kb.home import home
from chargelore.kb.store import Store
from chargelore.tui.app import Chargelore
from chargelore.tui.desk import Desk
from chargelore.tui.keys.keymap import Keymap, keymap
from chargelore.tui.late import heard_in, known_in
from chargelore.tui.lines.onsite import TOLD
from chargelore.tui.live import live_watch
from chargelore.tui.messages import Asked, Told
from chargelore.tui.screens.consent import ConsentPage
from chargelore.tui.screens.onsite import OnSite
from chargelore.tui.site import Site, Stands
from chargelore.tui.speech import again, t
from chargelore.tui.starting import desk_over
from chargelore.tui.terminal import has_screen


class OnSiteApp(Chargelore):
    """Leaves by itself when the bench cannot stand; `site.broke` says why."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self, desk: Desk, site: Site, *, told: str = "", folder: Path | None = None, keys: Keymap | None = None
    ) -> None:
        super().__init__(desk, self._serve, told=told, folder=folder, keys=keys)
        self.site = site
        desk.is_on_site = True

    def get_default_screen(self) -> Screen[None]:
        """The chargers on site are the first screen."""
        return OnSite(self.desk, self.site)

    def action_suspend_process(self) -> None:
        """A program that stands still answers no charger."""
        self.tell(t("Chargers are connected to these screens and would hang: open another terminal, or leave with q."))

    def on_asked(self, message: Asked) -> None:
        """Somebody wants a message sent."""
        message.stop()
        self.run_worker(self._ask(message.charger, errand(message.errand)), name=message.errand, exit_on_error=False)

    async def _serve(self, feed: Callable[[Signal], None]) -> None:
        await self.site.serves(feed)
        if self.site.broke is not None:
            self.exit()

    async def _ask(self, charger: str, wanted: Errand) -> None:
        """What reads goes out at once; what acts is shown first."""
        bench = self.site.bench
        if bench is None or charger not in bench.guests:
            self.screen.post_message(Told(t("This charger is not connected to the bench."), "bad"))
            return
        try:
            means = await bench.effect(charger, wanted)
        except UseError as error:
            self.screen.post_message(Told(str(error), "bad"))
            return
        if means.needs is not Consent.NOTHING and self.desk.is_read_only:
            self.tell(t("Nothing that acts on a charger is sent from screens that are only to be read."))
            return
        if means.needs is Consent.NOTHING:
            await self._do(bench, charger, wanted, Consent.NOTHING)
            return
        agreed = partial(self._begin, bench, charger, wanted)
        self.push_screen(ConsentPage(self.desk, charger, wanted, means, agreed))

    def _begin(self, bench: Bench, charger: str, wanted: Errand, consent: Consent) -> None:
        self.run_worker(self._do(bench, charger, wanted, consent), name=str(wanted), exit_on_error=False)

    async def _do(self, bench: Bench, charger: str, wanted: Errand, consent: Consent) -> None:
        self.screen.post_message(
            Told(t("Sent {message} to {charger}; waiting for its answer …", message=wanted, charger=charger))
        )
        result = await bench.does(charger, wanted, consent)
        self.site.last[charger] = result
        self.screen.post_message(Told(_sentence(result), "good" if result.is_done else "bad"))


def _sentence(result: Result) -> str:
    return f"{result.charger}, {result.errand}: {again(result.text, *TOLD)}"


def run_on_site(stands: Stands, store: Store, *, is_read_only: bool = False, person: Person = ANYBODY) -> list[str]:
    """Open the screens over a bench until the person leaves them; the chargers that came.

    UseError without a terminal; what keeps the bench from standing is raised once the screens are gone.
    """
    if not has_screen():
        raise UseError("the screens need a terminal", mend="in a pipe use --do or --format")
    with ExitStack() as until:
        known = known_in(store)
        watch = until.enter_context(live_watch(known=known, hearing=Hearing(heard_in(store)), person=person))
        desk, told = desk_over(known, watch, store)
        desk.is_read_only = is_read_only
        site = Site(desk, stands)
        OnSiteApp(desk, site, told=told, folder=home(), keys=keymap()).run()
        if site.broke is not None:
            raise site.broke
        return list(site.bench.guests) if site.bench else []
