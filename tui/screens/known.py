"""Known: somebody knows what a code means that nobody had written down: whose it is, and which fault it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.widget import Widget
from textual.widgets import Input, Label

from chargelore.engine.case import Charger
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.model import Fault
from chargelore.tui.desk import Desk
from chargelore.tui.lines.paint import QUIET, STRONG, line
from chargelore.tui.meaning import means
from chargelore.tui.messages import Chosen, Told
from chargelore.tui.screens.decide import AcceptPage
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.text import padded, words
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

LONGEST = 100


class KnownPage(Page):
    """The code, its maker, and all faults to pick one from: `/` finds it, Enter asks, `y` writes a draft."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back, write nothing", id="known.back")]
    FOOTER = ("table.choose", "listing.filter", "known.back", "app.help")

    def __init__(self, desk: Desk, typed: str, charger: Charger | None = None) -> None:
        super().__init__(desk, t("I know this one"))
        self.typed, self.charger = typed.strip(), charger
        look: Look[Fault] = Look(key=lambda one: one.id, draw=_line, words=_words)
        self.listing: Listing[Fault] = Listing(
            look, id="known", title=t("Which fault is it? / finds it, Enter takes it")
        )

    def on_mount(self) -> None:
        """The cursor is where something is left to say."""
        self.set_focus(self.listing.table if self.charger else self.query_one("#known-maker"))

    def body(self) -> Iterable[Widget]:
        """The two fields, and the faults."""
        maker = self.charger.vendor if self.charger else ""
        for named, value, name in ((t("Code"), self.typed, "code"), (t("Maker"), maker, "maker")):
            field = Input(value, id=f"known-{name}", max_length=LONGEST, compact=True)
            yield HorizontalGroup(Label(named, classes="field-label", markup=False), field, classes="field")
        yield self.listing

    def draw(self) -> None:
        """Every fault that is one, by name."""
        super().draw()
        known = [each for each in self.desk.knowledge.faults.values() if each.is_fault and each.status != "deprecated"]
        self.listing.show(sorted(known, key=lambda each: each.label.casefold()), Text(t("No faults are known here.")))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        (self.query_one("#known-maker") if event.input.id == "known-code" else self.listing.table).focus()

    def on_chosen(self, message: Chosen) -> None:
        """Ask whether that is what it means."""
        code, maker = self._said()
        if not code or not maker:
            self.post_message(Told(t("Name the code and its maker first."), "bad"))
        elif isinstance(message.row, Fault) and not self.desk.is_read_only:
            told = t("{code} of {maker} means: {fault}. It waits as a draft until a reviewer accepts it.",
                     code=code, maker=maker, fault=message.row.label)  # fmt: skip
            self.app.push_screen(AcceptPage(self.desk, [told], partial(self._means, message.row)))

    def _said(self) -> tuple[str, str]:
        code, maker = (self.query_one(f"#known-{name}", Input).value.strip() for name in ("code", "maker"))
        return code, maker

    def _means(self, fault: Fault) -> None:
        if not self.is_current:  # the second Enter of a burst
            return
        code, maker = self._said()
        told = t("{code} of {maker}: {fault}", code=code, maker=maker, fault=fault.label)
        try:
            self.desk.decides(told, means(self.desk.store.by, code, maker, fault.id))
        except ChargeloreError as error:
            self.post_message(Told(t("Not recorded: {why}.", why=str(error)), "bad"))
            return
        self.app.pop_screen()
        self.app.screen.post_message(Told(t("Written down as a draft: {what}. z undoes it.", what=told), "good"))


def _line(one: Fault, width: int) -> tuple[Text]:
    mark = ("! " if one.safety else "  ", STRONG)
    return (line(mark, padded(one.label, max(20, width - 26)), " ", (padded(t(words(one.domain)), 22), QUIET)),)


def _words(one: Fault) -> dict[str, str]:
    return {"fault": one.label, "id": one.id, "domain": one.domain, "also": " ".join(one.aliases)}
