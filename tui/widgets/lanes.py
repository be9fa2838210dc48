"""Lanes: the timeline of all layers, a column for each, with keys that turn layers on and off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from chargelore.engine.signal import Signal
from chargelore.tui.filter import Term
from chargelore.tui.lines.lanes import LANES, Lane, lane_head, lane_line, lane_of, lane_words
from chargelore.tui.messages import Told
from chargelore.tui.speech import t
from chargelore.tui.widgets.timeline import Timeline


def _lane_only(signal: Signal) -> dict[str, str]:
    return {"lane": lane_of(signal).id}


class Lanes(Timeline):
    """Its first line stays. Which layers are off is kept like a filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "lane(1)", "Layers", id="lanes.lane-1", key_display="1-8"),
        *(Binding(f"{n}", f"lane({n})", f"Layer {n} on or off", id=f"lanes.lane-{n}", show=False) for n in range(2, 9)),
        Binding("9", "lane_alone", "Only the layer of this signal", id="lanes.alone", show=False),
        Binding("0", "all_lanes", "All layers", id="lanes.all", show=False),
    ]

    def __init__(self, bookmarks: set[str], connector: int | None) -> None:
        super().__init__(bookmarks, connector, id="lanes")
        self.lanes: Sequence[Lane] = ()
        self.hidden = frozenset[str]()

    def compose(self) -> ComposeResult:
        """The line that stays, the table, and the filter line."""
        yield Static(id="lanes-head")
        yield from super().compose()

    def on_mount(self) -> None:
        """Filter and layers of last time."""
        super().on_mount()
        kept = self._kept()
        self.hidden = frozenset((kept or {}).get(self._off, "").split()) & {each.id for each in LANES}

    def action_lane(self, number: int) -> None:
        """A layer on or off."""
        self._hides(self.hidden ^ {LANES[number - 1].id})

    def action_lane_alone(self) -> None:
        """Only the layer of the signal under the cursor; once more, all of them."""
        if self.table.current is not None:
            others = frozenset(each.id for each in LANES) - {lane_of(self.table.current).id}
            self._hides(frozenset() if self.hidden == others else others)

    def action_all_lanes(self) -> None:
        """Every layer on."""
        self._hides(frozenset())

    def besides(self) -> tuple[Term, ...]:
        """Signals of layers that are off do not pass."""
        return tuple(Term(each, "lane", is_out=True) for each in sorted(self.hidden))

    def none_passes(self) -> Text:
        """Which key shows something."""
        return (
            Text(t("Nothing here passes: 0 shows all layers, esc clears the filter."))
            if self.hidden
            else super().none_passes()
        )

    def words_for(self, wanted: tuple[Term, ...]) -> Callable[[Signal], dict[str, str]]:
        """Where only layers are off, the rest of a signal need not be put into words."""
        return _lane_only if len(wanted) == len(self.hidden) else self.words_of

    def words_of(self, signal: Signal) -> dict[str, str]:
        """What a filter searches; `lane:csms` too."""
        return lane_words(signal)

    def draw_head(self) -> None:
        """The line that stays, for the signal under the cursor."""
        here = self.table.current
        head = lane_head(self.lanes, self.hidden, here.at if here is not None else None, self.table.span)
        self.query_one("#lanes-head", Static).update(head)

    @property
    def _off(self) -> str:
        return f"{self._key} off" if self._key else ""

    def _hides(self, hidden: frozenset[str]) -> None:
        self.before_filter()
        self.hidden, kept = hidden, self._kept()
        if kept is not None:
            kept.pop(self._off, None)
            kept |= {self._off: " ".join(sorted(hidden))} if hidden else {}
        self._draw(self.table.empty)
        self.draw_head()
        off = ", ".join(t(each.name) for each in LANES if each.id in hidden)
        self.post_message(Told(t("Layers off: {lanes}. 0 shows all.", lanes=off) if off else t("All layers are on.")))

    def _line(self, signal: Signal, width: int) -> tuple[Text]:
        shown = [each for each in self.lanes if each.id not in self.hidden]
        return (lane_line(signal, width, shown, self.mark(signal), self.connector),)
