"""Pace: a key and its paint come first; other work of the screens is done in pieces while no key is worked on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from sys import getswitchinterval, setswitchinterval
from time import monotonic

KEY_FIRST = 0.25  # seconds that belong to a key alone at the longest; it is painted long before, unless others compute
PATIENCE = 0.5  # seconds that other work waits for keys at the longest: who holds a key down sees the screen go on
PULSE = 0.05  # seconds between two pieces of work
# Seconds until a thread that asks for the interpreter gets it. Keys are read and the screen is written by threads that
# ask several times for each key; Python's 5 ms each time are more than all the rest of a key.
SWITCH = 0.0005

Clock = Callable[[], float]


class Pace:
    """Knows when a key was pressed last, and whether what it did is on the screen."""

    def __init__(self, clock: Clock = monotonic) -> None:
        self._clock, self._open = clock, 0
        self._pressed_at = self._taken_at = clock()
        self._switch = getswitchinterval()

    def begins(self) -> None:
        """The screens stand: who reads keys and writes the screen waits no longer than needs be."""
        self._switch = getswitchinterval()
        setswitchinterval(SWITCH)

    def ends(self) -> None:
        """As it was before."""
        setswitchinterval(self._switch)

    @property
    def is_taken(self) -> bool:
        """Whether a key is being worked on, which comes before all else."""
        return self._open > 0 and self._clock() - self._taken_at < KEY_FIRST

    def pressed(self) -> None:
        """A key was pressed."""
        self._pressed_at = self._clock()
        if not self.is_taken:
            self._open, self._taken_at = 0, self._pressed_at
        self._open += 1

    def painted(self) -> None:
        """What a key did is on the screen."""
        self._open = max(0, self._open - 1)

    def rested(self) -> float:
        """The seconds since the last key."""
        return self._clock() - self._pressed_at


@dataclass(slots=True)
class Chore:
    """What is done now and then; `due_at` is when it is due next."""

    every: float
    does: Callable[[], object]
    due_at: float


class Chores:
    """Work beside keys: at each pulse one piece of it, that which waited longest."""

    def __init__(self, pace: Pace, clock: Clock = monotonic) -> None:
        self._pace, self._clock = pace, clock
        self._chores: list[Chore] = []
        self._done_at = clock()

    def every(self, seconds: float, does: Callable[[], object]) -> None:
        """From now on this is done so often, or a little later."""
        self._chores.append(Chore(seconds, does, self._clock() + seconds))

    def pulse(self) -> None:
        """Do what is due longest, unless a key is being worked on."""
        now = self._clock()
        if self._pace.is_taken and now - self._done_at < PATIENCE:
            return
        due = [each for each in self._chores if each.due_at <= now]
        if due:
            chore = min(due, key=lambda each: each.due_at)
            chore.due_at, self._done_at = now + chore.every, now
            chore.does()
