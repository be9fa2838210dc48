"""CopyAs: in which form to take rows along: the one under the cursor, or all that are seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget

from chargelore.tui.copying import FORMS, Words
from chargelore.tui.desk import Desk
from chargelore.tui.lines.paint import QUIET, line
from chargelore.tui.messages import Chosen, Copied
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import counted, t
from chargelore.tui.text import brief, padded
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look


@dataclass(frozen=True, slots=True)
class Form:
    """A form, and the rows that it is made of."""

    name: str
    what: str
    rows: tuple[Words, ...]


def form_line(form: Form, width: int) -> tuple[Text]:
    """What, and as what."""
    return (line(padded(form.what, max(10, width - 20)), (padded(t("as {form}", form=t(form.name)), 20), QUIET)),)


LOOK: Look[Form] = Look(
    key=lambda form: (form.what, form.name), draw=form_line, words=lambda form: {"what": form.what, "form": form.name}
)


class CopyAs(Page):
    """Enter copies."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back", id="copyas.back")]
    FOOTER = ("table.choose", "copyas.back", "listing.filter", "app.help")
    AUTO_FOCUS = "#forms-rows"

    def __init__(self, desk: Desk, row: Words | None, rows: tuple[Words, ...]) -> None:
        super().__init__(desk, t("Copy as"))
        one = [("this row", (row,))] if row is not None else []
        kinds = [*((t(what), some) for what, some in one), (t("all rows ({n})", n=counted(len(rows), "row")), rows)]
        self.forms = tuple(Form(name, what, some) for what, some in kinds for name in FORMS)
        self.listing: Listing[Form] = Listing(LOOK, id="forms", title=t("Forms"))

    def body(self) -> Iterable[Widget]:
        """The forms."""
        yield self.listing

    def named(self, binding: Binding) -> str:
        """Enter copies."""
        return t("Copy") if binding.id == "table.choose" else super().named(binding)

    def on_mount(self) -> None:
        """They stay the same."""
        self.listing.show(self.forms)

    def on_chosen(self, message: Chosen) -> None:
        """Copy, and go back."""
        form = message.row
        if isinstance(form, Form) and self.leaves():
            text = FORMS[form.name](form.rows)
            self.app.post_message(Copied(text, brief(f"{form.what}, {form.name}", 40)))
