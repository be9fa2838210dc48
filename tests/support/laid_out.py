"""What is wrong with how a screen is laid out: widgets outside it, text that is cut, lists too low to be read."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from screens import Here, shown
from textual.widget import Widget
from textual.widgets import Input, Static

from chargelore.tui.widgets.table import AnyTable, Table

LEAST_ROWS = 3
ONE_LINE = frozenset({"top"})  # this is cut where it is too long, from the left


async def lies_well(pilot: Here) -> None:
    """Once the screen is laid out, nothing is wrong with it."""
    for _ in range(250):
        if not flaws(pilot):
            return
        await pilot.pause(0.02)
    assert flaws(pilot) == [], shown(pilot)


def flaws(pilot: Here) -> list[str]:
    """All that is wrong, in words."""
    screen = pilot.app.screen
    found = [f"{screen} is larger than the window"] if (screen.max_scroll_x, screen.max_scroll_y) != (0, 0) else []
    seen = [each for each in screen.walk_children(Widget) if each.display and each.region and not _scrolls(each)]
    return found + [flaw for each in seen for flaw in _flaws(each)]


def _scrolls(widget: Widget) -> bool:
    """Whether it stands on something that is scrolled, where it may well be out of sight."""
    return any(isinstance(each, Widget) and each.allow_vertical_scroll for each in widget.ancestors)


def _flaws(widget: Widget) -> Iterator[str]:
    if widget.region not in widget.screen.region:
        yield f"{widget} stands at {widget.region}"
    if widget.border_title and cell_len(str(widget.border_title)) + 2 > widget.region.width:
        yield f"the title “{widget.border_title}” is cut"
    if isinstance(widget, Input) and not widget.value and cell_len(widget.placeholder) > widget.content_size.width:
        yield f"“{widget.placeholder}” is cut"
    if isinstance(widget, Static) and widget.id not in ONE_LINE:
        needs = widget.get_content_height(widget.screen.size, widget.screen.size, widget.content_size.width)
        if needs > widget.content_size.height:
            yield f"{widget} is cut: it has {widget.content_size.height} of {needs} lines"
    if isinstance(widget, Table):
        yield from _of_table(widget)


def _of_table(table: AnyTable) -> Iterator[str]:
    needs = min(LEAST_ROWS, len(table.rows)) * table.look.height
    if table.size.height < needs:
        yield f"{table} is {table.size.height} lines high"
    if not table.rows and len(table.empty.wrap(table.app.console, max(1, table.span))) > table.size.height:
        yield f"{table} cannot tell what is empty: {table.empty}"
    if table.rows and not any(table.render_line(y).text.strip() for y in range(table.size.height)):
        yield f"{table} paints none of its {len(table.rows)} rows"
