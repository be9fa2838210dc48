"""Export: the knowledge as one audience may see it, as files; what goes and what stays is told before it is written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, HorizontalGroup, Vertical
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label, Static
from textual.worker import get_current_worker

from chargelore.kb.claim import Tlp
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.export.formats import FORMATS
from chargelore.kb.export.view import View, view
from chargelore.kb.home import home
from chargelore.kb.load import shipped
from chargelore.kb.release import FIRST, log_head, release
from chargelore.tui.cli.knowing.folder import write_folder
from chargelore.tui.desk import Desk
from chargelore.tui.finding import Option
from chargelore.tui.keys.writes import writes
from chargelore.tui.lines.export import Sum, sum_lines, summed
from chargelore.tui.lines.paint import GOOD, block, line, wrapping
from chargelore.tui.messages import Copied, Picked, Told
from chargelore.tui.places import Place
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import later, t
from chargelore.tui.text import plain
from chargelore.tui.widgets.choice import Choice, YesNo
from chargelore.tui.widgets.sheet import Sheet

AUDIENCES: tuple[Tlp, ...] = ("CLEAR", "GREEN", "AMBER")
LONGEST_PLACE = 1000
What = tuple[Tlp, bool]  # an audience, and whether rates of makers are left out


class ExportPage(Page):
    """Audience, format and folder left; what that gives right, counted beside the keys in a thread."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Write the export", id="export.save", priority=True),
        Binding("escape", "back", "Back, write nothing", id="export.back"),
    ]
    AUTO_FOCUS = "#export-audience"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, t("Export"))
        self.views: dict[What, tuple[View, Sum]] = {}
        self.at_work, self.last = "", ""

    @classmethod
    def of_place(cls, desk: Desk, _name: str, _over: Page | None, /) -> Page | None:
        """What others may know."""
        return cls(desk)

    @property
    def place(self) -> Place:
        """The form of the export."""
        return Place("export")

    def body(self) -> Iterable[Widget]:
        """Folder on top, choices left, counts right."""
        folder = Input(str(home() / "exports"), id="export-folder", max_length=LONGEST_PLACE, compact=True)
        yield _field(t("Folder"), folder)
        yield _field(t("For makers"), YesNo(t("leave out rates and counts by maker"), False, id="export-safe"))
        audiences = tuple(Option(each, f"TLP:{each}") for each in AUDIENCES)
        formats = tuple(Option(each, each) for each in FORMATS)
        left = Vertical(
            Choice(t("Who will read it?"), audiences, AUDIENCES[0], id="export-audience"),
            Choice(t("Written as"), formats, formats[0].value, id="export-format"),
            id="export-left",
        )
        yield Horizontal(left, Sheet(Static(id="export-sum"), id="export-sum-pane"), id="export-body")

    @property
    def what(self) -> What:
        """What is picked: audience, and whether it is for makers."""
        audience = next(each for each in AUDIENCES if each == self.query_one("#export-audience", Choice).value)
        return audience, self.query_one("#export-safe", YesNo).value

    def on_mount(self) -> None:
        """Count what goes."""
        if self.stands:
            self._count_if_new()

    def draw(self) -> None:
        """The counts of what is picked, as soon as they are there."""
        super().draw()
        self.query_one("#export-sum-pane").border_title = t("What goes and what stays")
        found = self.views.get(self.what)
        lines = list(sum_lines(found[1])) if found else [Text(t("Counting …"))]
        done = [wrapping(line((self.last, GOOD))), line("")] if self.last else []
        self.query_one("#export-sum", Static).update(block([*done, *lines]))

    def on_changed(self, _message: object) -> None:
        """Signals change nothing here."""
        self.draw_top()

    def on_picked(self, _message: Picked) -> None:
        """Another audience or format."""
        self._count_if_new()

    @on(Checkbox.Changed)
    def ticked(self, _message: Checkbox.Changed) -> None:
        """With or without the rates of makers."""
        self._count_if_new()

    @on(Input.Submitted)
    def entered(self) -> None:
        """Enter goes on to the next field."""
        self.focus_next()

    def _count_if_new(self) -> None:
        if self.what not in self.views:
            self._count(self.what)
        self.draw()

    @work(thread=True, exclusive=True, group="count", exit_on_error=False, name=later("Counting"))
    def _count(self, what: What) -> None:
        worker, (audience, is_safe) = get_current_worker(), what
        shown = view(shipped(), self.desk.learned, audience=audience, oem_safe=is_safe, version=FIRST)
        found = summed(shown)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._counted, what, shown, found)

    def _counted(self, what: What, shown: View, found: Sum) -> None:
        self.views[what] = shown, found
        if self.is_mounted:
            self.draw()

    @writes
    def action_save(self) -> None:
        """Write the folder; what is there of an older export makes way."""
        found = self.views.get(self.what)
        if found is None:
            self.post_message(Told(t("Still counting what goes; a moment.")))
        elif not self.at_work:
            try:
                head = log_head(each.id for each in self.desk.store.events())
            except ChargeloreError as error:
                self.post_message(Told(t("Not written: {why}.", why=str(error)), "bad"))
                return
            form = self.query_one("#export-format", Choice).value
            folder = Path(self.query_one("#export-folder", Input).value.strip() or ".").expanduser().absolute()
            self.at_work = form
            self._write(folder / f"chargelore-{form}-{self.what[0].lower()}", found[0], form, head)

    @work(thread=True, exit_on_error=False, name=later("The export"))
    def _write(self, place: Path, shown: View, form: str, head: str) -> None:
        """In steps, each of which is told."""
        trouble = ""
        try:
            self._tells(t("1 of 2: making {form} …", form=form))
            files = release(shown, form, head)
            self._tells(t("2 of 2: writing {n} files …", n=f"{len(files):,}"))
            place.parent.mkdir(parents=True, exist_ok=True)
            write_folder(place, files)
        except (ChargeloreError, OSError) as error:
            trouble = str(error)
        self.app.call_from_thread(self._written, place, trouble)

    def _tells(self, text: str) -> None:
        self.app.call_from_thread(self.post_message, Told(text))

    def _written(self, place: Path, trouble: str) -> None:
        """It is there, and its path is taken along; or it is not."""
        self.at_work = ""
        if trouble:
            self.app.screen.post_message(Told(t("Not written: {why}.", why=trouble), "bad"))
        else:
            self.last = t("Written: {file}.", file=plain(str(place)))
            self.app.post_message(Copied(str(place), plain(str(place))))
            if self.is_mounted:
                self.draw()


def _field(label: str, widget: Widget) -> Widget:
    return HorizontalGroup(Label(label, classes="field-label", markup=False), widget, classes="field packet-field")
