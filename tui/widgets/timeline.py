"""Timeline: the signals of a charger, with keys that jump by meaning and bookmarks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from time import monotonic
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.timer import Timer

from chargelore.engine.signal import Signal
from chargelore.kb.pinned import Pinned
from chargelore.tui.filter import Term
from chargelore.tui.frames.sifting import Sifted, Sifting
from chargelore.tui.frames.view import Long
from chargelore.tui.lines.jumps import NONE_THERE, looking, name_of, pin_name
from chargelore.tui.lines.signal import signal_line, signal_words
from chargelore.tui.messages import Told
from chargelore.tui.speech import t
from chargelore.tui.widgets.listing import Listing
from chargelore.tui.widgets.table import Look

AT_ONCE = 100  # signals that a filter looks at before it looks at the clock
BREAK = 0.02  # seconds


class Timeline(Listing[Signal]):
    """Lives as long as its screen; `bookmarks` belong to the case and outlive it. `connector` goes without saying."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "jump('fault', 1)", "Next fault", id="timeline.next-fault", show=False),
        Binding("E", "jump('fault', -1)", "Fault before", id="timeline.previous-fault", show=False),
        Binding("w", "jump('warning', 1)", "Next warning", id="timeline.next-warning", show=False),
        Binding("W", "jump('warning', -1)", "Warning before", id="timeline.previous-warning", show=False),
        Binding("o", "jump('same', 1)", "Next of the same session", id="timeline.next-same", show=False),
        Binding("O", "jump('same', -1)", "Before it in the same session", id="timeline.previous-same", show=False),
        Binding("s", "jump('gap', 1)", "Next gap in the data", id="timeline.next-gap", show=False),
        Binding("S", "jump('gap', -1)", "Gap in the data before", id="timeline.previous-gap", show=False),
        Binding("h", "jump('hour', 1)", "Next hour", id="timeline.next-hour", show=False),
        Binding("H", "jump('hour', -1)", "Hour before", id="timeline.previous-hour", show=False),
        Binding("right_parenthesis", "jump('day', 1)", "Next day", key_display=")", id="timeline.next-day", show=False),
        Binding(
            "left_parenthesis", "jump('day', -1)", "Day before", key_display="(", id="timeline.previous-day", show=False
        ),
        Binding(
            "right_curly_bracket", "jump('section', 1)", "Next session, start, or rule that fired",
            key_display="}", id="timeline.next-section", show=False,
        ),
        Binding(
            "left_curly_bracket", "jump('section', -1)", "Session, start, or rule that fired before",
            key_display="{", id="timeline.previous-section", show=False,
        ),
        Binding("m", "bookmark", "Set or drop a bookmark", id="timeline.bookmark", show=False),
        Binding("u", "jump('bookmark', 1)", "Next bookmark", id="timeline.next-bookmark", show=False),
        Binding("U", "jump('bookmark', -1)", "Bookmark before", id="timeline.previous-bookmark", show=False),
    ]  # fmt: skip

    def __init__(self, bookmarks: set[str], connector: int | None, *, id: str = "timeline") -> None:  # noqa: A002  # Textual's word
        look: Look[Signal] = Look(key=name_of, draw=self._line, words=self.words_of, copies=lambda each: each.raw)
        super().__init__(look, id=id, title=t("Timeline, UTC"), follows=True)
        self.bookmarks, self.connector = bookmarks, connector
        self.pinned: Mapping[str, Pinned] = {}  # what is held for evidence, by its name in the store
        self.used, self.fired = frozenset[str](), frozenset[str]()  # what rules stand on, and where they fired
        self.sifting: Sifting[Signal] = Sifting((), self.words_of)
        self._stays: int | None = None  # the place that the cursor goes back to once the filter got there
        self._stood = 0  # where the cursor was when that was drawn last
        self._way: Iterator[int | None] = iter(())
        self._goes_on: Timer | None = None

    def action_jump(self, what: str, by: int) -> None:
        """Go to the next of what a key means, see JUMPS."""
        marked = self.fired if what == "section" else frozenset((*self.bookmarks, *self.pinned))
        self._way = looking(self.table.rows, self.table.cursor, by, what, marked)
        self._looks(self._way, what)

    def passing(self, wanted: tuple[Term, ...]) -> Sequence[Signal]:
        """A long list is looked through bit by bit; what was found so far is shown."""
        if not isinstance(self.rows, Long):
            return super().passing(wanted)
        if wanted != self.sifting.wanted:
            self.sifting = Sifting(wanted, self.words_for(wanted))
        until, is_left = monotonic() + BREAK, True
        while is_left and monotonic() < until:
            is_left = self.sifting.goes_on(self.rows, AT_ONCE)
        if is_left and self._goes_on is None:
            self._goes_on = self.set_timer(BREAK, self._sifts)
        return Sifted(self.rows, self.sifting.hits)

    def words_of(self, signal: Signal) -> dict[str, str]:
        """What a filter searches."""
        return signal_words(signal)

    def words_for(self, _wanted: tuple[Term, ...]) -> Callable[[Signal], dict[str, str]]:
        """What these terms are looked for in."""
        return self.words_of

    @property
    def at(self) -> int:
        """Where the cursor stands among all signals, whatever the filter leaves of them."""
        rows, cursor = self.table.rows, self.table.cursor
        if isinstance(rows, Sifted):
            return rows.places[cursor] if rows else 0
        if rows is self.rows or self.table.current is None:
            return cursor
        return next((n for n, each in enumerate(self.rows) if each is self.table.current), cursor)

    def goes_to(self, place: int) -> None:
        """Put the cursor on the signal at a place among all, or the nearest behind it that passes the filter."""
        self._stays, self._stood = place, self.table.cursor
        self._settles()

    def before_filter(self) -> None:
        """The cursor stays on its signal, unless it followed what comes in."""
        if self._stays is None and 0 <= self.at < len(self.rows) - 1:
            self._stays, self._stood = self.at, self.table.cursor

    def _settles(self) -> None:
        rows, place = self.table.rows, self._stays
        if place is None or (isinstance(rows, Sifted) and self.sifting.upto <= place < len(self.rows)):
            return
        self._stays = None
        if isinstance(rows, Sifted):
            place = bisect_left(rows.places, place)
        elif rows is not self.rows and place < len(self.rows):
            behind = {id(each) for each in self.rows[place:]}
            place = next((n for n, each in enumerate(rows) if id(each) in behind), len(rows) - 1)
        self.table.go_to(place)

    def hit(self, by: int) -> int | None:
        """In a long list the hits are known as far as it was looked through."""
        rows = self.table.rows
        if not isinstance(rows, Long):
            return super().hit(by)
        if isinstance(rows, Sifted):
            place = self.table.cursor + by
            return place if 0 <= place < len(rows) else None
        return self.sifting.next(self.table.cursor, by)

    def _sifts(self) -> None:
        self._goes_on = None
        if self.input.value or self.besides():
            self._draw(self.table.empty)

    def _draw(self, empty: Text) -> None:
        if self.table.cursor != self._stood:
            self._stays = None  # the person went elsewhere meanwhile
        super()._draw(empty)
        self._settles()
        self._stood = self.table.cursor
        rows, sifting = self.table.rows, self.sifting
        if isinstance(rows, Sifted) and sifting.upto < len(self.rows):
            self.border_title = f"{self.border_title} · {t('{n}% searched', n=100 * sifting.upto // len(self.rows))}"

    def _looks(self, way: Iterator[int | None], what: str) -> None:
        """Look for a while, then let others do something, as long as nobody jumps elsewhere."""
        if way is not self._way:
            return
        until = monotonic() + BREAK
        for place in way:
            if place is not None:
                self.table.go_to(place)
                self.table.focus()
                return
            if monotonic() > until:
                self.set_timer(BREAK, partial(self._looks, way, what))
                return
        self.post_message(Told(t(NONE_THERE[what])))

    def action_bookmark(self) -> None:
        """Mark the signal under the cursor, or unmark it."""
        if self.table.current is not None:
            self.bookmarks ^= {name_of(self.table.current)}
            self.table.refresh()

    def mark(self, signal: Signal) -> str:
        """`■` evidence, `◆` a bookmark, `•` what a rule stands on."""
        if self.pinned and pin_name(signal) in self.pinned:
            return "■"
        if self.bookmarks and name_of(signal) in self.bookmarks:
            return "◆"
        return "•" if self.used and name_of(signal) in self.used else " "

    def _line(self, signal: Signal, width: int) -> tuple[Text]:
        is_used = bool(self.used) and name_of(signal) in self.used
        return (signal_line(signal, width, is_used=is_used, mark=self.mark(signal), connector=self.connector),)
