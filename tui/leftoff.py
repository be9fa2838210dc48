"""Left off: the place, theme, language and bell of last time, and how they change; kept for the next start."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from textual.app import App
from textual.theme import Theme

from chargelore.kb.errors import ChargeloreError
from chargelore.tui.desk import Desk
from chargelore.tui.messages import Came, Told, Tone
from chargelore.tui.places import HOME, Place, Visited
from chargelore.tui.ringing import Ringer
from chargelore.tui.screens.page import Page
from chargelore.tui.session import Session, load, save
from chargelore.tui.speech import ENGLISH, LANGUAGES, speak, spoken, t
from chargelore.tui.themes import DARK, THEMES, styles
from chargelore.tui.ways import page_at

SESSION = "session.json"


class LeftOff(App[None], inherit_bindings=False):
    """Screens over one desk that look and speak as they were left.

    `folder` is where that is kept; without one, and in read-only mode, it is not.
    """

    def __init__(self, desk: Desk, folder: Path | None) -> None:
        super().__init__()
        self.desk = desk
        self.folder = None if desk.is_read_only else folder
        self.session = load(folder / SESSION) if folder else Session()
        self.filters, self.visited = dict(self.session.filters), Visited()
        self.ringer = Ringer(is_on=self.session.bell)
        self.is_settled = False  # until then the place of last time must not be lost
        self._dress()

    def _dress(self) -> None:
        """Language and theme as they were left."""
        for theme in THEMES:
            self.register_theme(theme)
        speak(self.session.language if self.session.language in LANGUAGES else ENGLISH)
        self.desk.speaks(spoken())
        self.console.push_theme(styles(THEMES[0]))
        self.theme = self.session.theme if self.session.theme in self.available_themes else DARK

    def keep(self) -> None:
        """Keep place, filters, theme, language and bell for the next start, unless the disk does not take them."""
        theme = "" if self.theme == DARK else self.theme
        language = "" if spoken() == ENGLISH else spoken()
        session = Session(self.visited.here or HOME, self.filters, theme, language, self.ringer.is_on)
        if self.folder is not None and self.is_settled and session != self.session:
            self.session = session
            with suppress(ChargeloreError):
                save(self.folder / SESSION, session)

    def tell(self, text: str, tone: Tone = "bad") -> None:
        """A sentence on the status line of the screen in front."""
        self.screen.post_message(Told(text, tone))

    def go(self, place: Place) -> bool:
        """Go to a place over the first screen; whether it is there."""
        page = page_at(place, self.desk)
        if page is None and place.kind != HOME.kind:
            return False
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if page is not None:
            self.push_screen(page)
        return True

    def on_came(self, message: Came) -> None:
        """A screen came to the front: it can be come back to."""
        self.visited.came(message.place)
        self.keep()

    def action_visit(self, by: int) -> None:
        """Go to the place before or after this one."""
        if isinstance(self.screen, Page) and self.screen.place is not None:
            self.visited.became(self.screen.place)
        place = self.visited.step(by)
        while place is not None and not self.go(place):
            place = self.visited.step(by)  # a case that was closed since
        if place is None:
            self.tell(t("No further place that way."), "plain")

    def turn_bell(self) -> None:
        """Ring when a case opens, or no longer."""
        self.ringer.is_on = not self.ringer.is_on
        self.keep()
        on, off = t("The terminal rings when a case opens."), t("The terminal no longer rings when a case opens.")
        self.tell(on if self.ringer.is_on else off, "good")

    def speak(self, language: str) -> None:
        """Say everything in another language from now on; the screen of the place where one is is built anew."""
        speak(language)
        self.desk.speaks(language)
        self.keep()
        here = self.visited.here
        if here is not None and here != HOME and self.go(here):
            return
        if isinstance(self.screen, Page):
            self.screen.draw()
            self.screen.refresh_bindings()

    def _colours(self, theme: Theme) -> None:
        """Other colours: what names of styles mean changes with the theme."""
        self.console.pop_theme()
        self.console.push_theme(styles(theme))
        if isinstance(self.screen, Page):
            self.screen.draw()
            self.screen.refresh(layout=True)
        self.keep()
