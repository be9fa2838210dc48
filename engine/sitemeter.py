"""Site meter: what a meter reads of a site's supply, told to every charger that stands there.

A charger is told what is out of the ordinary, what ends it, and now and then how it stands: the rest says nothing that
a charger could suffer from, and a meter that reads every second must not push a charger's own words out of its case.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from chargelore.engine.places import NO_PLACES, Key, Places
from chargelore.engine.signal import Scalar, Signal

SHARED = "site-meter"  # mark of what a meter says of a charger's site
KEPT = 200  # signals of a place that a charger hears of which speaks up later
STANDS = timedelta(minutes=10)  # between two ordinary samples that a charger is told of
RECENT = timedelta(hours=1)  # so old a charger that speaks up is told of it

# What is ordinary, in EN 50160: 230 V ±10 %, 50 Hz ±1 %, THD up to 8 %, long-time flicker up to 1, unbalance up to 2 %.
_ORDINARY = {
    "voltage": (207.0, 253.0), "frequency": (49.5, 50.5), "thd": (0.0, 8.0), "flicker": (0.0, 1.0),
    "unbalance": (0.0, 2.0),
}  # fmt: skip


class SiteMeters:
    """The meters of all sites. Lives as long as a watch."""

    def __init__(self, places: Places = NO_PLACES) -> None:
        self._places = places
        self._kept: defaultdict[Key, deque[Signal]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._told: dict[str, tuple[datetime | None, bool]] = {}  # by meter: when, and if ordinary

    def is_meter(self, name: str) -> bool:
        """Whether the places file names it as a meter."""
        return self._places.measured_by(name) is not None

    def tells(self, signal: Signal) -> bool:
        """Whether the chargers of the site are to hear this signal of their meter; it is kept for those to come."""
        key = self._places.measured_by(signal.charger)
        if key is None or signal.layer != "grid" or not self._is_news(signal):
            return False
        self._kept[key].append(signal)
        return True

    def concerns(self, meter: str, charger: str) -> bool:
        """Whether a charger stands where a meter measures."""
        return self._places.measured_by(meter) in self._places.keys(charger)

    def before(self, charger: str, at: datetime | None) -> Iterator[Signal]:
        """What the meters of its places told lately, for a charger that speaks up now."""
        for key in self._places.keys(charger) if self._kept else ():
            for signal in self._kept.get(key, ()):
                if at is None or signal.at is None or at - signal.at <= RECENT:
                    yield of(signal, charger)

    def _is_news(self, signal: Signal) -> bool:
        if signal.kind != "supply":
            return True
        is_ordinary = all(_is_ordinary(name, value) for name, value in signal.fields.items())
        last, was_ordinary = self._told.get(signal.charger, (None, False))
        is_due = last is None or signal.at is None or abs(signal.at - last) >= STANDS
        if is_ordinary and was_ordinary and not is_due:
            return False
        self._told[signal.charger] = (signal.at, is_ordinary)
        return True


def of(signal: Signal, charger: str) -> Signal:
    """A meter's signal as it concerns one charger of the site."""
    fields = {**signal.fields, "meter": signal.charger}
    return replace(signal, charger=charger, fields=fields, marks=(*signal.marks, SHARED))


def _is_ordinary(name: str, value: Scalar) -> bool:
    known = _ORDINARY.get(name.partition(".")[0])
    if known is None or not isinstance(value, int | float) or name in ("voltage.n", "voltage.l1l2", "voltage.l2l3"):
        return True
    return known[0] <= value <= known[1]
