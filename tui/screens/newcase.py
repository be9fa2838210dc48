"""New case: the form in which a person's report of a trouble is taken down, in their own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from chargelore.kb.errors import ChargeloreError
from chargelore.tui.desk import Desk
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.paint import QUIET, block, line, wrapping
from chargelore.tui.messages import Told
from chargelore.tui.newcase import opens
from chargelore.tui.screens.case import CasePage
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.text import plain

LONGEST_NAME, LONGEST_WORDS = 100, 1_000


class NewCasePage(Page):
    """Which charger, and what is wrong with it. `charger` is the one that was under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Open the case", id="newcase.save", priority=True),
        Binding("escape", "back", "Back, open nothing", id="newcase.back"),
        # Before what is typed next, however slow the machine: else that goes into the field that one left.
        Binding("enter", "onward", "On, or open the case", id="newcase.onward", show=False, priority=True),
        Binding("tab", "app.focus_next", "Next pane", id="page.next-pane", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", "Pane before", id="page.previous-pane", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, charger: str = "") -> None:
        super().__init__(desk, t("New case"))
        self.charger = charger

    def on_mount(self) -> None:
        """The cursor is where something is left to say."""
        for field in self.query("#newcase-words" if self.charger else "#newcase-charger"):  # none once it is left
            self.set_focus(field)

    @classmethod
    def of_place(cls, desk: Desk, name: str, over: Page | None, /) -> Page | None:
        """Of a charger, or else of that in front."""
        charger = over.charger_in_front if over is not None else None
        return cls(desk, plain(name or (charger.id if charger is not None else "")))

    def body(self) -> Iterable[Widget]:
        """The two fields, and how they are read."""
        yield from (
            HorizontalGroup(Label(named, classes="field-label", markup=False), field, classes="field")
            for named, field in self._fields()
        )
        yield Static(block([wrapping(line((each, QUIET))) for each in _told()]), id="newcase-told")

    def _fields(self) -> Iterable[tuple[str, Input]]:
        name = t("its id, as your management system calls it")
        words = t("what is wrong, in the words of who says it")
        yield t("Charger"), Input(self.charger, placeholder=name, id="newcase-charger", max_length=LONGEST_NAME,
                                  compact=True)  # fmt: skip
        yield t("What is wrong"), Input(placeholder=words, id="newcase-words", max_length=LONGEST_WORDS, compact=True)

    @writes
    def action_onward(self) -> None:
        """Enter goes on to the words, and behind these opens the case."""
        words = self.query_one("#newcase-words")
        if self.focused is words:
            self.action_save()
        else:
            self.set_focus(words)

    @writes
    def action_save(self) -> None:
        """Open the case, and show it, once all that was typed before stands in its field."""
        self.query_one("#newcase-words").call_later(self._saves)

    def _saves(self) -> None:
        if not self.is_current:  # the second Enter of a burst
            return
        charger, words = (self.query_one(f"#newcase-{each}", Input).value for each in ("charger", "words"))
        try:
            name = opens(self.desk, charger, words)
        except ChargeloreError as error:
            self.post_message(Told(t("No case: {why}.", why=str(error)), "bad"))
            return
        page, app = CasePage(self.desk, name), self.app
        app.pop_screen()
        app.push_screen(page)
        page.call_after_refresh(page.post_message, Told(t("New case {name}. z undoes it.", name=name), "good"))


def _told() -> tuple[str, ...]:
    return (
        t("A time counts where one is said: 10:05 burnt smell at the socket."),
        t("@CP-1/2 before it names a charger and its connector."),
        t("no smell says that somebody looked and there was none."),
        t("Names and numbers of people are left out before anything is kept."),
    )
