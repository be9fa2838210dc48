"""Pins: which signals of a case people hold for evidence, and their notes; each pin is an event that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chargelore.engine.case import Case
from chargelore.engine.door import naming_nobody, redacted
from chargelore.engine.signal import Signal
from chargelore.kb.errors import ChargeloreError
from chargelore.kb.pinned import Pinned
from chargelore.tui.doings import Doing, Doings
from chargelore.tui.lines.jumps import pin_name
from chargelore.tui.speech import t

if TYPE_CHECKING:  # SQL is loaded when a store is opened
    from chargelore.kb.store import Store

LONGEST_NOTE = 300
NONE: Mapping[str, Pinned] = {}


def pinned_for(store: Store, case: Case) -> Mapping[str, Pinned]:
    """What is pinned in a case, by the name of the signal. StoreError when it cannot be read."""
    behind = (each for firing in case.firings for each in firing.signals)
    known = frozenset(map(pin_name, (*case.signals, *behind)))
    return store.pinned(case.id, _opened(case), known)


class Pins:
    """Lives as long as the desk. `key` gives the key of pseudonyms, `may_write` raises where nothing is written."""

    def __init__(
        self, store: Callable[[], Store], doings: Doings, key: Callable[[], bytes], may_write: Callable[[], None]
    ) -> None:
        self._store, self._doings, self._key, self._may_write = store, doings, key, may_write
        self._known: dict[tuple[str, str], Mapping[str, Pinned]] = {}

    def of(self, case: Case) -> Mapping[str, Pinned]:
        """What is pinned in a case, by the name of the signal; nothing where the store cannot be read."""
        mark = (case.id, _opened(case))
        if mark not in self._known:
            try:
                self._known[mark] = pinned_for(self._store(), case)
            except ChargeloreError:
                return NONE
        return self._known[mark]

    def on(self, case: Case, signal: Signal) -> Pinned | None:
        """The pin on a signal."""
        pinned = self.of(case)
        return pinned.get(pin_name(signal)) if pinned else None

    def pins(self, case: Case, signal: Signal, note: str = "") -> Pinned:
        """Hold a signal for evidence, with a note that names nobody. StoreError when it cannot be kept."""
        from chargelore.engine.escalating.enclosing import says  # noqa: PLC0415  # it loads the readers of logs

        self._may_write()
        key, told = self._key(), naming_nobody(note, self._key())[:LONGEST_NOTE]
        at = signal.at.isoformat() if signal.at else ""
        said = says(redacted(signal, key))
        pinned = Pinned(name=pin_name(signal), at=at, layer=signal.layer, says=said, note=told)
        event = self._store().record_pinned(case.id, _opened(case), pinned)
        self._did(t("pinned “{what}”", what=said), event.id)
        return pinned

    def drops(self, case: Case, signal: Signal) -> None:
        """It is evidence no more. StoreError when that cannot be kept."""
        self._may_write()
        pinned = self.on(case, signal)
        if pinned is not None:
            self._did(
                t("let go of “{what}”", what=pinned.says), self._store().take_back(pinned.event, "not evidence").id
            )

    def forget(self) -> None:
        """Read anew what stands, as somebody wrote or took back."""
        self._known.clear()

    def _did(self, what: str, event: str) -> None:
        self.forget()
        self._doings.did(Doing(what=what, event=event, do=self.forget, undo=self.forget))


def _opened(case: Case) -> str:
    return case.opened_at.isoformat() if case.opened_at else ""
