"""Packet: a case for its maker: the one question, who may read it, and the page that the maker gets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, HorizontalGroup, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from chargelore.engine.escalating.desk import Matter
from chargelore.engine.escalating.packet import Packet
from chargelore.engine.escalating.packing import packed
from chargelore.engine.escalating.withholding import Withheld, withheld
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.home import home
from chargelore.kb.label import LABELS
from chargelore.kb.model import Tlp
from chargelore.tui.desk import Desk
from chargelore.tui.finding import Option
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.packet import checklist, lacks, preview, stays
from chargelore.tui.lines.paint import block
from chargelore.tui.live import key_at_hand, key_to_read_with
from chargelore.tui.messages import Picked, Told
from chargelore.tui.packets.forming import asking
from chargelore.tui.packets.writing import make, name_of, put_packet
from chargelore.tui.places import Place
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import later, t
from chargelore.tui.text import plain
from chargelore.tui.widgets.choice import Choice
from chargelore.tui.widgets.sheet import Sheet

USUAL: Tlp = "AMBER"  # what the preview stands on until a label is picked
LONGEST_QUESTION, LONGEST_PLACE = 600, 1000
FORMS = {
    ".zip": later("zip + evidence"), "": later("folder + evidence"), ".md": later("page (md)"),
    ".json": later("programs (json)"),
}  # fmt: skip


class PacketPage(Page):
    """The form left, the page right. It holds the case as it was when the form was opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Write the packet", id="packet.save", priority=True),
        Binding("escape", "back", "Back, write nothing", id="packet.back"),
    ]
    AUTO_FOCUS = "#packet-label"

    def __init__(self, desk: Desk, matter: Matter) -> None:
        super().__init__(desk, t("For the maker"))
        self.matter, self.key = matter, key_to_read_with() if desk.is_read_only else key_at_hand()
        self.made: dict[Tlp, tuple[Packet, tuple[Withheld, ...]]] = {}
        self.label: Tlp | None = None
        self.question = self.base[0].question.text
        self.is_writing = False

    @classmethod
    def of_place(cls, desk: Desk, name: str, _over: Page | None, /) -> Page | None:
        """Of an open case."""
        matter = desk.matter(name)
        return cls(desk, matter) if matter is not None else None

    @property
    def place(self) -> Place:
        """This case, put to its maker."""
        return Place("packet", self.matter.case.id)

    @property
    def base(self) -> tuple[Packet, tuple[Withheld, ...]]:
        """The packet under the label as it is picked, with its own question, and what that withholds."""
        tlp = self.label or USUAL
        if tlp not in self.made:
            packet = packed(self.matter, self.key, tlp)
            self.made[tlp] = packet, withheld(self.matter, packet, self.key)
        return self.made[tlp]

    @property
    def packet(self) -> Packet:
        """The packet as the form says it."""
        return asking(self.base[0], self.matter, self.question, self.key)

    def body(self) -> Iterable[Widget]:
        """The question on top; label, form and checks left, the page right."""
        question = Input(self.question, id="packet-question", max_length=LONGEST_QUESTION, compact=True)
        yield _field(t("Question"), question)
        yield _field(
            t("Folder"), Input(str(home() / "packets"), id="packet-folder", max_length=LONGEST_PLACE, compact=True)
        )
        labels = tuple(Option(each, each) for each in LABELS)
        forms = tuple(Option(each, t(said)) for each, said in FORMS.items())
        left = Vertical(
            Horizontal(
                Choice(t("Label (TLP)"), labels, None, id="packet-label"),
                Choice(t("Written as"), forms, ".zip", id="packet-form"),
                id="packet-choices",
            ),
            VerticalScroll(Static(id="packet-checks"), id="packet-checks-pane"),
            id="packet-left",
        )
        page = Sheet(Static(id="packet-page"), id="packet-page-pane")
        yield Horizontal(left, page, id="packet-body")

    def on_mount(self) -> None:
        """Where the panes begin, and where one begins."""
        if not self.stands:
            return
        self.query_one("#packet-checks-pane").border_title = t("What is in it, and what stays here")
        self.query_one("#packet-page-pane").border_title = t("The page that the maker gets")

    def draw(self) -> None:
        """Checks and page as the form stands."""
        super().draw()
        packet, withheld_here = self.packet, self.base[1]
        checks = [*checklist(packet, is_labelled=self.label is not None), block([]), *stays(withheld_here)]
        self.query_one("#packet-checks", Static).update(block(checks))
        self.query_one("#packet-page", Static).update(preview(packet))

    def on_changed(self, _message: object) -> None:
        """The case is held as it was: what comes in changes nothing here."""
        self.draw_top()

    def on_picked(self, message: Picked) -> None:
        """Who may read it decides what is in it."""
        if message.choice == "packet-label":
            self.label = next(each for each in LABELS if each == message.option)
        self.draw()

    @on(Input.Changed, "#packet-question")
    def asked(self, event: Input.Changed) -> None:
        """The question was changed: the page says so at once."""
        self.question = event.value
        self.draw()

    @on(Input.Submitted)
    def entered(self) -> None:
        """Enter goes on to the next field."""
        self.focus_next()

    @writes
    def action_save(self) -> None:
        """Write it, and keep that the maker has the case now."""
        packet = self.packet
        if wrong := lacks(packet, is_labelled=self.label is not None):
            self.post_message(Told(wrong, "bad"))
        elif not self.is_writing:
            self.is_writing = True
            folder = Path(self.query_one("#packet-folder", Input).value.strip() or ".").expanduser().absolute()
            place = folder / (name_of(packet) + self.query_one("#packet-form", Choice).value)
            self.post_message(Told(t("Writing {file} …", file=plain(str(place)))))
            self._write(place, packet)

    @work(thread=True, exit_on_error=False, name=later("The packet"))
    def _write(self, place: Path, packet: Packet) -> None:
        trouble = ""
        try:
            make(place.parent)
            put_packet(place, packet, self.matter, self.key)
        except ChargeloreError as error:
            trouble = str(error)
        self.app.call_from_thread(self._written, place, packet, trouble)

    def _written(self, place: Path, packet: Packet, trouble: str) -> None:
        """It is on the disk, or is not: then nothing is kept of it either."""
        self.is_writing = False
        if trouble:
            self.post_message(Told(t("Not written: {why}.", why=trouble), "bad"))
            return
        told, tone = t("Written: {file}.", file=plain(str(place))), "good"
        try:
            is_new = self.desk.hands_over(packet, self.matter)
            told += t(" The maker has the case; z takes that back.") if is_new else t(" It was escalated before.")
        except ChargeloreError as error:
            told, tone = f"{told} {t('Not kept that the maker has it: {why}', why=str(error))}", "bad"
        if self.app.screen is self:
            self.app.pop_screen()
        self.app.screen.post_message(Told(told, "bad" if tone == "bad" else "good"))


def _field(label: str, widget: Widget) -> Widget:
    return HorizontalGroup(Label(label, classes="field-label", markup=False), widget, classes="field packet-field")
