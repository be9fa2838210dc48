"""Grid watch: the dips, swells and interruptions that a meter's own samples show, as far as they are dense enough.

A column of lowest or highest values shows them whatever the interval, without saying how long they took. Of means only
those that are a few seconds long do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from chargelore.engine.decode.logs.record import Record
from chargelore.engine.decode.logs.tables.gridevents import DIPPED, INTERRUPTED, SWOLLEN, sized
from chargelore.engine.decode.logs.tables.supply import PHASES, nominal_of
from chargelore.engine.signal import Scalar

DENSE = 3.0  # seconds; means over more hide what is short
HYSTERESIS = 2.0  # % by which the voltage must come back
REMEMBERED = 200  # voltages by which the nominal one is told
COMPUTED = "computed"  # mark of an event that no recorder told


@dataclass(slots=True)
class _Run:
    """A phase that is out of limits: since which sample, and the worst of it."""

    kind: str
    worst: float
    record: Record
    rows: int = 1


@dataclass(slots=True)
class _Eye:
    """What was seen of one meter; lives for one reading."""

    interval: float
    usual: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    runs: dict[str, _Run] = field(default_factory=dict)
    nominal: float = 230.0

    def looks(self, record: Record, fields: Mapping[str, Scalar]) -> Iterator[Record]:
        """The events that a sample ends, or holds by itself."""
        for phase in ("", *(f".{each}" for each in PHASES)):
            mean = fields.get(f"voltage{phase}")
            if isinstance(mean, int | float) and (phase or "voltage.l1" not in fields):
                self._learns(mean)
                if 0 < self.interval <= DENSE:
                    yield from self._follows(phase, mean, record)
            for least in ("min", "max"):
                extreme = fields.get(f"voltage.{least}{phase}")
                if isinstance(extreme, int | float) and (kind := self._kind(100 * extreme / self.nominal, "")):
                    yield _event(record, kind, 100 * extreme / self.nominal, phase, None)

    def _learns(self, voltage: float) -> None:
        self.usual.append(voltage)
        if len(self.usual) <= 20 or len(self.usual) % 50 == 0:
            self.nominal = nominal_of(self.usual)

    def _kind(self, share: float, running: str) -> str:
        """Dip or swell, with hysteresis for what is one already."""
        slack = HYSTERESIS if running else 0.0
        if share < DIPPED + slack and running != "swell":
            return "dip"
        return "swell" if share > SWOLLEN - slack and running != "dip" else ""

    def _follows(self, phase: str, voltage: float, record: Record) -> Iterator[Record]:
        share, run = 100 * voltage / self.nominal, self.runs.get(phase)
        kind = self._kind(share, run.kind if run else "")
        if run is not None and kind == run.kind:
            run.worst, run.rows = (min if kind == "dip" else max)(run.worst, share), run.rows + 1
            return
        if run is not None:
            yield self._ended(phase, self.runs.pop(phase), record)
        if kind:
            self.runs[phase] = _Run(kind, share, record)

    def _ended(self, phase: str, run: _Run, record: Record) -> Record:
        return _event(record, run.kind, run.worst, phase, run.rows * self.interval)

    def ends(self) -> Iterator[Record]:
        """What still lasted when the meter's log ended; nobody knows how long."""
        yield from (_event(run.record, run.kind, run.worst, phase, None) for phase, run in self.runs.items())


def with_events(told: Iterable[Record], interval: float) -> Iterator[Record]:
    """The samples, and behind each what became clear with it."""
    eyes: dict[str, _Eye] = {}
    for record in told:
        yield record
        if record.fields is not None and record.kind == "supply":
            eye = eyes.get(record.charger) or eyes.setdefault(record.charger, _Eye(interval))
            yield from eye.looks(record, record.fields)
    yield from (event for eye in eyes.values() for event in eye.ends())


def _event(record: Record, kind: str, worst: float, phase: str, duration: float | None) -> Record:
    residual = round(worst, 1)
    fields: dict[str, Scalar] = {"residual": residual, **({"duration": duration} if duration is not None else {})}
    event = "interruption" if kind == "dip" and worst < INTERRUPTED else sized(kind, fields)
    fields = {"event": event, **fields, "phase": phase.removeprefix(".").upper(), "text": f"{event} to {residual} %"}
    return record._replace(kind="grid-event", fields=fields, marks=(*record.marks, COMPUTED))
