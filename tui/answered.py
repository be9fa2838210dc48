"""Answered: what makers answer while a watch runs counts in its open cases within a minute."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chargelore.engine.watch import Watch
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.events import ANSWERED, EDGE, NODE, RETRACT
from chargelore.tui.live import laid_over
from chargelore.tui.speech import t

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store

EVERY = timedelta(minutes=1)
KINDS = (ANSWERED, RETRACT, NODE, EDGE)  # an answer may come with a cause and a step that are new
NOTHING: frozenset[str] = frozenset()


class Answered:
    """Hears of the answers in a store. Lives as long as the watch, on its thread.

    A case that an answer was given to stays open until its charger is in order; only its diagnosis changes.
    """

    def __init__(
        self, opened: Callable[[], AbstractContextManager[Store]], watch: Watch, tells: Callable[[str], object]
    ) -> None:
        self._opened, self._watch, self._tells = opened, watch, tells
        self._pulse: tuple[int, str] | None = None
        self._next: datetime | None = None

    def looks(self, now: datetime) -> frozenset[str]:
        """Take in what is new now and then; the open cases whose diagnosis may have changed.

        A store that cannot be read changes nothing: whoever records there complains of it.
        """
        if self._next is not None and now < self._next:
            return NOTHING
        self._next = now + EVERY
        try:
            with self._opened() as store:
                return self._works(store)
        except ChargeloreError:
            return NOTHING

    def _works(self, store: Store) -> frozenset[str]:
        if (pulse := store.pulse(*KINDS)) == self._pulse:
            return NOTHING
        self._pulse = pulse
        learned = store.learned()
        if learned.answers == self._watch.learned.answers:
            return NOTHING
        self._watch.relearn(learned, laid_over(store))
        for case in self._watch.cases:
            if any(each.likeness == "same" for each in self._watch.diagnosis(case).maker_said):
                self._tells(t("{case}: the maker answered this trouble", case=case))
        return frozenset(self._watch.cases)
