"""Doings: what a person wrote since the start, the last one first, so that it can be undone and done again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store


MOST = 200  # writes that can be undone
UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One write: what it was in a few words, and how the live watch follows it there and back.

    `event` is its id in the store; empty where the store could not keep it, so that it counts until the end only.
    `also` are further events of the same write, `kind` is that of its event.
    """

    what: str
    event: str
    do: Callable[[], None]
    undo: Callable[[], None]
    also: tuple[str, ...] = ()
    kind: str = ""


class Doings:
    """Lives as long as the desk. Nothing is deleted: an undo is an event that takes back, a redo takes that back."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._done: list[Doing] = []
        self._undone: list[tuple[Doing, list[str]]] = []
        self.counts: Counter[str] = Counter()  # of writes since the start by kind, and of those taken back

    @property
    def count(self) -> int:
        """How many writes can be undone: it changes with each undo and redo."""
        return len(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether the last thing that happened was an undo."""
        return bool(self._undone)

    def did(self, doing: Doing) -> None:
        """Something new was written: what was undone before it cannot be done again."""
        self.counts[doing.kind] += 1
        self._done = [*self._done[1 - MOST :], doing]
        self._undone = []

    def undo(self) -> Doing | None:
        """Take back the last write; None where there is none. StoreError when that cannot be kept: it stands then."""
        if not self._done:
            return None
        doing = self._done[-1]
        taken = self._take_back((doing.event, *doing.also), UNDONE)
        doing.undo()
        self._done.pop()
        self._undone.append((doing, taken))
        self.counts[UNDONE] += 1
        return doing

    def redo(self) -> Doing | None:
        """Do the last undone write again; None where there is none. StoreError as above."""
        if not self._undone:
            return None
        doing, taken = self._undone[-1]
        self._take_back(taken, "done again")
        doing.do()
        self._undone.pop()
        self._done.append(doing)
        return doing

    def _take_back(self, events: Iterable[str], reason: str) -> list[str]:
        return [self._store().take_back(each, reason).id for each in events if each]
