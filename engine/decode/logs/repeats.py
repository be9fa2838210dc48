"""One frame printed by two loggers is one frame: the fuller print is kept, at the place of the first."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from datetime import timedelta

from chargelore.engine.decode.logs.placing import Placed
from chargelore.engine.decode.message import Message

TOGETHER = timedelta(seconds=2)
NEAR_LINES = 12
REMEMBERED = 512
MANY_CHARGERS = 8  # that use the same id at once; some chargers count from 1

_Key = tuple[int, str]


class Once:
    """Passes records on without second prints; looks `NEAR_LINES` records ahead. Lives for one reading."""

    def __init__(self) -> None:
        self.repeated = 0
        self._held: deque[Placed] = deque()
        self._recent: OrderedDict[_Key, tuple[Placed, ...]] = OrderedDict()

    def passed(self, records: Iterator[Placed]) -> Iterator[Placed]:
        """The records in order; a frame waits a few records for a fuller print of itself."""
        for placed in records:
            if placed.record.message is None and not self._held:
                yield placed
                continue
            if placed.record.message is None or not self._is_repeat(placed, placed.record.message):
                self._held.append(placed)
            while len(self._held) > NEAR_LINES or (self._held and self._held[0].record.message is None):
                yield self._held.popleft()
        yield from self._held
        self._held.clear()

    def _is_repeat(self, placed: Placed, message: Message) -> bool:
        if not message.uid:
            return False
        key = (message.type, message.uid)
        known = self._recent.get(key, ())
        before = next((each for each in known if _same(each, placed)), None)
        if before is None:
            self._remember(key, (placed, *known[: MANY_CHARGERS - 1]))
            return False
        self.repeated += 1
        better = _merged(before, placed)
        if better is not before:
            self._replace(before, better)
            self._remember(key, tuple(better if each is before else each for each in known))
        return True

    def _remember(self, key: _Key, frames: tuple[Placed, ...]) -> None:
        self._recent[key] = frames
        self._recent.move_to_end(key)
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)

    def _replace(self, old: Placed, new: Placed) -> None:
        for index, held in enumerate(self._held):
            if held is old:
                self._held[index] = new


def _same(first: Placed, second: Placed) -> bool:
    """The same frame: near in time - without times, in differently worded lines close by - and nothing contradicts."""
    one, two = first.record, second.record
    if one.message is None or two.message is None or not _agree(one.message, two.message):
        return False
    if first.charger and second.charger and first.charger != second.charger:
        return False
    if first.at is not None and second.at is not None and "no-time" not in second.marks:
        return abs(second.at - first.at) <= TOGETHER
    return one.text.strip() != two.text.strip() and two.line - one.line <= NEAR_LINES


def _agree(one: Message, two: Message) -> bool:
    """Two prints agree if they say the same, or if one of them is shortened and starts as the other does."""
    if "elided" in one.marks + two.marks or "cut" in one.marks + two.marks:
        return not one.action or not two.action or one.action.startswith(two.action[:4])
    return one.action == two.action and one.payload == two.payload and one.error == two.error


def _merged(first: Placed, second: Placed) -> Placed:
    """The fuller print of the two, with all that either of them knows."""
    fuller = second if _gaps(second) < _gaps(first) else first
    charger, sender = first.charger or second.charger, first.sender or second.sender
    if fuller is first and charger == first.charger and sender == first.sender:
        return first
    record = fuller.record._replace(line=first.record.line)
    return Placed(record, first.at, charger, sender, fuller.marks)


def _gaps(placed: Placed) -> int:
    message = placed.record.message
    return 0 if message is None else len({"cut", "elided"} & set(message.marks))
