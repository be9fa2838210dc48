"""Late: what was recorded here, read while the first screen stands already, as that shows nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from chargelore.engine.handing.life import Life
from chargelore.engine.heard.reportability import NOTHING_HEARD, Sheet
from chargelore.engine.heard.reportbody import sheet_of
from chargelore.engine.sources.clock import utc_now
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.events import ANSWER, TRIED, Event
from chargelore.kb.learned import NOTHING_LEARNED, Learned
from chargelore.kb.load import shipped
from chargelore.kb.model import Knowledge
from chargelore.tui.anew import reported
from chargelore.tui.live import laid_over, opened
from chargelore.tui.speech import t

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store


class LateStore:
    """The store of the data folder, opened when somebody asks for it first, on whichever thread. Closed at the end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._store: Store | None = None

    def __call__(self) -> Store:
        """The store. StoreError where none can be opened."""
        with self._lock:
            if self._store is None:
                self._store = opened()
            return self._store

    def __enter__(self) -> LateStore:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._store is not None:
            self._store.close()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a store held at the start. `said` are answers and steps of cases that may open again,
    `reported` the cases that do.

    `told` says what cannot be read; all else counts.
    """

    known: Knowledge
    heard: Sheet = NOTHING_HEARD
    learned: Learned = NOTHING_LEARNED
    said: tuple[Event, ...] = ()
    reported: tuple[Life, ...] = ()
    told: str = ""


def recorded(store: Callable[[], Store]) -> Recorded:
    """Read it."""
    try:
        events = store()
        said, open_still = events.standing(ANSWER, TRIED), reported(events, utc_now())
        return Recorded(known_in(events), heard_in(events), events.learned(), said, open_still)
    except ChargeloreError as error:
        return Recorded(shipped(), told=unread(error))


def unread(error: ChargeloreError) -> str:
    """The sentence for a store that cannot be read."""
    return t("What was recorded before cannot be read: {why}", why=str(error))


def known_in(store: Store) -> Knowledge:
    """The shipped knowledge with what people added; that alone where the store cannot be read."""
    try:
        return laid_over(store)
    except ChargeloreError:
        return shipped()


def heard_in(store: Store) -> Sheet:
    """What models were heard to send; nothing where the store cannot be read."""
    try:
        return sheet_of(store.heard())
    except ChargeloreError:
        return NOTHING_HEARD
