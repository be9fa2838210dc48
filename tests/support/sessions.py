"""Sessions for tests of learning: signals at seconds after noon, as rules hear them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from moments import signal, status

from chargelore.engine.drafting.session import Session
from chargelore.engine.signal import Signal
from chargelore.kb.model import CauseId

CAUSE = CauseId("water-in-coupler")


def session(name: str, signals: Iterable[Signal], cause: CauseId | None = None) -> Session:
    """A session with its signals in the order of time; healthy unless a cause is given."""
    told = sorted(signals, key=lambda each: each.at.timestamp() if each.at else 0.0)
    return Session(name=name, cause=cause, signals=tuple(told))


def trip(at: float, fault: str = "ground-fault-trip") -> Signal:
    """A canonical fault on connector 1."""
    return signal(at, "fault", {"fault": fault, "relation": "exact", "code": "GroundFailure"}, connector=1)


def day(begin: float = 0.0, *, charges_for: float = 1800.0, plug_in: float = 20.0) -> Iterator[Signal]:
    """What a healthy charger says of one customer."""
    yield status(begin, "Available")
    yield status(begin + 100, "Preparing")
    yield signal(begin + 100 + plug_in, "start", {"idTag": "SOMEBODY", "meterStart": 10}, connector=1)
    yield status(begin + 101 + plug_in, "Charging")
    for minute in range(0, int(charges_for), 300):
        yield meter(begin + 160 + plug_in + minute, 30.0)
    yield signal(begin + 200 + plug_in + charges_for, "stop", {"reason": "Local", "meterStop": 99}, connector=1)
    yield status(begin + 201 + plug_in + charges_for, "Finishing")


def meter(at: float, temperature: float) -> Signal:
    """A sample with a temperature."""
    return signal(at, "meter", {"current": 16.0, "current.offered": 16.0, "temperature": temperature}, connector=1)


def log(at: float, text: str) -> Signal:
    """A line of the charger's own log."""
    return signal(at, "log", {"text": text, "level": "info"})
