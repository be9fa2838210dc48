"""Caseframes: the timeline of a case from where most of it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from chargelore.engine.case import Case
from chargelore.engine.signal import Signal
from chargelore.kb.errors import ChargeloreError
from chargelore.tui.desk import Desk
from chargelore.tui.frames.view import Frames
from chargelore.tui.lines.jumps import name_of


class CaseFrames:
    """Lives as long as its screen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._frames: Frames | None = None

    def rows(self, case: Case) -> Sequence[Signal]:
        """All signals so far of the charger of a case; those at hand where no more is kept, or it cannot be read."""
        try:
            return self._kept(case.charger.id, len(case.signals)) or case.signals
        except ChargeloreError:
            return case.signals

    def of(self, charger: str) -> Sequence[Signal]:
        """All that is kept of a charger. StoreError when it cannot be read."""
        return self._kept(charger, 0) or ()

    def _kept(self, charger: str, least: int) -> Sequence[Signal] | None:
        source = self._desk.frames(charger, least)
        if source is None:
            return None
        if self._frames is None or self._frames.source is not source:
            self._frames = Frames(source)
        return self._frames.now()


def used_in(case: Case) -> frozenset[str]:
    """The signals that rules of the case stand on, by name."""
    return frozenset(name_of(signal) for firing in case.firings for signal in firing.signals)


def fired_in(case: Case) -> frozenset[str]:
    """The signals at which rules of the case fired, by name."""
    return frozenset(name_of(firing.signals[-1]) for firing in case.firings if firing.signals)
