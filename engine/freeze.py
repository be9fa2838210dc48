"""Freeze frame: how the readings of a charger went in the last minutes before a fault. Time comes with the signals."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chargelore.engine.signal import Scalar, Signal

FROZEN = timedelta(minutes=5)
MOST_COURSES = 256  # readings by name, of one charger; what a device invents beyond that is left out
MOST_MOVES = 6  # readings that moved, in one line
MOST_POINTS = 64  # changes of one reading; at one every five seconds that is more than FROZEN
Name = tuple[str, str, int | None]  # of the reading, its part, its connector


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One reading over the last minutes before a fault: its changes, the first being what stood at the beginning."""

    name: str
    part: str
    unit: str
    points: tuple[tuple[datetime, Scalar], ...]

    @property
    def has_changed(self) -> bool:
        """Whether it moved at all."""
        return len(self.points) > 1


@dataclass(slots=True)
class Freezer:
    """The last changes of every reading of one charger. Lives as long as the charger is under watch."""

    courses: dict[Name, deque[Signal]] = field(default_factory=dict)

    def takes(self, signal: Signal) -> None:
        """A reading joins where it says something new; anything else is let by."""
        if signal.kind != "reading" or signal.at is None:
            return
        name = _name(signal)
        if name not in self.courses and len(self.courses) >= MOST_COURSES:
            return
        course = self.courses.setdefault(name, deque(maxlen=MOST_POINTS))
        if not course or course[-1].fields.get("value") != signal.fields.get("value"):
            course.append(signal)

    def frame(self, at: datetime | None) -> tuple[Signal, ...]:
        """What stood FROZEN before `at` and every change since, in order of time; nothing without a time."""
        if at is None:
            return ()
        kept = [each for course in self.courses.values() for each in _since(course, at)]
        return tuple(sorted(kept, key=_time))


def courses(frame: Iterable[Signal]) -> tuple[Course, ...]:
    """A freeze frame by reading; those that moved come first."""
    by_name: dict[Name, list[Signal]] = {}
    for signal in frame:
        by_name.setdefault(_name(signal), []).append(signal)
    found = [_course(name, signals) for name, signals in by_name.items()]
    return tuple(sorted(found, key=lambda each: not each.has_changed))


def moves(frame: Iterable[Signal]) -> str:
    """What moved in the last minutes before a fault, from what to what: `state C → E, current.l1 15.9 → 0 A`."""
    moved = [each for each in courses(frame) if each.has_changed]
    told = [f"{each.name} {each.points[0][1]} → {each.points[-1][1]} {each.unit}".strip() for each in moved]
    return ", ".join(told[:MOST_MOVES]) + (f" and {len(told) - MOST_MOVES} more" if len(told) > MOST_MOVES else "")


def _course(name: Name, signals: list[Signal]) -> Course:
    points = tuple((_time(each), each.fields.get("value")) for each in signals)
    return Course(name=name[0], part=name[1], unit=_text(signals[-1].fields, "unit"), points=points)


def _since(course: Iterable[Signal], at: datetime) -> list[Signal]:
    """The changes up to `at`, without those that another had replaced before the last minutes began."""
    then = [each for each in course if _time(each) <= at]
    before = [each for each in then if _time(each) <= at - FROZEN]
    return then[max(len(before) - 1, 0) :]


def _name(signal: Signal) -> Name:
    return _text(signal.fields, "name"), _text(signal.fields, "part"), signal.connector


def _text(fields: Mapping[str, Scalar], key: str) -> str:
    return str(fields.get(key) or "")


def _time(signal: Signal) -> datetime:
    assert signal.at is not None  # noqa: S101  # a reading without a time is never taken
    return signal.at
