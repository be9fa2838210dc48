"""Panel: the tour on a screen, above the footer: the one thing to do now and, where there is room, how far one came."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from chargelore.tui.lines.paint import BADGE, GOOD, NAME, QUIET, block, line
from chargelore.tui.speech import spoken, t
from chargelore.tui.text import brief, columns
from chargelore.tui.touring.lessons import LESSONS, Tour


class Panel(Static):
    """Shows a tour as it stands; it takes no keys and no cursor. It is painted where it would say something else."""

    told: object = None

    def show(self, tour: Tour) -> None:
        """Say what to do now; nothing where the tour is left."""
        self.set_class(tour.is_on, "-on")
        told = tour.done, tour.last, tour.is_on, self.app.size.width, spoken()
        if told != self.told and tour.is_on:
            self.update(block(panel_lines(tour, max(40, self.app.size.width - 2))))
        self.told = told


def panel_lines(tour: Tour, width: int) -> list[Text]:
    """What to do with the key of the tour, and below it the parts: done, at hand, to come."""
    number = min(tour.at + 1, len(LESSONS))
    head = f" {tour.last.key('tour.turn')} {t('TOUR')} {number}/{len(LESSONS)} "
    says = brief(tour.says(), width - columns(head) - 1)
    return [line((head, BADGE), " ", (says, NAME)), line(*(_part(tour, place) for place in range(len(LESSONS))))]


def _part(tour: Tour, place: int) -> tuple[str, str]:
    mark, style = ("✓", GOOD) if place in tour.done else ("▸", NAME) if place == tour.at else ("·", QUIET)
    return f"{mark} {t(LESSONS[place].word)}  ", style
