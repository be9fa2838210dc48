"""Growing: a log that is still being written is read as it grows, with the words and formats of a whole one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from msgspec.structs import replace

from chargelore.engine.clocks.arrival import ARRIVED
from chargelore.engine.decode.clock import Clock
from chargelore.engine.decode.logs import FORMATS, PLAIN, recognised
from chargelore.engine.decode.logs.placing import Placing
from chargelore.engine.decode.logs.reader import records
from chargelore.engine.decode.logs.record import Line, Record
from chargelore.engine.decode.logs.repeats import Once
from chargelore.engine.decode.logs.sayings import Sayings
from chargelore.engine.decode.logs.tables import table_in
from chargelore.engine.decode.logs.telling import signals
from chargelore.engine.decode.slicing import lines_in
from chargelore.engine.read import SAMPLE, SAMPLED_LINES, day_told, only_charger
from chargelore.engine.signal import Signal
from chargelore.kb.errors import UseError

BY_CONTENT = ""  # a format that is to be recognised


@dataclass(frozen=True, slots=True)
class Manner:
    """How a log is written: its format's name, how lines become records, and where these belong.

    `first` is the number of the line behind the head of a table, 1 where there is none.
    """

    name: str
    records: Callable[[Iterator[Line]], Iterator[Record]]
    place: Placing
    first: int = 1


def checked_format(name: str) -> str:
    """A format that a person named. UseError when there is none of that name."""
    known = sorted({*FORMATS, PLAIN.name})
    if name == BY_CONTENT or name in known:
        return name
    raise UseError(f"no log format is called `{name}`", mend=f"leave it out, or use one of {', '.join(known)}")


def manner_of(sample: str, form: str, today: date) -> Manner:
    """How a log is written that begins with this sample, or is written in that format; no date in it means today."""
    shown = sample.splitlines()[:SAMPLED_LINES]
    table = table_in(shown) if form == BY_CONTENT else None
    if table is not None:
        return Manner(table.name, table.told, Placing(), getattr(table.source, "head", 0) + 1)
    layout = {**FORMATS, PLAIN.name: PLAIN}[form] if form else recognised([line for line in shown if line.strip()])
    begin = list(islice(records(lines_in([sample.encode("utf-8", "replace")]), layout), SAMPLED_LINES))
    place = Placing(side=layout.side, sole=only_charger(begin), clock=Clock(hint=day_told(begin) or today))
    return Manner(layout.name, lambda lines: records(lines, layout), place)


@dataclass(slots=True)
class Growing:
    """What is remembered of a log between two pieces of it. Lives as long as one file, until the next takes its name.

    `charger` is whose log it is where it is one charger's: then all in it is said of that one, whatever the lines call
    it. What says no time is as old as its arrival once `is_live`.
    """

    now: Callable[[], datetime]
    form: str = BY_CONTENT
    charger: str = ""
    is_live: bool = False
    manner: Manner | None = None
    sample: str = ""
    once: Once = field(default_factory=Once)
    sayings: Sayings = field(default_factory=Sayings)

    def sees(self, text: str) -> None:
        """Look at the begin of the log, or at more of it, to tell its format; one that nobody knows is asked again."""
        self.sample = (self.sample + text)[:SAMPLE]
        manner = manner_of(self.sample, self.form, self.now().date())
        if self.manner is None or manner.name != self.manner.name:
            self.manner = manner

    @property
    def wonders(self) -> bool:
        """Whether more of the log would help to tell its format."""
        if self.manner is None:
            return True
        has_seen_enough = len(self.sample) >= SAMPLE or self.sample.count("\n") >= SAMPLED_LINES
        return not self.form and self.manner.name == PLAIN.name and not has_seen_enough

    def signals(self, lines: Iterator[Line]) -> Iterator[Signal]:
        """What these lines say, up to their end; nothing is held back for what may follow."""
        if self.manner is None:
            self.sees("")
        manner = self.manner or manner_of("", self.form, self.now().date())
        for placed in self.once.passed(map(manner.place.placed, manner.records(lines))):
            yield from map(self._own, signals(placed, self.sayings))

    def _own(self, signal: Signal) -> Signal:
        """The signal, of the charger whose log this is, with a time."""
        if self.charger:
            signal = replace(signal, charger=self.charger)
        if signal.at is None and self.is_live:
            return replace(signal, at=self.now(), marks=(*signal.marks, ARRIVED))
        return signal
