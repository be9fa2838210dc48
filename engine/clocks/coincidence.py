"""Coincidence: two recordings that share no dated message show by what both tell how far their clocks are apart.

A code that both print, and current that begins to flow when a session begins, happened once. Where only one offset
makes them fall together, and it is that of a time zone or of the charger's own clock, it is how far they are apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

from chargelore.engine.clocks.skew import ZONES
from chargelore.engine.signal import Signal

NEAR_BY = 60.0  # seconds within which two recordings tell of one thing
FEWEST_SHARED = 3  # things that must fall together
MOST_MOMENTS = 500  # of one sort
EDGE = 1_000.0  # watts by which power rises or falls at once when a vehicle begins or ends to charge
KILO = 1_000.0
ZONES_OFF = tuple(-zone for zone in ZONES)  # to be added to times of a clock that is ahead by a zone

Moments = Mapping[str, Sequence[float]]  # what was told -> when, in seconds since 1970, in order


class Fit(NamedTuple):
    """Seconds to add to the times of a recording, how many things fall together then, and within what."""

    by: float
    shared: int
    within: float


def moments(signals: Iterable[Signal]) -> Moments:
    """What a recording tells that another may tell too."""
    found: dict[str, list[float]] = {}
    state: dict[str, float | str] = {}
    for signal in signals:
        if signal.at is None:
            continue
        at = (signal.at if signal.at.tzinfo else signal.at.replace(tzinfo=UTC)).timestamp()
        for name in _told(signal, state):
            times = found.setdefault(name, [])
            if len(times) < MOST_MOMENTS:
                times.append(at)
    return {name: sorted(times) for name, times in found.items()}


def _told(signal: Signal, state: dict[str, float | str]) -> Iterator[str]:
    if signal.kind == "code":
        yield f"code {str(signal.fields.get('code')).lower()}"
    elif signal.kind in ("start", "stop"):
        yield "on" if signal.kind == "start" else "off"
    elif signal.kind == "status":
        yield from _turned(f"status {signal.connector}", str(signal.fields.get("status")), state)
    elif signal.kind in ("meter", "reading", "supply"):
        yield from _edge(signal, state)


def _turned(name: str, status: str, state: dict[str, float | str]) -> Iterator[str]:
    before, state[name] = state.get(name), status
    if before is not None and (before == "Charging") != (status == "Charging"):
        yield "on" if status == "Charging" else "off"


def _edge(signal: Signal, state: dict[str, float | str]) -> Iterator[str]:
    fields = signal.fields
    name, power = str(fields.get("name") or "power"), fields.get("power", fields.get("value"))
    if "power" not in name.lower() or isinstance(power, str | bool | None):
        return
    watts = power * (KILO if str(fields.get("unit")).lower() == "kw" else 1.0)
    key = f"{name} {fields.get('part')} {signal.connector}"
    before, state[key] = state.get(key), watts
    if isinstance(before, float | int) and abs(watts - before) >= EDGE:
        yield "on" if watts > before else "off"


def apart(one: Moments, other: Moments, also: Iterable[float] = ()) -> Fit | None:
    """What is to be added to the times of the other recording; None where nothing proves it, or nothing is to be moved.

    `also` are offsets that are likely besides those of time zones.
    """
    fits = sorted((_fit(one, other, by) for by in (0.0, *ZONES_OFF, *also)), key=lambda each: -each.shared)
    best = fits[0]
    rivals = (each.shared for each in fits[1:] if abs(each.by - best.by) > 2 * NEAR_BY)
    if best.shared < FEWEST_SHARED or 2 * best.shared < 3 * max(rivals, default=0) or not best.by:
        return None
    return best


def _fit(one: Moments, other: Moments, by: float) -> Fit:
    gaps = [
        gap for name, times in other.items() for at in times if (gap := _gap(one.get(name, ()), at + by)) <= NEAR_BY
    ]
    return Fit(by, len(gaps), max(gaps, default=0.0))


def _gap(times: Sequence[float], at: float) -> float:
    place = bisect_left(times, at)
    return min((abs(each - at) for each in times[max(0, place - 1) : place + 1]), default=float("inf"))
