"""Errands: which message to send to a charger; those that only read come first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from chargelore.engine.sources.bench.guest import Guest
from chargelore.tui.desk import Desk
from chargelore.tui.lines.onsite import Offer, offer_key, offer_line, offer_words, offers
from chargelore.tui.messages import Asked, Chosen
from chargelore.tui.screens.page import Page
from chargelore.tui.speech import t
from chargelore.tui.text import brief
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

LOOK: Look[Offer] = Look(key=offer_key, draw=offer_line, words=offer_words)


class ErrandsPage(Page):
    """Enter sends what reads at once; what acts is asked about first."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back", id="errands.back")]
    FOOTER = ("table.choose", "errands.back", "listing.filter", "app.help")
    AUTO_FOCUS = "#errands-rows"

    def __init__(self, desk: Desk, guest: Guest) -> None:
        super().__init__(desk, t("To {charger}", charger=brief(guest.id, 30)))
        self.guest = guest
        self.listing: Listing[Offer] = Listing(LOOK, id="errands", title=t("Messages"))

    def body(self) -> Iterable[Widget]:
        """The messages."""
        yield self.listing

    def named(self, binding: Binding) -> str:
        """Enter sends."""
        return t("Send") if binding.id == "table.choose" else super().named(binding)

    def on_mount(self) -> None:
        """They stay the same while one chooses."""
        self.listing.show(offers(self.guest))

    def on_chosen(self, message: Chosen) -> None:
        """Back to the chargers, and send."""
        if isinstance(message.row, Offer) and self.leaves():
            self.app.post_message(Asked(self.guest.id, str(message.row.errand)))
