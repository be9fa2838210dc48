"""Outbox: what was captured waits here, numbered and in bounded memory, until the child says that it is journaled."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from chargelore.engine.relay.item import Beat, Heard, Item, Known, Ready, Shown, packed
from chargelore.engine.signal import Scalar, Signal
from chargelore.kb.model import Layer

MIB = 2**20
MOST_NAMED = 10_000  # chargers whose losses are counted by name; those of all others are counted together
LOST = "lost"  # the mark of a signal that stands for what could not be kept


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait, in items and bytes: of one charger, of all; `few` of a charger are taken when all is full.

    Those few are bounded by twice the bounds of all.
    """

    of_one: tuple[int, int] = (4_096, 16 * MIB)
    of_all: tuple[int, int] = (65_536, 96 * MIB)
    few: tuple[int, int] = (8, 32_768)


GENEROUS = Bounds()


@dataclass(slots=True)
class Waiting:
    """How much of a charger waits, or of all."""

    items: int = 0
    bytes: int = 0

    def grows(self, by: int, size: int) -> None:
        """So many items more, and so many bytes."""
        self.items += by
        self.bytes += size

    def has_room(self, size: int, most: tuple[int, int]) -> bool:
        """Whether one more of that size stays within the bounds."""
        return self.items < most[0] and self.bytes + size <= most[1]


class Numbered(msgspec.Struct, frozen=True, gc=False):
    """An item as it goes over the pipe, with its number in this run."""

    seq: int
    charger: str
    told: bytes


@dataclass(slots=True)
class Outbox:
    """The items of one run, oldest first; numbers only grow. Used by one thread. Nothing here waits or raises.

    It is what a source is given to hand over signals: call it with a ready signal, or `hears` with a whole message
    that somebody else decodes. `wake` is called when something may be sent.
    """

    now: Callable[[], datetime]
    bounds: Bounds = GENEROUS
    wake: Callable[[], None] = lambda: None
    failed: Callable[[Exception], None] = lambda _error: None
    dropped: Counter[str] = field(default_factory=Counter)  # by charger; only grows
    taken: int = 0  # messages and signals that were kept
    _untold: Counter[tuple[str, Layer]] = field(default_factory=Counter)
    _seq: int = 0
    _beaten: int = 0  # the number of the last beat
    _waiting: deque[Numbered] = field(default_factory=deque)  # sent and not acknowledged, then not sent
    _unsent: deque[Numbered] = field(default_factory=deque)
    _by_charger: dict[str, Waiting] = field(default_factory=dict)
    _all: Waiting = field(default_factory=Waiting)

    def __call__(self, signal: Signal) -> None:
        """A source made a signal."""
        self._guarded(lambda: self._takes(Ready(signal, self.now()), signal.charger, len(signal.raw)))

    def hears(self, heard: Heard) -> None:
        """A whole message passed."""
        try:
            self._takes(heard, heard.charger, len(heard.payload))
        except Exception as error:  # noqa: BLE001  # whatever our side raises, the wire goes on
            self.failed(error)

    def knows(self, item: Known | Shown) -> None:
        """Something that must not be lost: who a charger is, what was told of a case. There are few of these."""
        self._guarded(lambda: self._keeps(item, ""))

    def beats(self) -> None:
        """Time went on; what had to be left out since the last time becomes a signal of its own."""
        self._guarded(self._beat)

    def unsent(self, most: int) -> bytes:
        """What to send next: some of what was not sent yet, not many more bytes than `most`; empty when all is sent."""
        told: list[bytes] = []
        size = 0
        while self._unsent and size < most:
            each = self._unsent.popleft()
            told.append(each.told)
            size += len(each.told)
        return b"".join(told)

    def acknowledged(self, seq: int) -> None:
        """All up to this number is journaled."""
        while self._waiting and self._waiting[0].seq <= seq:
            self._leaves(self._waiting.popleft())
        while self._unsent and self._unsent[0].seq <= seq:
            self._unsent.popleft()

    def begins_again(self) -> None:
        """There is another child: what was not acknowledged is sent again, in its order."""
        self._unsent = deque(self._waiting)
        self.wake()

    @property
    def waiting(self) -> int:
        """How many messages and signals are not acknowledged."""
        return self._all.items - self._by_charger.get("", Waiting()).items

    @property
    def is_empty(self) -> bool:
        """Whether all is acknowledged."""
        return not self._waiting

    @property
    def last(self) -> int:
        """The number of the newest item."""
        return self._seq

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  # whatever our side raises, the wire goes on
            self.failed(error)

    def _takes(self, item: Heard | Ready, charger: str, size: int) -> None:
        if self._has_room(charger, size):
            self._keeps(item, charger)
            self.taken += 1
            return
        layer = "ocpp" if isinstance(item, Heard) else item.signal.layer
        named = charger if charger in self.dropped or len(self.dropped) < MOST_NAMED else ""
        self.dropped[named] += 1
        self._untold[named, layer] += 1

    def _has_room(self, charger: str, size: int) -> bool:
        mine = self._by_charger.get(charger) or Waiting()
        if mine.has_room(size, self.bounds.of_one) and self._all.has_room(size, self.bounds.of_all):
            return True
        items, size_of_all = self.bounds.of_all
        return mine.has_room(size, self.bounds.few) and self._all.has_room(size, (2 * items, 2 * size_of_all))

    def _beat(self) -> None:
        for (charger, layer), count in list(self._untold.items()):
            if self._has_room(charger, 0):
                self._keeps(Ready(lost(charger, layer, count, self.now()), self.now()), charger)
                del self._untold[charger, layer]
        if not self._waiting or self._waiting[0].seq > self._beaten:  # one that waits is enough
            self._keeps(Beat(self.now()), "")
            self._beaten = self._seq

    def _keeps(self, item: Item, charger: str) -> None:
        self._put(self._numbered(item), charger)

    def _numbered(self, item: Item) -> bytes:
        return packed((self._seq + 1, item))

    def _put(self, told: bytes, charger: str) -> None:
        self._seq += 1
        each = Numbered(self._seq, charger, told)
        self._waiting.append(each)
        self._unsent.append(each)
        self._by_charger.setdefault(charger, Waiting()).grows(1, len(told))
        self._all.grows(1, len(told))
        self.wake()

    def _leaves(self, each: Numbered) -> None:
        self._all.grows(-1, -len(each.told))
        mine = self._by_charger[each.charger]
        mine.grows(-1, -len(each.told))
        if not mine.items:
            del self._by_charger[each.charger]


def lost(charger: str, layer: Layer, count: int, at: datetime, why: str = "more came in than could be kept") -> Signal:
    """What stands in the record for messages or signals that could not be kept, so that the gap is seen."""
    fields: dict[str, Scalar] = {"count": count, "why": why}
    return Signal(layer=layer, kind="lost", charger=charger, at=at, fields=fields, marks=(LOST,))
