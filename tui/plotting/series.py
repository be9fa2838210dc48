"""Series: values over time, out of signals and cases. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chargelore.engine.signal import Signal
from chargelore.engine.units import FACTORS

MOST = 5_000  # signals that are looked at, the last ones
QUANTITIES = (
    ("Power", "power", "kW", 0.001),
    ("Current", "current", "A", 1.0),
    ("Temperature", "temperature", "°C", 1.0),
)
STEPS = ((timedelta(hours=4), timedelta(minutes=10)), (timedelta(hours=48), timedelta(hours=1)))
DAY = timedelta(days=1)
MOST_BARS = 60
ABSURD = 1e9  # of W, A or °C: no charger measures that, whatever a frame says; infinite and not a number neither
DIGITS = 3  # finer no charger measures, and axes cannot be marked for less
Point = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one quantity in their unit, in order of time."""

    name: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many within each step of time, from the first one that holds any to the one that is now."""

    step: timedelta
    counts: tuple[tuple[datetime, int], ...]


def measured(signals: Sequence[Signal], connector: int | None) -> tuple[Series, ...]:
    """Power and temperature of a connector, as far as they were told; the current where nobody told the power."""
    heard = [each for each in signals if each.at is not None and (not connector or each.connector in (None, connector))]
    found = [
        Series(name, unit, tuple(sorted(_values(heard, field, factor)))) for name, field, unit, factor in QUANTITIES
    ]
    told = {each.name: each for each in found if each.points}
    if "Power" in told:
        told.pop("Current", None)
    return tuple(told.values())


def _values(signals: Iterable[Signal], field: str, factor: float) -> Iterator[Point]:
    for each in signals:
        value = _sane(each.fields.get(field)) if each.kind == "meter" else _register(each, field)
        if value is not None and each.at is not None:
            yield each.at, round(value * factor, DIGITS)


def _register(signal: Signal, field: str) -> float | None:
    """What a register says, in the unit of the field."""
    value = _sane(signal.fields.get("value"))
    if value is None or signal.kind != "reading" or field not in str(signal.fields.get("name")).lower():
        return None
    return value * FACTORS.get(str(signal.fields.get("unit")).lower(), ("", 1.0))[1]


def _sane(value: object) -> float | None:
    """A number that somebody may have measured; None for all else that a frame may hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < ABSURD else None


def thinned(points: Sequence[Point], most: int) -> tuple[Point, ...]:
    """At most so many points; of those that fall together the least and the most stay, so that no peak is lost."""
    if len(points) <= most:
        return tuple(points)
    size = -(-len(points) // max(1, most // 2))
    kept: list[Point] = []
    for start in range(0, len(points), size):
        some = points[start : start + size]
        ends = {min(some, key=lambda each: each[1]), max(some, key=lambda each: each[1])}
        kept += sorted(ends)
    return tuple(kept)


def rate(times: Iterable[datetime], now: datetime) -> Rate:
    """How often something happened: every ten minutes, hour or day, by how long ago it began."""
    known = sorted(each.astimezone(UTC) for each in times)
    now = max(now.astimezone(UTC), known[-1]) if known else now
    span = now - known[0] if known else timedelta()
    step = next((step for limit, step in STEPS if span <= limit), DAY)
    counted = Counter(_floor(each, step) for each in known)
    if not counted:
        return Rate(step, ())
    end = _floor(now, step)
    places = max(0, (end - min(counted)) // step)
    shown = (end - step * back for back in range(min(places, MOST_BARS - 1), -1, -1))
    return Rate(step, tuple((each, counted[each]) for each in shown))


def _floor(at: datetime, step: timedelta) -> datetime:
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return start + (at - start) // step * step
