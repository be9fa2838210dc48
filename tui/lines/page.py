"""The line at the top of every screen: where I am, and what holds right now."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from chargelore.tui.desk import Desk
from chargelore.tui.lines.paint import ALARM, BADGE, NAME, QUIET, line
from chargelore.tui.speech import counted, t
from chargelore.tui.text import brief, columns, fitting

Badge = tuple[str, str]  # text and style


def top_line(crumbs: Sequence[str], badges: Sequence[Badge], width: int) -> Text:
    """`Bench › CP-17 › Why` on the left, badges on the right; the left is cut first."""
    right = line(*(piece for text, style in badges for piece in (" ", (f" {text} ", style))))
    room = max(10, width - right.cell_len - 1)
    *way, here = map(str, crumbs)
    place = brief(here, room)
    trail = fitting((f"{each} ›" for each in way), room - columns(place) - 1, between=" ")
    left = line((f"{trail} " if trail else "", QUIET), (place, NAME))
    return line(left, " " * max(1, width - left.cell_len - right.cell_len), right)


def badges(desk: Desk) -> tuple[Badge, ...]:
    """What holds right now: how many chargers and cases, what went wrong, live or paused."""
    told: list[Badge] = [(counted(len(desk.chargers), "charger"), QUIET), (counted(len(desk.cases), "case"), QUIET)]
    if desk.broken:
        told.append((t("{n} not worked through", n=f"{desk.broken:,}"), ALARM))
    if restarts := desk.watch.standing.restarts:
        told.append((counted(restarts, "inference restart"), QUIET))
    if desk.is_read_only:
        told.append((t("READ-ONLY"), BADGE))
    if desk.replayed is not None:
        told.append((desk.replayed.badge, BADGE))
    if desk.is_paused:
        told.append((t("PAUSED · {n} new", n=f"{desk.missed:,}"), ALARM))
    elif desk.replayed is None:
        told.append((t(desk.source or "OFFLINE"), BADGE))
    return tuple(told)
