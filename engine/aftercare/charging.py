"""Charging: sessions of one charger as they run and end, and which of them were good. Pure; memory is bounded.

A good session started, delivered energy and ended as a visit does, with no fault on its connector meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite

from chargelore.engine.signal import Signal

MOST_RUNNING = 16  # sessions of one charger at once
MOST_ENERGY = 10_000_000  # Wh in one session; more is a meter that jumped
LEAST_ENERGY = 100.0  # Wh; less may be the jitter of a register, or a contactor that opened at once
START_ACTIONS = frozenset({"StartTransaction"})
# Ends that nobody has to look into; no reason at all means Local, says OCPP.
NORMAL_ENDS = frozenset(
    {
        "", "local", "remote", "evdisconnected", "stoppedbyev", "soclimitreached", "energylimitreached",
        "timelimitreached", "localoutofcredit", "masterpass",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Charge:
    """A good session: when it began and ended, the energy in whole Wh, the connector where the charger named one."""

    began: datetime
    ended: datetime
    connector: int
    energy: int


@dataclass(frozen=True, slots=True)
class Run:
    """A session that runs. `first` and `last` are readings of its meter in Wh; `number` is that of the transaction."""

    connector: int
    began: datetime
    number: str = ""
    first: float | None = None
    last: float | None = None
    is_spoilt: bool = False


Running = tuple[Run, ...]
Step = tuple[Running, Charge | None]


def step(running: Running, signal: Signal) -> Step:
    """Take one signal of the charger, as rules hear it; out comes a session that ended well with it."""
    take = TAKES.get(signal.kind)
    return take(running, signal) if take is not None else (running, None)


def in_utc(at: datetime | None) -> datetime | None:
    """A time in UTC; one without a zone is in UTC already."""
    return at if at is None or at.tzinfo is not None else at.replace(tzinfo=UTC)


def _starts(running: Running, signal: Signal) -> Step:
    place, number, at = signal.connector or 0, _number(signal), in_utc(signal.at)
    rest = tuple(each for each in running if each.connector != place and not (number and each.number == number))
    if at is None:  # when it began nobody can tell, so it proves nothing
        return rest, None
    new = Run(place, at, number, first=_reading(signal, "meterStart"))
    return (*rest, new)[-MOST_RUNNING:], None


def _answers(running: Running, signal: Signal) -> Step:
    """In OCPP 1.6 the management system numbers a transaction when it answers."""
    if signal.fields.get("action") not in START_ACTIONS or not (number := _number(signal)):
        return running, None
    place = signal.connector or 0
    return tuple(replace(each, number=number) if each.connector == place else each for each in running), None


def _meters(running: Running, signal: Signal) -> Step:
    value, found = _reading(signal, "energy"), _found(running, signal)
    if value is None or found is None:
        return running, None
    first = value if found.first is None else found.first
    return _put(running, found, replace(found, first=first, last=value)), None


def _spoils(running: Running, signal: Signal) -> Step:
    if signal.kind == "status" and signal.fields.get("status") != "Faulted":
        return running, None
    place = signal.connector or 0
    return tuple(replace(each, is_spoilt=True) if place in (0, each.connector) else each for each in running), None


def _stops(running: Running, signal: Signal) -> Step:
    found = _found(running, signal)
    if found is None:
        return running, None
    left, at = tuple(each for each in running if each is not found), in_utc(signal.at)
    is_normal = str(signal.fields.get("reason") or "").strip().lower() in NORMAL_ENDS
    energy = _delivered(found, _reading(signal, "meterStop"))
    is_charged = LEAST_ENERGY <= energy <= MOST_ENERGY
    if found.is_spoilt or not is_normal or at is None or at <= found.began or not is_charged:
        return left, None
    return left, Charge(found.began, at, found.connector, round(energy))


TAKES: Mapping[str, Callable[[Running, Signal], Step]] = {
    "start": _starts, "answer": _answers, "meter": _meters, "fault": _spoils, "status": _spoils, "stop": _stops,
}  # fmt: skip


def _found(running: Running, signal: Signal) -> Run | None:
    """The session that a signal belongs to: by its number, else by connector, else the only one; None in doubt."""
    number = _number(signal)
    if number and (same := [each for each in running if each.number == number]):
        return same[0]
    fits = [each for each in running if not (number and each.number)]
    if signal.connector:
        fits = [each for each in fits if each.connector == signal.connector]
    return fits[0] if len(fits) == 1 else None


def _put(running: Running, old: Run, new: Run) -> Running:
    return tuple(new if each is old else each for each in running)


def _delivered(run: Run, last: float | None) -> float:
    """Energy in Wh; nothing where the meter was not told."""
    end = run.last if last is None else last
    return end - run.first if end is not None and run.first is not None else 0.0


def _number(signal: Signal) -> str:
    said = signal.fields.get("transactionId")
    return "" if said is None or isinstance(said, bool) else str(said)


def _reading(signal: Signal, name: str) -> float | None:
    """A reading of the meter, however it was written; None for what is none."""
    try:
        value = float(str(signal.fields.get(name)))
    except ValueError:
        return None
    return value if isfinite(value) else None
