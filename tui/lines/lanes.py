"""Lanes: the signals of all layers on one clock, a column for each layer; in a narrow window one column with marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from rich.text import Text

from chargelore.engine.case import Case
from chargelore.engine.clocks.clockwords import off_words
from chargelore.engine.clocks.skew import off_by
from chargelore.engine.signal import Signal
from chargelore.kb.model import Layer
from chargelore.kb.pinned import Pinned
from chargelore.tui.lines.case import charger_name
from chargelore.tui.lines.paint import DANGER, GOOD, NAME, NONE, QUIET, STRONG, WARN, Piece, line, wrapping
from chargelore.tui.lines.signal import is_trouble, said, signal_words
from chargelore.tui.speech import t
from chargelore.tui.text import brief, clock, columns, day, padded, plain, words
from chargelore.tui.tongue import clock_told

WIDE = 100  # columns from which each layer has one of its own
HEAD = 13  # clock, what is to be noted, and the blanks between
LABEL = 16  # columns of the name of a field
LONGEST_PLAIN = 4_000  # letters of one signal
LEAST_SAID = 34  # columns that are left for what the last layer says
WIDEST = 24


@dataclass(frozen=True, slots=True)
class Lane:
    """One column: `number` is its key, `mark` its name in five letters."""

    id: str
    number: int
    mark: str
    name: str
    style: str


LANES: Sequence[Lane] = (
    Lane("from-charger", 1, "ocpp→", "from charger", "layer.ocpp"),
    Lane("to-charger", 2, "ocpp←", "to charger", "layer.ocpp"),
    Lane("csms", 3, "csms", "CSMS", "layer.csms"),
    Lane("modbus", 4, "mbus", "Modbus", WARN),
    Lane("firmware", 5, "fw", "charger log", GOOD),
    Lane("vehicle", 6, "car", "vehicle", NONE),
    Lane("grid", 7, "grid", "grid", NONE),
    Lane("field", 8, "note", "person", STRONG),
)
BY_ID: Mapping[str, Lane] = {each.id: each for each in LANES}
Hidden = frozenset[str]


def lane_of(signal: Signal) -> Lane:
    """Where a signal stands: by its layer, and on OCPP by who spoke."""
    if signal.layer != "ocpp":
        return BY_ID[signal.layer]
    is_to = signal.kind == "command" or signal.fields.get("from") == "csms"
    return BY_ID["to-charger" if is_to else "from-charger"]


def lanes_heard(layers: Iterable[Layer], others: Iterable[Signal] = ()) -> tuple[Lane, ...]:
    """The lanes of these layers, and of some signals that may be of others, in the order of their numbers."""
    ocpp = ("from-charger", "to-charger")
    found = {name for layer in layers for name in (ocpp if layer == "ocpp" else (layer,))}
    found |= {lane_of(each).id for each in others}
    return tuple(each for each in LANES if each.id in found)


def lane_words(signal: Signal) -> dict[str, str]:
    """What a filter of the lanes searches."""
    return {**signal_words(signal), "lane": lane_of(signal).id}


@dataclass(frozen=True, slots=True)
class Grid:
    """Where each lane begins at a width; all at one place where there is no room for columns."""

    starts: Mapping[str, int]
    is_wide: bool

    def of(self, lane: Lane) -> int:
        """Where a lane begins; one that was not reckoned with begins with the last."""
        return self.starts.get(lane.id, max(self.starts.values(), default=HEAD))


def grid(lanes: Sequence[Lane], width: int) -> Grid:
    """The columns; what a lane says may run on to the right, as a line holds one signal only."""
    if width < WIDE:
        return Grid({each.id: HEAD for each in lanes}, is_wide=False)
    step = min(WIDEST, (width - HEAD - LEAST_SAID) // max(1, len(lanes) - 1))
    return Grid({each.id: HEAD + n * step for n, each in enumerate(lanes)}, is_wide=True)


def lane_head(lanes: Sequence[Lane], hidden: Hidden, at: datetime | None, width: int) -> Text:
    """The first line, which stays: the day of the cursor, each layer with its key, and those that are off."""
    shown = [each for each in lanes if each.id not in hidden]
    places = grid(shown, width)
    head = line((padded(at.strftime("%Y-%m-%d") if at else t("no time"), HEAD), QUIET))
    for each, after in zip_longest(shown, shown[1:]):
        room = places.of(after) - places.of(each) if places.is_wide and after else WIDEST
        head.append_text(_titled(each, room, is_wide=places.is_wide))
        head.append(" " * max(1, places.of(after) - head.cell_len if places.is_wide and after else 2))
    off = " ".join(f"{each.number} {each.mark}" for each in LANES if each.id in hidden)
    head.append_text(line((t("off: {lanes}", lanes=off) if off else "", WARN)))
    return head


def _titled(lane: Lane, room: int, *, is_wide: bool) -> Text:
    """Key and name of a lane, the short name where there is no room for the long one."""
    name = t(lane.name)
    return line((f"{lane.number} ", QUIET), (name if is_wide and columns(name) + 3 <= room else lane.mark, lane.style))


def lane_line(signal: Signal, width: int, lanes: Sequence[Lane], mark: str, connector: int | None = None) -> Text:
    """One signal in its lane: clock, `~` where its own clock is off, a mark and `!` as on a timeline, what it says."""
    lane, places = lane_of(signal), grid(lanes, width)
    style = DANGER if is_trouble(signal) else STRONG if mark == "•" else NONE
    place = f"#{signal.connector} " if signal.connector not in (None, 0, connector) else ""
    start = places.of(lane)
    before = _before(start, places) if places.is_wide else (f"{lane.mark:<6}", lane.style)
    told = brief(place + said(signal), width - (start if places.is_wide else HEAD + 6))
    return line((clock(signal.at), QUIET), *_noted(signal, mark), " ", before, (told, style))


def _noted(signal: Signal, mark: str) -> tuple[Piece, ...]:
    off = "~" if off_by(signal) is not None else " "
    return ((off, WARN), (mark, WARN), ("!" if is_trouble(signal) else " ", DANGER), " ")


def _before(start: int, places: Grid) -> tuple[str, str]:
    """The lanes to the left, each a thin line."""
    begins = frozenset(places.starts.values())
    return "".join("┊" if column in begins else " " for column in range(HEAD, start)), QUIET


def place_line(case: Case, off: str, width: int) -> Text:
    """Which charger, the clock that is off, and since when there is a case."""
    name = brief(charger_name(case), 40)
    room = width - columns(name) - 2
    clock_off = f"~ {brief(off, room)}" if off else ""
    since = t("case since {at} UTC", at=day(case.opened_at))
    rest = since if len(since) + columns(clock_off) + 3 <= room else ""
    return line((name, NAME), "  ", (clock_off, WARN), " · " if clock_off and rest else "", (rest, QUIET))


def in_full(signal: Signal, symptoms: Sequence[str], pinned: Pinned | None = None) -> list[Text]:
    """All that was read of a signal: where it is from first, then what its own clock said, then its fields."""
    off = off_by(signal)
    at = f"{signal.at:%Y-%m-%d %H:%M:%S} UTC" if signal.at else t("no time given")
    head = " · ".join(filter(None, (at, signal.layer, signal.kind, f"#{signal.connector}" if signal.connector else "")))
    rows = [(t("evidence"), pinned.note or t("without a note: a writes one"))] if pinned is not None else []
    rows += [(t("its own clock"), clock_told(off_words(*off)))] if off is not None else []
    rows += [(t("symptom"), text) for text in symptoms]
    rows += [(t("odd about it"), words(mark)) for mark in signal.marks]
    rows += [(name, "—" if value is None else str(value)) for name, value in signal.fields.items()]
    rows += [(t("line"), str(signal.line or "—"))]
    told = [line((f"{padded(name, LABEL)} ", QUIET), brief(value, 4000)) for name, value in rows]
    return [line((brief(head, 200), NAME)), *map(wrapping, told)]


def plain_line(signal: Signal) -> str:
    """One signal with its raw text on a line of any length, without anything that a terminal would obey."""
    told = said(signal)
    raw = plain(signal.raw[:LONGEST_PLAIN])
    return " ".join(filter(None, (clock(signal.at), f"{lane_of(signal).mark:<5}", told, raw if raw != told else "")))
